"""An enterprise's week: workers by days, each with visits, leaves and free gaps. Five queries, however many."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from bookings.enterprise_board.rules import Period, free_gaps
from bookings.lifecycle.models import Assignment, Booking
from homeservice.kernel.clock import at_local, day_bounds, local_day
from homeservice.kernel.scope import Scope
from providers.catalogue.models import ServiceKind
from providers.workers.models import Leave, Worker, WorkingHours


@dataclass(frozen=True, slots=True)
class Chip:
    """A visit on the board. `no` is empty while a resident only holds the time."""

    starts_at: datetime
    ends_at: datetime
    item: str
    no: str
    state: str
    state_words: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of one worker."""

    day: date
    chips: tuple[Chip, ...]
    leaves: tuple[Leave, ...]
    gaps: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One worker's days."""

    worker: Worker
    cells: tuple[Cell, ...]


def workers_of(scope: Scope, *, kind: str = "") -> "QuerySet[Any]":
    """The enterprise's own workers, without those who left."""
    rows = Worker.objects.visible_to(scope).filter(enterprise=scope.enterprise_id).exclude(state=Worker.State.EXITED)
    return (rows.filter(kinds__kind=kind) if kind else rows).order_by("joined_date", "pk")


def kinds_of(scope: Scope) -> "QuerySet[ServiceKind]":
    """The kinds that the enterprise's workers are bound to."""
    return ServiceKind.objects.filter(pk__in=workers_of(scope).order_by().values("kinds__kind")).order_by(
        "position", "pk"
    )


def bookings_of(scope: Scope) -> "QuerySet[Any]":
    """Orders that the enterprise serves, or is asked to serve."""
    rows = Booking.objects.visible_to(scope).placed().filter(enterprise=scope.enterprise_id)
    return rows.select_related("item", "home_area", "point", "enterprise", "recipient")


def board(scope: Scope, workers: Sequence[Worker], days: Sequence[date], *, at: datetime) -> list[Row]:
    """The workers' rows over consecutive days. Four queries."""
    window = day_bounds(days[0])[0], day_bounds(days[-1])[1]
    ids = [worker.pk for worker in workers]
    engaged = _assignments(scope, ids, window)
    leaves = _leaves(ids, window)
    hours = _hours(ids)
    return [
        Row(worker, tuple(_cell(day, engaged[worker.pk], leaves[worker.pk], hours[worker.pk], at) for day in days))
        for worker in workers
    ]


def _assignments(scope: Scope, ids: Sequence[int], window: Period) -> dict[int, list[Any]]:
    ours = Prefetch("visit__bookings", bookings_of(scope).order_by("pk"), to_attr="ours")
    live = Assignment.objects.exclude(state=Assignment.State.RELEASED)
    rows = live.filter(worker__in=ids, visit__starts_at__gte=window[0], visit__starts_at__lt=window[1])
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows.select_related("visit__item").prefetch_related(ours).order_by("visit__starts_at", "pk"):
        found[row.worker_id].append(row)
    return found


def _leaves(ids: Sequence[int], window: Period) -> dict[int, list[Leave]]:
    found: dict[int, list[Leave]] = defaultdict(list)
    for leave in Leave.objects.filter(worker__in=ids, period__overlap=window).order_by("period", "pk"):
        found[leave.worker_id].append(leave)
    return found


def _hours(ids: Sequence[int]) -> dict[int, list[WorkingHours]]:
    found: dict[int, list[WorkingHours]] = defaultdict(list)
    for hours in WorkingHours.objects.filter(worker__in=ids).order_by("weekday", "starts", "pk"):
        found[hours.worker_id].append(hours)
    return found


def _cell(
    day: date, engaged: Sequence[Any], leaves: Sequence[Leave], hours: Sequence[WorkingHours], at: datetime
) -> Cell:
    begins, ends = day_bounds(day)
    today = [one for one in engaged if local_day(one.visit.starts_at) == day]
    away = [one for one in leaves if _overlaps(one, begins, ends)]
    working = [(at_local(day, one.starts), at_local(day, one.ends)) for one in hours if one.weekday == day.weekday()]
    taken = [(one.busy_from, one.busy_until) for one in today] + [_ends_of(one, begins, ends) for one in away]
    chips = tuple(chip for one in today for chip in _chips(one))
    return Cell(day, chips, tuple(away), tuple(free_gaps(working, taken, after=at)))


def _chips(assignment: Any) -> list[Chip]:
    """One chip for each booking of ours; one without a number for a time that is only kept."""
    visit = assignment.visit
    if not visit.ours:
        state, words = assignment.state, assignment.get_state_display()
        return [Chip(visit.starts_at, visit.ends_at, visit.item.name, "", state, words)]
    return [
        Chip(visit.starts_at, visit.ends_at, one.item.name, one.no, one.state, one.get_state_display())
        for one in visit.ours
    ]


def _ends_of(leave: Leave, begins: datetime, ends: datetime) -> Period:
    period: Any = leave.period
    return period.lower or begins, period.upper or ends


def _overlaps(leave: Leave, begins: datetime, ends: datetime) -> bool:
    lower, upper = _ends_of(leave, begins, ends)
    return lower < ends and upper > begins
