"""What happens on the day: the worker confirms or declines, sets out, checks in, finishes, or breaks off.

A worker acts only on visits that are theirs. Bookings are locked first, in key order, then assignments.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest, Least
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from bookings.dispatch.fitness import why_not_go
from bookings.lifecycle.actions import advance
from bookings.lifecycle.models import OPEN_STATES, Assignment, Booking, State
from bookings.lifecycle.rules import NOBODY_COMES, SYSTEM_ACTOR, Actor, Change
from bookings.orders.actions import DISPATCH, free_time_of
from bookings.visits.models import VisitScan
from bookings.visits.rules import (
    SETTLED_AFTER,
    door_code_refusal,
    may_not_begin,
    why_not_check_in,
    why_not_set_out,
    worded_reason,
)
from homeservice.foundation.audit import record
from homeservice.kernel.clock import local_day
from homeservice.kernel.errors import DomainError
from homeservice.kernel.queue import wake_shard
from homeservice.kernel.vocabulary import Role
from providers.service_codes.models import CodeScan
from providers.workers.models import Worker

Assigned = Assignment.State
NOT_DUE = {"dispatch_due_at": None}


@transaction.atomic
def confirm_visit(*, booking: Booking, worker: Worker, at: datetime) -> None:
    """The worker will come; the visit's bookings are confirmed when the whole crew has said so.

    Repeating it changes nothing. Raises `not_your_visit`, `step_not_possible`. Locks the visit's bookings.
    """
    bookings = _locked_visit(booking)
    mine = _my_assignment(booking, worker)
    if mine.state == Assigned.CONFIRMED:
        return
    Assignment.objects.filter(pk=mine.pk, state=Assigned.ASSIGNED).update(state=Assigned.CONFIRMED)
    waiting = Assignment.objects.filter(visit=booking.visit_id, state__in=[Assigned.ASSIGNED, Assigned.TENTATIVE])
    if not waiting.exists():
        _advance(bookings, "confirm", worker, at=at)


@transaction.atomic
def refuse_visit(*, booking: Booking, worker: Worker, reason: str, at: datetime) -> None:
    """The worker does not come: only their time is free again, and dispatch seeks somebody else at once.

    Raises `not_your_visit`, `reason_missing`, `reason_too_long`, `step_not_possible`. Locks the visit's bookings.
    """
    words = worded_reason("", reason)
    bookings = _locked_visit(booking)
    mine = _my_assignment(booking, worker)
    actor = _as_worker(worker)
    changes = [Change(one.pk, {**NOBODY_COMES, "dispatch_due_at": at}) for one in bookings]
    advance([one.pk for one in bookings], "refuse", at=at, actor=actor, reason=words, changes=changes)
    Assignment.objects.filter(pk=mine.pk).update(state=Assigned.RELEASED, released_reason="refused")
    for shard in sorted({one.shard for one in bookings}):
        wake_shard(DISPATCH, shard)


@transaction.atomic
def set_out(*, booking: Booking, worker: Worker, at: datetime) -> None:
    """The worker is on the way and the resident knows. Repeating it tells nobody again.

    Raises `not_your_visit`, `too_early`, `step_not_possible`.
    """
    booking = _locked(booking)
    _my_assignment(booking, worker)
    if booking.state == State.CONFIRMED and booking.on_the_way_at:
        return
    refusal = why_not_set_out(starts_at=booking.starts_at, at=at)
    if refusal:
        raise refusal
    advance([booking.pk], "set_out", at=at, actor=_as_worker(worker))


def check_in(*, booking: Booking, worker: Worker, door_code: str, at: datetime) -> None:
    """The worker has arrived, by the resident's code, and the service has begun.

    Raises `not_your_visit`, `step_not_possible`, and at the field `door_code`: `too_early`, `door_code_wrong`,
    `door_code_locked` (from the fifth wrong code on, until the desk helps), `gate_blocks` (a paper has lapsed since
    they were named, or they were suspended). A miss is counted although it raises.
    """
    refusal = _try_check_in(booking, worker, door_code.strip(), at)
    if refusal:
        raise refusal


@transaction.atomic
def check_in_by_scan(*, booking: Booking, scan: CodeScan, actor_id: int, at: datetime) -> None:
    """The resident scanned the code of the worker at their door and says that it is them: the service has begun.

    The scan stands for the door code, and the rest is as with it: raises `not_your_visit` for a code of somebody else's,
    `scan_used` for one that began another booking, `step_not_possible`, `too_early`, `gate_blocks`. The scan is kept
    with the booking. Repeating it changes nothing.
    Locks the booking.
    """
    worker = Worker.objects.get(service_code=scan.code)
    booking = _locked(booking)
    _my_assignment(booking, worker)
    begun = VisitScan.objects.filter(scan=scan).values_list("booking_id", flat=True).first()
    if begun == booking.pk:
        return
    if begun:
        text = _("This scan has begun another service. Ask the worker to show a fresh code.")
        raise DomainError("scan_used", text)
    if booking.state == State.CONFIRMED:
        refusal = why_not_check_in(starts_at=booking.starts_at, misses=0, at=at)  # nobody guesses a scan
        refusal = refusal or _why_gate_blocks(booking, worker, at)
        if refusal:
            raise refusal
    _begin(booking, worker, at)
    VisitScan.objects.create(booking=booking, scan=scan, at=at)
    record(at=at, actor_id=actor_id, action="visit.begun_by_scan", subject=booking, scan=scan.pk)


@transaction.atomic
def finish_visit(*, booking: Booking, worker: Worker, at: datetime) -> None:
    """The service is done. With the visit's last booking its crew is done, too: each has one more visit to
    their name, and what is left of their time is free. Repeating it changes nothing.

    Raises `not_your_visit`, `step_not_possible`. Locks the visit's bookings.
    """
    bookings = _locked_visit(booking, every=True)
    _my_assignment(booking, worker)
    if any(one.pk == booking.pk and one.state in (State.FINISHED, State.SETTLED) for one in bookings):
        return
    advance([booking.pk], "finish", at=at, actor=_as_worker(worker))
    if not _others_open(bookings, booking):
        _crew_done(booking, at)


@transaction.atomic
def refuse_unsafe(*, booking: Booking, worker: Worker, reason: str, at: datetime) -> None:
    """The worker need not stay where it is not safe: the booking ends without a fee, the worker's time is free,
    desk, enterprise and resident are told. Raises `not_your_visit`, `reason_missing`, `step_not_possible`."""
    _break_off(booking, worker, "refuse_unsafe", worded_reason("", reason), at)


@transaction.atomic
def report_no_show(*, booking: Booking, worker: Worker, reason: str, at: datetime) -> None:
    """Nobody let the worker in: the booking ends and the worker's time is free.

    Raises `not_your_visit`, `reason_missing`, `too_early` (15 minutes after the start), `step_not_possible`.
    """
    _break_off(booking, worker, "no_show", worded_reason("", reason), at)


@transaction.atomic
def unlock_door_code(*, booking: Booking, actor: Actor, purpose: str, at: datetime) -> None:
    """The worker may try the door code anew; the log says who allowed it. Raises `reason_missing`."""
    words = worded_reason("", purpose)
    Booking.objects.filter(pk=booking.pk).update(door_code_misses=0, version=F("version") + 1)
    record(at=at, actor_id=actor.user_id, action="door_code.unlocked", subject=booking, purpose=words)


@transaction.atomic
def settle_finished(*, at: datetime, limit: int = 200) -> int:
    """Bookings finished 48 hours ago count as confirmed by the resident. Claims its rows; safe beside others and twice."""
    due = Booking.objects.filter(state=State.FINISHED, finished_at__lte=at - SETTLED_AFTER)
    locked = due.select_for_update(skip_locked=True, no_key=True).order_by("finished_at", "pk")
    ids = list(locked.values_list("pk", flat=True)[:limit])
    return len(advance(ids, "settle", at=at, actor=SYSTEM_ACTOR, skip_others=True)) if ids else 0


def _as_worker(worker: Worker) -> Actor:
    return Actor(worker.user_id, Role.WORKER)


def _locked(booking: Booking) -> Booking:
    row: Booking = Booking.objects.select_for_update(of=("self",), no_key=True).get(pk=booking.pk)
    return row


def _locked_visit(booking: Booking, *, every: bool = False) -> list[Booking]:
    """The bookings that share the visit, without those that ended on their own."""
    rows = Booking.objects.select_for_update(of=("self",), no_key=True).filter(visit=booking.visit_id)
    locked = list(rows.order_by("pk"))
    return locked if every else [one for one in locked if one.state in OPEN_STATES or one.pk == booking.pk]


def _my_assignment(booking: Booking, worker: Worker) -> Assignment:
    live = Assignment.objects.exclude(state__in=[Assigned.RELEASED, Assigned.TENTATIVE])
    mine = live.filter(visit=booking.visit_id, worker=worker).first()
    if mine is None:
        raise DomainError("not_your_visit", _("This visit is not yours any more."))
    return mine


def _advance(
    bookings: Sequence[Booking], step: str, worker: Worker, *, at: datetime, reason: str = ""
) -> list[Booking]:
    """The step for bookings that dispatch need not look at any more."""
    changes = [Change(one.pk, NOT_DUE) for one in bookings]
    ids = [one.pk for one in bookings]
    return advance(ids, step, at=at, actor=_as_worker(worker), reason=reason, changes=changes)


@transaction.atomic
def _try_check_in(booking: Booking, worker: Worker, door_code: str, at: datetime) -> DomainError | None:
    """Answers a refusal instead of raising it, so that the miss stays counted."""
    booking = _locked(booking)
    _my_assignment(booking, worker)
    if booking.state == State.CONFIRMED:
        refusal = why_not_check_in(starts_at=booking.starts_at, misses=booking.door_code_misses, at=at)
        if refusal:
            return refusal
        if not constant_time_compare(door_code, booking.door_code):
            misses = booking.door_code_misses + 1
            Booking.objects.filter(pk=booking.pk).update(door_code_misses=misses, version=F("version") + 1)
            return door_code_refusal(misses)
        refusal = _why_gate_blocks(booking, worker, at)
        if refusal:
            return refusal
    _begin(booking, worker, at)
    return None


def _why_gate_blocks(booking: Booking, worker: Worker, at: datetime) -> DomainError | None:
    """The gate is asked once more at the door."""
    against = why_not_go(booking, worker, local_day(at))
    return may_not_begin(against) if against else None


def _begin(booking: Booking, worker: Worker, at: datetime) -> None:
    advance([booking.pk], "arrive", at=at, actor=_as_worker(worker))
    advance([booking.pk], "begin", at=at, actor=_as_worker(worker))


def _break_off(booking: Booking, worker: Worker, step: str, reason: str, at: datetime) -> None:
    bookings = _locked_visit(booking, every=True)
    _my_assignment(booking, worker)
    moved = _advance([booking], step, worker, at=at, reason=reason)
    if not _others_open(bookings, booking):
        free_time_of(moved, reason=step)


def _others_open(bookings: Sequence[Booking], booking: Booking) -> bool:
    return any(one.state in OPEN_STATES for one in bookings if one.pk != booking.pk)


def _crew_done(booking: Booking, at: datetime) -> None:
    """The crew's time ends with its clean-up; never later than it was taken for."""
    live = Assignment.objects.filter(visit=booking.visit_id, state__in=[Assigned.CONFIRMED, Assigned.ASSIGNED])
    workers = list(live.values_list("worker_id", flat=True))
    free_at = at + timedelta(minutes=booking.item.cleanup_min)
    shortest = F("busy_from") + timedelta(minutes=1)
    live.update(state=Assigned.DONE, busy_until=Least(F("busy_until"), Greatest(Value(free_at), shortest)))
    Worker.objects.filter(pk__in=workers).update(visits_done=F("visits_done") + 1)
