"""When a point is open: weekly hours less closures. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from homeservice.kernel import clock

Period = tuple[datetime, datetime]


def less(open_periods: Iterable[Period], closures: Iterable[Period]) -> list[Period]:
    """The open periods without what the closures cover; each is `[start, end)` and none is empty."""
    left = list(open_periods)
    for begins, ends in closures:
        left = [
            part
            for start, end in left
            for part in ((start, min(end, begins)), (max(start, ends), end))
            if part[0] < part[1]
        ]
    return left


def covers(open_periods: Iterable[Period], period: Period) -> bool:
    """Whether the whole of a period lies in one open period."""
    return any(start <= period[0] and period[1] <= end for start, end in open_periods)


@dataclass(frozen=True, slots=True)
class Opening:
    """How a point stands at an instant: its hours of that day, and when that changes next.

    `closes_at` is set while it is open, `opens_at` while it is closed and known to open again.
    """

    today: tuple[Period, ...] = ()
    closes_at: datetime | None = None
    opens_at: datetime | None = None

    @property
    def open_now(self) -> bool:
        return self.closes_at is not None


def opening_at(open_periods: Sequence[Period], at: datetime) -> Opening:
    """The opening at an instant, from open periods in order that begin with that day."""
    day = clock.local_day(at)
    today = tuple(period for period in open_periods if clock.local_day(period[0]) == day)
    closes_at = next((end for start, end in open_periods if start <= at < end), None)
    later = next((start for start, _ in open_periods if start > at), None)
    return Opening(today, closes_at, None if closes_at else later)
