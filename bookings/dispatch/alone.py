"""Bookings worked off one by one, so that one that crashes stops nobody but itself."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import structlog
from django.db import DatabaseError, connection, transaction

log = structlog.get_logger(__name__)


def each_alone(ids: Iterable[int], act: Callable[[int], bool | int]) -> int:
    """Each key is acted on in a transaction of its own. Answers the sum of what the acts gave.

    A crash rolls back its own booking only, is logged with the booking's key, and the next one is taken. A lost
    database is nobody's crash: it is raised.
    """
    total = 0
    for key in ids:
        with crash_contained(booking=key):
            total += act(key)
    return total


@contextmanager
def crash_contained(**facts: object) -> Iterator[None]:
    """A transaction that a crash rolls back and ends quietly, logged with the facts."""
    try:
        with transaction.atomic():
            yield
    except Exception as error:
        if isinstance(error, DatabaseError) and not connection.is_usable():
            raise
        log.exception("booking_crashed", **facts)
