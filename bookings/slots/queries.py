"""Free times near an address, read in a fixed number of queries however many workers and days."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.db.models import Q

from bookings.lifecycle.models import Assignment
from bookings.menus.models import MenuEntry, Sitting
from bookings.slots.rules import Diary, Engagement, Errand, Grid, free_starts, nearest_to, starts_of_crew
from communities.points.queries import closures_of, open_periods
from homeservice.kernel.clock import at_local, day_bounds, local_day
from homeservice.kernel.geo import distance_m
from homeservice.kernel.vocabulary import Place
from providers.credentials.queries import qualified_periods
from providers.credentials.rules import DAY, ORDINARY, Context
from providers.workers.models import Leave, Worker, WorkingHours
from providers.workers.queries import relation_limits_by_day
from providers.workers.rules import PLATFORM_LIMITS, Limits, lower_limits

HORIZON_DAYS = 14
Periods = Iterable[tuple[datetime, datetime]]


@dataclass(frozen=True, slots=True)
class Ask:
    """What a resident wants: an entry of a menu, how much of it, where, and the gate's circumstances."""

    entry: MenuEntry
    quantity: int
    lat: float
    lon: float
    context: Context = ORDINARY

    @property
    def minutes(self) -> int:
        return self.entry.listing.item.minutes_for(self.quantity)

    @property
    def place(self) -> tuple[float, float]:
        """Where the service is given: at the home, or at the entry's point."""
        point = self.entry.point
        return (point.lat, point.lon) if self.entry.listing.item.place == Place.POINT else (self.lat, self.lon)

    @property
    def errand(self) -> Errand:
        return Errand(*self.place, self.minutes, self.entry.listing.item.cleanup_min)


@dataclass(frozen=True, slots=True)
class DaySlots:
    """One day of the strip and the times that are free on it."""

    day: date
    times: tuple[datetime, ...]


def free_times(ask: Ask, *, first_day: date, days: int, at: datetime) -> list[datetime]:
    """The starts at which the ask can be served, in order: lead time kept, the point not closed,
    enough qualified and free workers of the entry's enterprise in reach, or places left at a sitting."""
    grid = Grid(first_day, days)
    if not ask.entry.listing.item.needs_worker:
        return _free_sittings(ask, grid, at)
    crew = crews(ask, grid)
    starts = starts_of_crew(list(crew.values()), ask.entry.listing.item.crew_size)
    return grid.slots(starts & allowed_starts(ask, grid, at))


def day_slots(ask: Ask, *, at: datetime, first_day: date | None = None, days: int = HORIZON_DAYS) -> list[DaySlots]:
    """The free times day by day, with a row for each day even if nothing is free on it."""
    first = first_day or local_day(at)
    by_day = {
        day: tuple(times) for day, times in groupby(free_times(ask, first_day=first, days=days, at=at), local_day)
    }
    return [DaySlots(day, by_day.get(day, ())) for day in (first + timedelta(days=n) for n in range(days))]


def crews(ask: Ask, grid: Grid) -> dict[int, int]:
    """For each worker who may ever serve the ask, the set of starts at which they could."""
    listing = ask.entry.listing
    workers = workers_in_reach(listing.enterprise_id, listing.item.kind_id, *ask.place)
    spans = qualified_periods(
        [worker.pk for worker in workers], listing.item, grid.first_day, local_day(grid.end), ask.context
    )
    able = [worker for worker in workers if spans[worker.pk]]
    return {
        diary.worker_id: free_starts(grid, diary, ask.errand, spans[diary.worker_id]) for diary in diaries(able, grid)
    }


def workers_in_reach(enterprise_id: int, kind_id: str, lat: float, lon: float) -> list[Worker]:
    """Admitted workers of the enterprise who do this kind and whose radius covers the place. One query."""
    bound = Worker.objects.filter(enterprise=enterprise_id, state=Worker.State.ADMITTED, kinds__kind=kind_id)
    columns = ("lat", "lon", "transport", "service_radius_m", "relation", "daily_limit_min", "weekly_limit_min")
    return [
        worker
        for worker in bound.only(*columns).order_by("pk")
        if distance_m(worker.lat, worker.lon, lat, lon) <= worker.service_radius_m
    ]


def diaries(workers: Sequence[Worker], grid: Grid) -> list[Diary]:
    """The workers' diaries over the grid's days, with what they work in its whole weeks. Four queries."""
    ids = [worker.pk for worker in workers]
    hours = _working_periods(ids, grid)
    leaves = _leaves(ids, grid)
    engagements = engagements_of(ids, *weeks_around(grid.first_day, local_day(grid.end) - DAY))
    limits = relation_limits_by_day(grid.first_day, grid.days)
    return [
        Diary(
            worker_id=worker.pk, lat=worker.lat, lon=worker.lon, transport=worker.transport,
            working=tuple(hours[worker.pk]), leaves=tuple(leaves[worker.pk]),
            engagements=tuple(engagements[worker.pk]), limits=limits_by_day(worker, limits),
        )
        for worker in workers
    ]  # fmt: skip


def limits_by_day(worker: Worker, of_relations: Sequence[dict[str, Limits]]) -> tuple[Limits, ...]:
    """The worker's limits of each day: those of their relation, lowered by their own."""
    of_days = [of_relation.get(worker.relation, PLATFORM_LIMITS) for of_relation in of_relations]
    lowered = {one: lower_limits(one, worker.daily_limit_min, worker.weekly_limit_min) for one in set(of_days)}
    return tuple(lowered[one] for one in of_days)


def weeks_around(first_day: date, last_day: date) -> tuple[datetime, datetime]:
    """The period that limits of working time look at: whole weeks, Monday to Sunday, and the days beside them."""
    monday = first_day - timedelta(days=first_day.weekday())
    sunday = last_day + timedelta(days=6 - last_day.weekday())
    return day_bounds(monday - DAY)[0], day_bounds(sunday + DAY)[1]


def engagements_of(
    worker_ids: Collection[int], begins: datetime, ends: datetime, *, but_visit: int | None = None
) -> dict[int, list[Engagement]]:
    """Live assignments that touch the period, in order of time."""
    live = Assignment.objects.exclude(state=Assignment.State.RELEASED).exclude(visit=but_visit)
    rows = live.filter(worker__in=worker_ids, busy_from__lt=ends, busy_until__gt=begins).order_by("busy_from", "pk")
    found: dict[int, list[Engagement]] = defaultdict(list)
    columns = ("worker_id", "visit__starts_at", "busy_until", "visit__lat", "visit__lon", "visit__ends_at")
    for worker_id, *engagement in rows.values_list(*columns):
        found[worker_id].append(Engagement(*engagement))
    return found


def allowed_starts(ask: Ask, grid: Grid, at: datetime) -> int:
    """The starts that the clock and the point allow: after the lead time, while the point is not closed;
    what is given at the point must lie inside its opening hours."""
    item = ask.entry.listing.item
    earliest = grid.minute(at + timedelta(minutes=item.lead_time_min, microseconds=-1)) + 1  # rounded up
    starts = grid.mask(earliest, grid.days * 24 * 60)
    if item.place == Place.POINT:
        periods = open_periods([ask.entry.point_id], grid.first_day, local_day(grid.end))
        return starts & _inside(grid, periods.get(ask.entry.point_id, ()), ask.minutes)
    for begins, ends in closures_of([ask.entry.point_id], grid.first_day, local_day(grid.end))[ask.entry.point_id]:
        starts &= ~grid.mask(grid.minute(begins) - ask.minutes + 1, grid.minute(ends) - 1)
    return starts


def _inside(grid: Grid, periods: Periods, minutes: int) -> int:
    starts = 0
    for begins, ends in periods:
        starts |= grid.mask(grid.minute(begins), grid.minute(ends) - minutes)
    return starts


def _clipped(period: object, grid: Grid) -> tuple[datetime, datetime]:
    """A range's ends, an open end being the grid's own."""
    lower, upper = getattr(period, "lower", None), getattr(period, "upper", None)
    return lower or grid.origin - timedelta(days=1), upper or grid.end + timedelta(days=1)


def _free_sittings(ask: Ask, grid: Grid, at: datetime) -> list[datetime]:
    """Starts of the entry's sittings with enough places left, in the point's opening hours."""
    entry, item = ask.entry, ask.entry.listing.item
    earliest = at + timedelta(minutes=item.lead_time_min)
    days = [grid.first_day + timedelta(days=n) for n in range(grid.days)]
    starts = sorted(at_local(day, wall) for day in days for wall in entry.sittings)
    counts = Sitting.objects.filter(entry=entry, starts_at__range=(grid.origin, grid.end))
    taken = {row.starts_at: row.taken for row in counts}
    periods = open_periods([entry.point_id], grid.first_day, local_day(grid.end)).get(entry.point_id, ())
    return [
        start
        for start in starts
        if start >= earliest
        and taken.get(start, 0) + ask.quantity <= (entry.capacity or 0)
        and any(begins <= start and start + timedelta(minutes=ask.minutes) <= ends for begins, ends in periods)
    ]


def _working_periods(worker_ids: Sequence[int], grid: Grid) -> dict[int, list[tuple[datetime, datetime]]]:
    midnights = defaultdict(list)
    for n in range(-1, grid.days):
        day = grid.first_day + timedelta(days=n)
        midnights[day.weekday()].append(grid.origin + timedelta(days=n))
    found: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    rows = WorkingHours.objects.filter(worker__in=worker_ids).order_by("worker", "weekday", "starts")
    for worker_id, weekday, starts, ends in rows.values_list("worker_id", "weekday", "starts", "ends"):
        begin, end = _since_midnight(starts), _since_midnight(ends)
        found[worker_id] += [(midnight + begin, midnight + end) for midnight in midnights[weekday]]
    return found


def _since_midnight(wall: time) -> timedelta:
    return timedelta(hours=wall.hour, minutes=wall.minute, seconds=wall.second)


def _leaves(worker_ids: Sequence[int], grid: Grid) -> dict[int, list[tuple[datetime, datetime]]]:
    found: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    rows = Leave.objects.filter(worker__in=worker_ids, period__overlap=(grid.origin, grid.end))
    for worker_id, period in rows.order_by("worker", "period", "pk").values_list("worker_id", "period"):
        found[worker_id].append(_clipped(period, grid))
    return found


def alternatives(ask: Ask, wanted: datetime, *, at: datetime, limit: int = 4) -> list[datetime]:
    """The free times nearest to the wanted one, within three days of it and not in the past."""
    first = max(local_day(at), local_day(wanted) - timedelta(days=3))
    return nearest_to(wanted, free_times(ask, first_day=first, days=7, at=at), limit)


def other_entries(ask: Ask, *, limit: int = 5) -> list[MenuEntry]:
    """The same item on other menus, nearest point first: what else is possible when nobody is free."""
    entry = ask.entry
    others = MenuEntry.objects.on_offer().filter(item_code=entry.item_code).exclude(pk=entry.pk)
    near = others.select_related("point", "listing__enterprise", "listing__item").filter(
        Q(point__lat__range=(ask.lat - 0.05, ask.lat + 0.05)) & Q(point__lon__range=(ask.lon - 0.05, ask.lon + 0.05))
    )
    reach = [(distance_m(row.point.lat, row.point.lon, ask.lat, ask.lon), row.pk, row) for row in near]
    return [row for metres, _pk, row in sorted(reach, key=lambda one: one[:2]) if metres <= row.point.reach_m][:limit]


def for_entry(ask: Ask, entry: MenuEntry) -> Ask:
    """The same wish at another menu entry."""
    return replace(ask, entry=entry)
