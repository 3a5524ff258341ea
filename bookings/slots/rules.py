"""When a worker can start: arithmetic on half-hour grids, pure and without a clock.

A grid's moments are counted in minutes from its first midnight (Guangdong has no daylight saving);
a set of starts is one integer with a bit for each half-hour, so that unions and differences over many
workers are single machine operations.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from homeservice.kernel.clock import SLOT_MIN, day_bounds
from homeservice.kernel.geo import distance_m, travel_min
from providers.workers.rules import Limits

DAY_MIN = 24 * 60
WEEK = 7
BESIDE = timedelta(days=1)  # an engagement farther from the grid than a day takes no start of it


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
    """A live assignment in a worker's diary: the visit's start, the end of its clean-up, its place, and the
    visit's own end, where the time that counts as work is asked for."""

    starts_at: datetime
    free_at: datetime
    lat: float
    lon: float
    ends_at: datetime | None = None

    @property
    def worked(self) -> tuple[datetime, datetime]:
        """What counts against the limits of working time: the visit, without way and clean-up."""
        return self.starts_at, self.ends_at or self.free_at


@dataclass(frozen=True, slots=True)
class Diary:
    """What one worker's days are made of: working periods, leaves, engagements (each `[start, end)`).

    `limits` holds the limits of working time of each day of the grid; empty: none are asked. Engagements then
    reach over the whole weeks around the grid and the days beside them.
    """

    worker_id: int
    lat: float
    lon: float
    transport: str
    working: tuple[tuple[datetime, datetime], ...]
    leaves: tuple[tuple[datetime, datetime], ...] = ()
    engagements: tuple[Engagement, ...] = ()
    limits: tuple[Limits, ...] = ()

    def travel_to(self, other: Engagement, errand: Errand) -> int:
        """Minutes between an engagement's place and the errand's."""
        return travel_min(distance_m(other.lat, other.lon, errand.lat, errand.lon), self.transport)


def free_starts(grid: Grid, diary: Diary, errand: Errand, qualified: Iterable[tuple[date, date]]) -> int:
    """The set of starts at which this worker could serve the errand.

    The whole visit lies in one working period; it touches no leave; before and after each engagement
    there is time to clear up and travel; the day lies in a qualified period `[first, end)`; and no limit
    of working time is broken.
    """
    minutes, cleanup = errand.minutes, errand.cleanup_min
    begins_before, ends_after = grid.origin - BESIDE, grid.end + BESIDE
    starts = 0
    for begins, ends in diary.working:
        starts |= grid.mask(grid.minute(begins), grid.minute(ends) - minutes)
    qualified_starts = 0
    for first, end in qualified:
        qualified_starts |= grid.mask(_midnight(grid, first), _midnight(grid, end) - 1)
    starts &= qualified_starts
    for begins, ends in diary.leaves:
        starts &= ~grid.mask(grid.minute(begins) - minutes + 1, grid.minute(ends) - 1)
    if diary.limits:
        starts &= _within_limits(grid, diary, minutes)
    for other in diary.engagements:
        if other.free_at <= begins_before or other.starts_at >= ends_after:
            continue  # asked for the limits only
        travel = diary.travel_to(other, errand)
        too_late = grid.minute(other.starts_at) - travel - cleanup - minutes
        starts &= ~grid.mask(too_late + 1, grid.minute(other.free_at) + travel - 1)
    return starts


class DayLoad(NamedTuple):
    """What a worker works on one day: minutes in all, and the first and last of them in the grid's count."""

    minutes: int
    first: int
    last: int


def _within_limits(grid: Grid, diary: Diary, minutes: int) -> int:
    """The starts at which so many minutes more break no limit: `why_not_load` for all half-hours at once."""
    loads = loads_by_day(grid, diary.engagements)
    starts = 0
    for day, limits in enumerate(diary.limits):
        window = permitted_window(grid, day, loads, limits, minutes)
        if window:
            starts |= grid.mask(*window)
    return starts


def loads_by_day(grid: Grid, engagements: Sequence[Engagement]) -> dict[int, DayLoad]:
    """Each day's load, by days from the grid's first one. An engagement counts for the day it begins on."""
    loads: dict[int, DayLoad] = {}
    for one in engagements:
        first, last = (grid.minute(moment) for moment in one.worked)
        known = loads.get(first // DAY_MIN, DayLoad(0, first, last))
        loads[first // DAY_MIN] = DayLoad(known.minutes + last - first, min(known.first, first), max(known.last, last))
    return loads


def permitted_window(
    grid: Grid, day: int, loads: Mapping[int, DayLoad], limits: Limits, minutes: int
) -> tuple[int, int] | None:
    """The first and the last start on the grid's day (in minutes) at which so much work leaves every limit whole,
    or None."""
    own, monday = loads.get(day), day - (grid.first_day.weekday() + day) % WEEK
    week = [loads[one] for one in range(monday, monday + WEEK) if one in loads]
    too_long = (own.minutes if own else 0) + minutes > limits.daily_min
    if too_long or sum(one.minutes for one in week) + minutes > limits.weekly_min:
        return None
    if own is None and len(week) >= WEEK - limits.rest_days:
        return None
    first, last = day * DAY_MIN, (day + 1) * DAY_MIN - 1
    if before := loads.get(day - 1):
        first = max(first, before.last + limits.rest_min)
        if own and own.first < first:
            return None
    if after := loads.get(day + 1):
        rests_from = after.first - limits.rest_min
        if own and own.last > rests_from:
            return None
        last = min(last, rests_from - minutes)
    return first, last


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
