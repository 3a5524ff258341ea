"""When a worker can start: arithmetic on half-hour grids, pure and without a clock.

A grid's moments are counted in minutes from its first midnight (Guangdong has no daylight saving);
a set of starts is one integer with a bit for each half-hour, so that unions and differences over many
workers are single machine operations.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from homeservice.kernel.clock import SLOT_MIN, day_bounds
from homeservice.kernel.geo import distance_m, travel_min

DAY_MIN = 24 * 60


@dataclass(frozen=True, slots=True)
class Grid:
    """Half-hours of `days` days from `first_day` on."""

    first_day: date
    days: int
    origin: datetime = field(init=False, compare=False)  # the first midnight; asked some twenty times a worker

    def __post_init__(self) -> None:
        object.__setattr__(self, "origin", day_bounds(self.first_day)[0])

    @property
    def end(self) -> datetime:
        return self.origin + timedelta(days=self.days)

    def minute(self, at: datetime) -> int:
        """Minutes from the grid's beginning, rounded down; negative before it."""
        return int((at - self.origin).total_seconds() // 60)

    def instant(self, slot: int) -> datetime:
        return self.origin + timedelta(minutes=slot * SLOT_MIN)

    def mask(self, first_min: int, last_min: int) -> int:
        """The starts s (in minutes) with first_min <= s <= last_min."""
        low = max(-(-first_min // SLOT_MIN), 0)
        high = min(last_min // SLOT_MIN, self.days * DAY_MIN // SLOT_MIN - 1)
        return ((1 << (high - low + 1)) - 1) << low if high >= low else 0

    def slots(self, starts: int) -> list[datetime]:
        """The instants of a set of starts, in order."""
        found = []
        while starts:
            lowest = starts & -starts
            found.append(self.instant(lowest.bit_length() - 1))
            starts ^= lowest
        return found


@dataclass(frozen=True, slots=True)
class Errand:
    """A visit that is asked for: where, how long, and how long the worker clears up after it."""

    lat: float
    lon: float
    minutes: int
    cleanup_min: int


@dataclass(frozen=True, slots=True)
class Engagement:
    """A live assignment in a worker's diary: the visit's start, the end of its clean-up, and its place."""

    starts_at: datetime
    free_at: datetime
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Diary:
    """What one worker's days are made of: working periods, leaves, engagements (each `[start, end)`)."""

    worker_id: int
    lat: float
    lon: float
    transport: str
    working: tuple[tuple[datetime, datetime], ...]
    leaves: tuple[tuple[datetime, datetime], ...] = ()
    engagements: tuple[Engagement, ...] = ()

    def travel_to(self, other: Engagement, errand: Errand) -> int:
        """Minutes between an engagement's place and the errand's."""
        return travel_min(distance_m(other.lat, other.lon, errand.lat, errand.lon), self.transport)


def free_starts(grid: Grid, diary: Diary, errand: Errand, qualified: Iterable[tuple[date, date]]) -> int:
    """The set of starts at which this worker could serve the errand.

    The whole visit lies in one working period; it touches no leave; before and after each engagement
    there is time to clear up and travel; and the day lies in a qualified period `[first, end)`.
    """
    minutes, cleanup = errand.minutes, errand.cleanup_min
    starts = 0
    for begins, ends in diary.working:
        starts |= grid.mask(grid.minute(begins), grid.minute(ends) - minutes)
    qualified_starts = 0
    for first, end in qualified:
        qualified_starts |= grid.mask(_midnight(grid, first), _midnight(grid, end) - 1)
    starts &= qualified_starts
    for begins, ends in diary.leaves:
        starts &= ~grid.mask(grid.minute(begins) - minutes + 1, grid.minute(ends) - 1)
    for other in diary.engagements:
        travel = diary.travel_to(other, errand)
        too_late = grid.minute(other.starts_at) - travel - cleanup - minutes
        starts &= ~grid.mask(too_late + 1, grid.minute(other.free_at) + travel - 1)
    return starts


def starts_of_crew(sets: Sequence[int], crew_size: int) -> int:
    """The starts at which at least `crew_size` of the workers are free."""
    at_least = [0] * crew_size  # at_least[k] holds the starts with more than k workers seen so far
    for starts in sets:
        for k in range(crew_size - 1, 0, -1):
            at_least[k] |= at_least[k - 1] & starts
        at_least[0] |= starts
    return at_least[-1] if crew_size else 0


def nearest_to(wanted: datetime, free: Iterable[datetime], limit: int = 4) -> list[datetime]:
    """The free times nearest to the wanted one, in order of time."""
    closest = sorted(free, key=lambda at: (abs(at - wanted), at))[:limit]
    return sorted(closest)


def _midnight(grid: Grid, day: date) -> int:
    return (day - grid.first_day).days * DAY_MIN
