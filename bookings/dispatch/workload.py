"""Which workers a visit would take beyond their limits of working time, for a whole batch in three queries."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bookings.lifecycle.models import Booking
from bookings.slots.queries import engagements_of, limits_by_day, weeks_around
from bookings.slots.rules import DayLoad, Engagement, Grid, loads_by_day, permitted_window
from homeservice.kernel.clock import local_day
from providers.workers.models import Worker
from providers.workers.queries import relation_limits_by_day
from providers.workers.rules import Limits, why_not_load


@dataclass(frozen=True, slots=True)
class Workload:
    """What one worker works in the weeks around the batch, and how much they may on each of its days."""

    grid: Grid
    limits: tuple[Limits, ...]
    engagements: Sequence[Engagement]
    loads: Mapping[int, DayLoad]
    windows: dict[tuple[int, int], tuple[int, int] | None] = field(default_factory=dict)

    def why_not(self, starts_at: datetime, ends_at: datetime) -> str:
        """The code of the limit that the visit would break, or nothing."""
        day = (local_day(starts_at) - self.grid.first_day).days
        minutes = (ends_at - starts_at) // timedelta(minutes=1)
        window = self._window(day, minutes)
        if window and window[0] <= self.grid.minute(starts_at) <= window[1]:
            return ""
        worked = [one.worked for one in self.engagements]
        return why_not_load(self.limits[day], worked, (starts_at, ends_at)) or ""

    def _window(self, day: int, minutes: int) -> tuple[int, int] | None:
        """Remembered: a batch holds many visits alike."""
        if (day, minutes) not in self.windows:
            window = permitted_window(self.grid, day, self.loads, self.limits[day], minutes)
            self.windows[day, minutes] = window
        return self.windows[day, minutes]


def over_limits(candidates: Mapping[Booking, Collection[int]]) -> dict[tuple[int, int], str]:
    """For (booking, worker) the code of the limit that the visit would break; nothing for those who may.

    Not asked for workers whose time the visit holds: it was within the limits when it was taken, and whatever
    was taken later counted it in.
    """
    workers = {worker for able in candidates.values() for worker in able}
    loads = _workloads(workers, [local_day(booking.starts_at) for booking in candidates]) if workers else {}
    found = {
        (booking.pk, worker): loads[worker].why_not(booking.starts_at, booking.ends_at)
        for booking, able in candidates.items()
        for worker in able
    }
    return {pair: code for pair, code in found.items() if code}


def _workloads(workers: Collection[int], days: Sequence[date]) -> dict[int, Workload]:
    grid = Grid(min(days), (max(days) - min(days)).days + 1)
    of_relations = relation_limits_by_day(grid.first_day, grid.days)
    engaged = engagements_of(workers, *weeks_around(min(days), max(days)))
    people = Worker.objects.filter(pk__in=workers).only("relation", "daily_limit_min", "weekly_limit_min")
    return {
        one.pk: Workload(
            grid, limits_by_day(one, of_relations), engaged.get(one.pk, ()), loads_by_day(grid, engaged.get(one.pk, ()))
        )
        for one in people
    }
