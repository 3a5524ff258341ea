"""Waking work that already lies in the database as rows.

A task is addressed by name, so a lower feature can wake a higher one without importing it
(`tests/architecture` checks that each name and its arguments exist). Losing the message delays
the work until the next sweep; it never loses it.
"""

from typing import Any

import structlog
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)

WAKE_TTL_S = 30


def wake(task_name: str, *, queue: str = "celery", **kwargs: Any) -> None:
    """After the current transaction commits, send one message for the task. Safe outside one, too."""
    transaction.on_commit(lambda: _try_send(task_name, queue=queue, **kwargs), robust=True)


def wake_shard(task_name: str, shard: str) -> None:
    """Like `wake`, for a city's shard, and only once until that shard's task has begun.

    The task must call `shard_woken` before it claims rows, so that whatever commits after the
    claim sends a message of its own.
    """
    transaction.on_commit(lambda: _send_once(task_name, shard), robust=True)


def shard_woken(task_name: str, shard: str) -> None:
    """Forget the debounce mark: from here on a placement wakes the shard again."""
    cache.delete(_wake_key(task_name, shard))


def send(task_name: str, *, queue: str = "celery", **kwargs: Any) -> None:
    """Send one message now. Raises kombu's `OperationalError` if the broker cannot be reached."""
    current_app.send_task(task_name, kwargs=kwargs, queue=queue, ignore_result=True)


def shard_queue(shard: str) -> str:
    """The queue of a city's shard: one for all in the embedded default, one a city in production."""
    return f"dispatch.{shard}" if settings.QUEUE_PER_CITY else "dispatch"


def _send_once(task_name: str, shard: str) -> None:
    mark = _wake_key(task_name, shard)
    if cache.add(mark, 1, timeout=WAKE_TTL_S) and not _try_send(task_name, queue=shard_queue(shard), shard=shard):
        cache.delete(mark)


def _try_send(task_name: str, *, queue: str, **kwargs: Any) -> bool:
    """Whether the message is on its way. The row that it speaks of is committed: a sweep finds it without."""
    try:
        send(task_name, queue=queue, **kwargs)
    except OperationalError as error:
        log.warning("wake_lost", task=task_name, error=str(error))
        return False
    return True


def _wake_key(task_name: str, shard: str) -> str:
    return f"wake:{task_name}:{shard}"
