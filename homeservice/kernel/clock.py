"""The only place that reads the clock. Rules and actions take the instant as `at`.

Instants are aware UTC; wall-clock rules (opening hours, holidays, "today") use Asia/Shanghai.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
SLOT_MIN = 30

_frozen_at: ContextVar[datetime | None] = ContextVar("frozen_at", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _frozen_at.get() or datetime.now(UTC)


def today() -> date:
    """The present day in Guangdong."""
    return local_day(now())


def local_day(at: datetime) -> date:
    """The Shanghai calendar day that the instant falls on."""
    return at.astimezone(SHANGHAI).date()


def local(at: datetime) -> datetime:
    """The same instant with Shanghai's wall clock."""
    return at.astimezone(SHANGHAI)


def at_local(day: date, wall: time) -> datetime:
    """The instant (UTC) at which Shanghai's wall clock shows `wall` on `day`."""
    return datetime.combine(day, wall, SHANGHAI).astimezone(UTC)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The half-open period [midnight, next midnight) of a Shanghai day, as UTC instants."""
    return at_local(day, time.min), at_local(day + timedelta(days=1), time.min)


def on_grid(at: datetime) -> bool:
    """Whether the instant lies on the half-hour grid that bookings start on."""
    return at.second == 0 and at.microsecond == 0 and at.minute % SLOT_MIN == 0


@contextmanager
def frozen(at: datetime) -> Iterator[datetime]:
    """Within the block `now()` answers `at`: for tests and for building a demo world."""
    token = _frozen_at.set(at.astimezone(UTC))
    try:
        yield at
    finally:
        _frozen_at.reset(token)
