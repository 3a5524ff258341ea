"""Naming workers for accepted bookings: the held crew where it still holds, else the best who is free."""

from collections.abc import Sequence
from datetime import datetime

from bookings.dispatch.models import Receipt
from bookings.dispatch.queries import accepted_entry, context_of, workers_for
from bookings.dispatch.rules import (
    DispatchTerms,
    WorkerCandidate,
    confirm_deadline,
    ranked_workers,
    worker_row,
)
from bookings.lifecycle.actions import advance, release_crews
from bookings.lifecycle.models import Assignment, Booking
from bookings.lifecycle.rules import SYSTEM_ACTOR, Change
from bookings.slots.actions import take_crew
from bookings.slots.queries import Ask
from homeservice.kernel.errors import DomainError


def name_workers(bookings: Sequence[Booking], *, at: datetime, terms: DispatchTerms) -> list[Booking]:
    """The accepted bookings have their crews named and are `assigned`. Answers those with nobody to send.

    What needs no worker is done with dispatch here. Runs inside the round's transaction.
    """
    seats = [one for one in bookings if not one.item.needs_worker]
    Booking.objects.filter(pk__in=[one.pk for one in seats]).update(dispatch_due_at=None)
    waiting = [one for one in bookings if one.item.needs_worker]
    candidates = workers_for(waiting) if waiting else {}
    named: list[Booking] = []
    without: list[Booking] = []
    receipts: list[Receipt] = []
    for booking in waiting:
        crew = _crew(booking, candidates[booking.pk], at=at, terms=terms)
        (named if crew else without).append(booking)
        receipts.append(_receipt(booking, candidates[booking.pk], crew, at, terms))
    Receipt.objects.bulk_create(receipts)
    _assign(named, at=at, terms=terms)
    return without


def _crew(booking: Booking, candidates: Sequence[WorkerCandidate], *, at: datetime, terms: DispatchTerms) -> list[int]:
    """The keys of the workers who will go, or none. Their time is theirs when this returns."""
    ranked = ranked_workers(candidates, terms)
    size = booking.item.crew_size
    best = ranked[:size]
    if len(best) == size and all(one.held for one in best):
        return [one.worker_id for one in best]
    return _rematched(booking, ranked, candidates, at=at)


def _rematched(
    booking: Booking, ranked: Sequence[WorkerCandidate], candidates: Sequence[WorkerCandidate], *, at: datetime
) -> list[int]:
    """The held time is released and the best free crew takes it; travel is checked under the workers' locks."""
    ask = Ask(accepted_entry(booking), booking.quantity, booking.lat, booking.lon, context_of(booking))
    barred = {one.worker_id for one in candidates} - {one.worker_id for one in ranked}
    release_crews([booking.visit_id], reason="rematched")
    try:
        taken = take_crew(
            booking.visit, ask, at=at, state=Assignment.State.TENTATIVE,
            prefer=[one.worker_id for one in ranked[: booking.item.crew_size]], never=barred,
        )  # fmt: skip
    except DomainError as refusal:
        if refusal.code != "slot_gone":
            raise
        return []
    return [one.worker_id for one in taken]


def _assign(bookings: Sequence[Booking], *, at: datetime, terms: DispatchTerms) -> None:
    if not bookings:
        return
    visits = [one.visit_id for one in bookings]
    tentative = Assignment.objects.filter(visit__in=visits, state=Assignment.State.TENTATIVE)
    tentative.update(state=Assignment.State.ASSIGNED)
    changes = [
        Change(one.pk, {"dispatch_due_at": confirm_deadline(starts_at=one.starts_at, at=at, terms=terms)})
        for one in bookings
    ]
    for step, group in by_naming(bookings).items():
        ids = [one.pk for one in group]
        advance(ids, step, at=at, actor=SYSTEM_ACTOR, changes=[one for one in changes if one.booking_id in ids])


def by_naming(bookings: Sequence[Booking]) -> dict[str, list[Booking]]:
    """The bookings by the step that names their workers: who had one before hears of another."""
    groups: dict[str, list[Booking]] = {}
    for one in bookings:
        groups.setdefault("reassign" if one.assigned_at else "assign", []).append(one)
    return groups


def _receipt(
    booking: Booking, candidates: Sequence[WorkerCandidate], crew: Sequence[int], at: datetime, terms: DispatchTerms
) -> Receipt:
    return Receipt(
        booking=booking, round_no=booking.dispatch_round, at=at, outcome="assigned" if crew else "no_worker",
        workers=[worker_row(one, terms, crew) for one in candidates],
    )  # fmt: skip
