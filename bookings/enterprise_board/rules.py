"""Weeks, and what is free in a worker's day. Pure."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from homeservice.kernel.clock import SLOT_MIN

Period = tuple[datetime, datetime]

WEEK_DAYS = 7
SHORTEST_GAP = timedelta(minutes=60)  # less than an hour is no gap that could be sold


def week_of(day: date) -> list[date]:
    """Monday to Sunday of the day's week."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=n) for n in range(WEEK_DAYS)]


def free_gaps(working: Iterable[Period], taken: Iterable[Period], *, after: datetime) -> list[Period]:
    """The parts of the working periods that nothing takes, from the first half-hour `after` on, an hour long at
    least, in order."""
    first = next_half_hour(after)
    free = [(max(begins, first), ends) for begins, ends in working]
    for busy in taken:
        free = [part for period in free for part in _without(period, busy)]
    return sorted(period for period in free if period[1] - period[0] >= SHORTEST_GAP)


def next_half_hour(at: datetime) -> datetime:
    """The instant itself on the grid that bookings start on, else the next one of it."""
    return at + (-(at - datetime.min.replace(tzinfo=UTC)) % timedelta(minutes=SLOT_MIN))


def _without(period: Period, busy: Period) -> Sequence[Period]:
    parts = (period[0], min(period[1], busy[0])), (max(period[0], busy[1]), period[1])
    return [part for part in parts if part[0] < part[1]]
