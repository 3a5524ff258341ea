"""A request that is sent twice does its work once and gets the same answer."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext as _
from psycopg2 import errors as postgres

from homeservice.foundation.models import IdempotencyKey
from homeservice.kernel.errors import DomainError

KEY_MAX = 80
WAIT_MS = 10_000

type_answer = tuple[int, Any]


@transaction.atomic
def answer_once(
    *, owner_id: int, key: str, request_bytes: bytes, at: datetime, do: Callable[[], type_answer]
) -> tuple[int, Any, bool]:
    """(status, body, replayed): what `do()` answers, or what it answered when this key came first.

    The key, the work of `do()` and its answer are one transaction. A second request that comes while the
    first one runs waits at the key's unique index for up to 10 s: it replays the answer if the first one
    commits, and does the work itself if that one failed. So a refusal is not remembered, and `do()` may
    raise. `request_bytes` is all that makes up the request (method, path and body).

    Raises `idempotency_key_invalid`, `idempotency_key_reused` (same key, other request) and
    `idempotency_key_in_use` (the first one still runs).
    """
    if not (0 < len(key) <= KEY_MAX and key.isascii() and key.isprintable()):
        raise DomainError("idempotency_key_invalid", _("An Idempotency-Key has 1 to 80 plain characters."))
    digest = sha256(request_bytes).hexdigest()
    claimed = _claim(owner_id, key, digest, at)
    if claimed is None:
        return _replay(owner_id, key, digest)
    claimed.status, claimed.answer = do()
    claimed.save(update_fields=["status", "answer"])
    return claimed.status, claimed.answer, False


def _claim(owner_id: int, key: str, digest: str, at: datetime) -> IdempotencyKey | None:
    """The new row, which locks its key until the transaction ends; None if the key has been answered."""
    try:
        with transaction.atomic():
            _wait_at_most(WAIT_MS)
            claimed = IdempotencyKey.objects.create(owner_id=owner_id, key=key, request_sha256=digest, created_at=at)
            _wait_at_most(0)
    except IntegrityError:
        return None
    except OperationalError as error:
        if isinstance(error.__cause__, postgres.LockNotAvailable):
            raise DomainError("idempotency_key_in_use", _("The same request is still being worked on.")) from error
        raise
    return claimed


def _replay(owner_id: int, key: str, digest: str) -> tuple[int, Any, bool]:
    answered = IdempotencyKey.objects.get(owner_id=owner_id, key=key)
    if answered.request_sha256 != digest or answered.status is None:
        raise DomainError("idempotency_key_reused", _("This Idempotency-Key was used for another request."))
    return answered.status, answered.answer, True


def _wait_at_most(milliseconds: int) -> None:
    """Bound waiting for locks until the end of this (sub)transaction; 0 is without end, as by default."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [str(milliseconds)])
