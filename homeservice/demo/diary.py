"""Who visits whom: invented visits that hold together — free workers, valid papers, real ways between homes."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from bookings.menus.models import MenuEntry
from bookings.slots.rules import Diary, Engagement, Errand, Grid, free_starts
from communities.accounts.models import Household
from homeservice.kernel.clock import at_local
from homeservice.kernel.geo import distance_m
from providers.credentials.models import Credential
from providers.credentials.queries import gaps_of
from providers.workers.models import Leave, Worker, WorkerKind, WorkingHours

STARTS = [time(8, 30), time(9), time(10, 30), time(13, 30), time(14), time(15, 30), time(16), time(18)]
WANTED = {"CL01": 9, "CK01": 6, "EL01": 6, "CL02": 3, "RE01": 4, "RE04": 3, "EL10": 3, "CH04": 3, "EL07": 5, "EL17": 2}
NEAR_POINTS = 3
TRIES = 40


@dataclass(frozen=True, slots=True)
class Planned:
    """One visit to be: whose home, which entry, when, by whom (nobody for a seat)."""

    home: Household
    entry: MenuEntry
    quantity: int
    starts_at: datetime
    ends_at: datetime
    workers: tuple[Worker, ...]


class Roster:
    """The workers' diaries while they are being filled. Starts from what the tables hold."""

    def __init__(self, workers: Sequence[Worker], today: date) -> None:
        self.by_firm_and_kind: dict[tuple[int | None, str], list[Worker]] = defaultdict(list)
        blocked = {key for key, gaps in gaps_of([worker.pk for worker in workers], today).items() if gaps.blocking}
        known = {worker.pk: worker for worker in workers if worker.pk not in blocked}
        for worker_id, kind in WorkerKind.objects.order_by("pk").values_list("worker_id", "kind_id"):
            if worker_id in known:
                self.by_firm_and_kind[known[worker_id].enterprise_id, kind].append(known[worker_id])
        self.hours: dict[tuple[int, int], list[tuple[time, time]]] = defaultdict(list)
        for worker_id, weekday, starts, ends in WorkingHours.objects.values_list(
            "worker_id", "weekday", "starts", "ends"
        ):
            self.hours[worker_id, weekday].append((starts, ends))
        self.on_leave = {leave.worker_id: leave.period for leave in Leave.objects.all()}
        ending = Credential.objects.filter(worker__isnull=False, valid_until__isnull=False)
        self.papers_end: dict[int, date] = {}
        for worker_id, until in ending.values_list("worker_id", "valid_until"):
            self.papers_end[worker_id] = min(until, self.papers_end.get(worker_id, date.max))
        self.engaged: dict[tuple[int, date], list[Engagement]] = defaultdict(list)

    def crew(
        self, entry: MenuEntry, home: Household, starts_at: datetime, day: date, errand: Errand
    ) -> tuple[Worker, ...]:
        """The first free workers of the entry's enterprise, or nobody when they are too few."""
        item, found = entry.listing.item, []
        for worker in self.by_firm_and_kind[entry.listing.enterprise_id, item.kind_id]:
            if self._can(worker, home, starts_at, day, errand):
                found.append(worker)
            if len(found) == item.crew_size:
                return tuple(found)
        return ()

    def engage(self, planned: Planned, day: date) -> None:
        free_at = planned.ends_at + timedelta(minutes=planned.entry.listing.item.cleanup_min)
        for worker in planned.workers:
            here = Engagement(planned.starts_at, free_at, planned.home.lat, planned.home.lon)
            self.engaged[worker.pk, day].append(here)

    def _can(self, worker: Worker, home: Household, starts_at: datetime, day: date, errand: Errand) -> bool:
        if self.papers_end.get(worker.pk, date.max) < day or starts_at in self.on_leave.get(worker.pk, ()):
            return False
        if distance_m(worker.lat, worker.lon, home.lat, home.lon) > worker.service_radius_m:
            return False
        grid = Grid(day, 1)
        diary = Diary(
            worker.pk, worker.lat, worker.lon, worker.transport,
            tuple((at_local(day, a), at_local(day, b)) for a, b in self.hours[worker.pk, day.weekday()]),
            engagements=tuple(self.engaged[worker.pk, day]),
        )  # fmt: skip
        wanted = grid.mask(grid.minute(starts_at), grid.minute(starts_at))
        return bool(free_starts(grid, diary, errand, [(day, day + timedelta(days=1))]) & wanted)


def planned_visits(
    random: Random, *, count: int, first_day: date, days: int, homes: Sequence[Household],
    entries: Sequence[MenuEntry], roster: Roster,
) -> Iterator[Planned]:  # fmt: skip
    """`count` visits over the days, each possible as it is planned."""
    near = _entries_near(homes, entries)
    for n in range(count):
        day = first_day + timedelta(days=n * days // count)
        planned = _one(random, day, homes, near, roster)
        if planned:
            roster.engage(planned, day)
            yield planned


def _one(
    random: Random, day: date, homes: Sequence[Household], near: dict[int, list[MenuEntry]], roster: Roster
) -> Planned | None:
    for _try in range(TRIES):
        home = random.choice(homes)
        choice = near[home.pk]
        if not choice:
            continue
        entry = random.choices(choice, [WANTED.get(one.item_code, 1) for one in choice])[0]
        item = entry.listing.item
        quantity = random.choice([item.min_quantity, item.min_quantity, min(item.min_quantity + 1, item.max_quantity)])
        wall = random.choice(entry.sittings) if entry.sittings else random.choice(STARTS)
        starts_at, minutes = at_local(day, wall), item.minutes_for(quantity)
        errand = Errand(home.lat, home.lon, minutes, item.cleanup_min)
        crew = roster.crew(entry, home, starts_at, day, errand) if item.needs_worker else ()
        if crew or not item.needs_worker:
            return Planned(home, entry, quantity, starts_at, starts_at + timedelta(minutes=minutes), crew)
    return None


def _entries_near(homes: Sequence[Household], entries: Sequence[MenuEntry]) -> dict[int, list[MenuEntry]]:
    """For each home the entries of its nearest points that reach it."""
    of_point: dict[int, list[MenuEntry]] = defaultdict(list)
    for entry in entries:
        of_point[entry.point_id].append(entry)
    points = {entry.point_id: entry.point for entry in entries}
    found = {}
    for home in homes:
        by_distance = sorted(
            (distance_m(point.lat, point.lon, home.lat, home.lon), key) for key, point in points.items()
        )[:NEAR_POINTS]
        reaching = [key for metres, key in by_distance if metres <= points[key].reach_m]
        found[home.pk] = [
            entry for key in reaching for entry in of_point[key] if entry.listing.item.place == "home" or entry.capacity
        ]
    return found
