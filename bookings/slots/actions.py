"""Taking and giving back workers' time. The database has the last word on overlaps."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import OperationalError, connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from psycopg2.errors import DeadlockDetected, LockNotAvailable

from bookings.lifecycle.models import Assignment, Visit
from bookings.menus.models import MenuEntry, Sitting
from bookings.slots.queries import Ask, crews, diaries, engagements_of
from bookings.slots.rules import Engagement, Grid, free_starts
from homeservice.kernel.clock import local_day
from homeservice.kernel.errors import DomainError
from homeservice.kernel.geo import distance_m, travel_min
from providers.workers.models import Worker

LOCK_WAIT_MS = 3000
SAME_TRIP = timedelta(hours=3)  # after a longer gap the worker is thought to come from home
LONGEST_TRAVEL_MIN = 120


def slot_gone() -> DomainError:
    """What a person is told whose time somebody else has just taken."""
    return DomainError("slot_gone", _("This time has just been taken. Please choose another one."), field="starts_at")


def take_crew(
    visit: Visit,
    ask: Ask,
    *,
    at: datetime,
    state: str,
    prefer: Sequence[int] = (),
    never: Collection[int] = (),
    size: int | None = None,
) -> list[Assignment]:
    """The visit has its crew (or `size` more): the preferred, then the nearest qualified workers who are free then.

    Must run inside a transaction. Locks the chosen workers' rows in key order (waiting at most three
    seconds) and reads their diaries again under the lock; a worker who is no longer free is passed
    over for the next. Raises `slot_gone` if too few are left.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("take_crew needs the transaction that writes the booking")
    passed_over, size = set(never), size or visit.crew_size
    while True:
        free = [worker for worker in _free_workers(visit, ask) if worker.pk not in passed_over]
        if len(free) < size:
            raise slot_gone()
        chosen = _nearest(free, visit, prefer)[:size]
        try:
            with transaction.atomic():  # a savepoint: locks of a failed try are given back
                lost = _lost_to_others(chosen, visit, ask)
                if not lost:
                    return [_engage(visit, ask, worker, at=at, state=state) for worker in chosen]
                transaction.set_rollback(True)
        except OperationalError as error:
            if not isinstance(error.__cause__, (LockNotAvailable, DeadlockDetected)):
                raise
            lost = {worker.pk for worker in chosen}  # somebody else is taking their time just now
        passed_over |= lost


def _free_workers(visit: Visit, ask: Ask) -> list[Worker]:
    """Who could start exactly then, by what is committed now, papers included."""
    grid, wanted = _start_of(visit)
    free = [worker_id for worker_id, starts in crews(ask, grid).items() if starts & wanted]
    return list(Worker.objects.filter(pk__in=free).order_by("pk"))


def _start_of(visit: Visit) -> tuple[Grid, int]:
    """A grid around the visit's day, and its start as a set of one."""
    grid = Grid(local_day(visit.starts_at), 2)
    return grid, grid.mask(grid.minute(visit.starts_at), grid.minute(visit.starts_at))


def _nearest(workers: list[Worker], visit: Visit, prefer: Sequence[int]) -> list[Worker]:
    return sorted(
        workers,
        key=lambda one: (one.pk not in prefer, distance_m(one.lat, one.lon, visit.lat, visit.lon), one.pk),
    )


def _lost_to_others(chosen: list[Worker], visit: Visit, ask: Ask) -> set[int]:
    """Locks the workers, then says whose diary has no room any more. Their papers were asked before the lock."""
    lock_workers([worker.pk for worker in chosen])
    grid, wanted = _start_of(visit)
    always = [(grid.first_day, local_day(grid.end))]
    return {
        diary.worker_id for diary in diaries(chosen, grid) if not free_starts(grid, diary, ask.errand, always) & wanted
    }


def lock_workers(ids: Collection[int]) -> None:
    """Holds the workers' diaries until the transaction ends. Every writer of assignments does so first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{LOCK_WAIT_MS}ms"])
    list(Worker.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))


def _engage(visit: Visit, ask: Ask, worker: Worker, *, at: datetime, state: str) -> Assignment:
    """The worker's row must be locked. The next engagement's travel now begins here."""
    before, after = _neighbours(worker.pk, visit)
    here = Engagement(visit.starts_at, visit.ends_at, visit.lat, visit.lon)
    if after:
        Assignment.objects.exclude(state="released").filter(worker=worker, visit__starts_at=after.starts_at).update(
            busy_from=after.starts_at - _travel(here, after, worker.transport)
        )
    return Assignment.objects.create(
        visit=visit,
        worker=worker,
        state=state,
        busy_from=visit.starts_at - travel_before(worker, before, here),
        busy_until=visit.ends_at + timedelta(minutes=ask.errand.cleanup_min),
        created_at=at,
    )


def travel_before(worker: Worker, before: Engagement | None, here: Engagement) -> timedelta:
    """Travel that belongs to an engagement: from the one before it, or from home. It never reaches back
    into the one before."""
    if before and here.starts_at - before.free_at <= SAME_TRIP:
        return _travel(before, here, worker.transport)
    home = Engagement(here.starts_at, here.starts_at, worker.lat, worker.lon)
    travel = min(_travel(home, here, worker.transport), timedelta(minutes=LONGEST_TRAVEL_MIN))
    return min(travel, here.starts_at - before.free_at) if before else travel


def _travel(start: Engagement, end: Engagement, mode: str) -> timedelta:
    return timedelta(minutes=travel_min(distance_m(start.lat, start.lon, end.lat, end.lon), mode))


def _neighbours(worker_id: int, visit: Visit) -> tuple[Engagement | None, Engagement | None]:
    around = timedelta(hours=12)
    found = engagements_of([worker_id], visit.starts_at - around, visit.ends_at + around, but_visit=visit.pk).get(
        worker_id, []
    )
    before = [one for one in found if one.starts_at < visit.starts_at]
    after = [one for one in found if one.starts_at >= visit.ends_at]
    return (before[-1] if before else None), (after[0] if after else None)


def take_places(ask: Ask, starts_at: datetime) -> Sitting:
    """The sitting has `quantity` places fewer, by one conditional UPDATE. Raises `slot_gone` if they are gone."""
    entry = ask.entry
    sitting, _created = Sitting.objects.get_or_create(
        entry=entry, starts_at=starts_at, defaults={"capacity": entry.capacity or 0}
    )
    room = Sitting.objects.filter(pk=sitting.pk, taken__lte=F("capacity") - ask.quantity)
    if not room.update(taken=F("taken") + ask.quantity):
        raise slot_gone()
    return sitting


def lock_sittings(*, left: Collection[int], entry: MenuEntry, starts_at: datetime) -> None:
    """Who changes from one sitting to another holds both, in key order, before the places move. `left` are visits."""
    wanted = Q(visits__in=list(left)) | Q(entry=entry, starts_at=starts_at)
    ids = Sitting.objects.filter(wanted).values_list("pk", flat=True)
    list(Sitting.objects.select_for_update(no_key=True).filter(pk__in=list(ids)).order_by("pk").values_list("pk"))


def give_back_places(sitting_id: int, quantity: int) -> None:
    """The places are free for others again."""
    Sitting.objects.filter(pk=sitting_id).update(taken=F("taken") - quantity)
