"""Rounds of dispatch: due bookings are claimed in a batch and each goes as far as it can.

placed → (offered →) accepted → assigned, or unfilled. One transaction a batch: a killed process leaves
no trace and the rows stay due; a booking that crashes rolls back itself only. Every writer of assignments locks the workers first (`slots.actions`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from bookings.dispatch.alone import crash_contained
from bookings.dispatch.matching import name_workers
from bookings.dispatch.models import PointOffer, Receipt
from bookings.dispatch.notices import of_nobody_left
from bookings.dispatch.queries import claim_due, dispatch_terms, due_ids, points_near
from bookings.dispatch.rules import (
    DispatchTerms,
    PointCandidate,
    Wish,
    offer_deadline,
    point_row,
    ranked_points,
)
from bookings.lifecycle.actions import advance
from bookings.lifecycle.models import Assignment, Booking, State
from bookings.lifecycle.rules import SYSTEM_ACTOR, Change
from bookings.orders.actions import free_time_of
from communities.inbox.actions import tell
from homeservice.kernel.clock import local_day
from homeservice.kernel.vocabulary import Place

BATCH = 100
TRIED_AGAIN = timedelta(minutes=5)  # a booking that crashed: somebody has read the log by then, or it passes


def run_round(shard: str, *, at: datetime, limit: int = BATCH) -> int:
    """One batch of the shard's due bookings is worked off. Answers how many were claimed; 0 means that
    nothing is due (or that others hold it). Safe beside other rounds and safe to repeat.

    If one of them crashes the batch, each is worked off alone, and the one that crashes waits for five minutes.
    """
    done: int | None = None
    with crash_contained(shard=shard):
        done = _round(shard, at=at, limit=limit)
    return _one_by_one(shard, at=at, limit=limit) if done is None else done


def _one_by_one(shard: str, *, at: datetime, limit: int) -> int:
    ids = due_ids(shard, at=at, limit=limit)
    worked_off = set()
    for key in ids:
        with crash_contained(booking=key):
            _round(shard, at=at, limit=1, only=key)
            worked_off.add(key)
    crashed = [key for key in ids if key not in worked_off]
    Booking.objects.filter(pk__in=crashed, dispatch_due_at__lte=at).update(dispatch_due_at=at + TRIED_AGAIN)
    return len(ids)


@transaction.atomic
def _round(shard: str, *, at: datetime, limit: int, only: int | None = None) -> int:
    terms = dispatch_terms(shard, local_day(at))
    claimed = claim_due(shard, at=at, limit=limit, only=only)
    asked = _lapse_offers(_in(claimed, State.OFFERED), at=at)
    named = _lapse_assignments(_in(claimed, State.ASSIGNED), at=at)
    accepted = _find_points(asked + _in(claimed, State.PLACED), at=at, terms=terms)
    without_worker = name_workers(accepted + named + _in(claimed, State.ACCEPTED), at=at, terms=terms)
    _reopen(without_worker, at=at)
    return len(claimed)


def _in(bookings: Sequence[Booking], state: State) -> list[Booking]:
    return [one for one in bookings if one.state == state]


def _lapse_offers(bookings: Sequence[Booking], *, at: datetime) -> list[Booking]:
    """Points that let their window pass are asked no more for these bookings."""
    if not bookings:
        return []
    open_offers = PointOffer.objects.filter(booking__in=bookings, state=PointOffer.State.OPEN)
    open_offers.update(state=PointOffer.State.LAPSED, decided_at=at)
    return advance(
        [one.pk for one in bookings], "lapse_offer", at=at, actor=SYSTEM_ACTOR, changes=_without_point(bookings, at)
    )


def _lapse_assignments(bookings: Sequence[Booking], *, at: datetime) -> list[Booking]:
    """Named workers who did not say yes in time are free again; somebody else is sought. Those of a crew
    who did say yes stay."""
    if not bookings:
        return []
    moved = advance([one.pk for one in bookings], "lapse_assignment", at=at, actor=SYSTEM_ACTOR)
    silent = Assignment.objects.filter(visit__in=[one.visit_id for one in moved], state=Assignment.State.ASSIGNED)
    silent.update(state=Assignment.State.RELEASED, released_reason="not_confirmed")
    return moved


def _find_points(bookings: Sequence[Booking], *, at: datetime, terms: DispatchTerms) -> list[Booking]:
    """Each booking is accepted by an automatic point, offered to a staffed one, or given up."""
    if not bookings:
        return []
    candidates = points_near(bookings, at=at)
    chosen: dict[int, PointCandidate] = {}
    receipts = []
    for booking in bookings:
        wish = wish_of(booking)
        near = candidates.get(booking.pk, [])
        ranked = ranked_points(near, wish) if at < booking.starts_at - terms.last_call else []
        best = next(iter(ranked), None)
        if best:
            chosen[booking.pk] = best
        receipts.append(_receipt(booking, near, wish, best, at))
    Receipt.objects.bulk_create(receipts)
    by_answer: dict[str, list[Booking]] = {"accept": [], "offer": [], "give_up": []}
    for booking in bookings:
        found = chosen.get(booking.pk)
        by_answer["give_up" if not found else "accept" if found.automatic else "offer"].append(booking)
    _give_up(by_answer["give_up"], at=at)
    _offer(by_answer["offer"], chosen, at=at, terms=terms)
    return _accept(by_answer["accept"], chosen, at=at)


def wish_of(booking: Booking) -> Wish:
    """What the resident agreed to."""
    return Wish(
        unit_price_fen=booking.snapshot["unit_price_fen"],
        enterprise_id=booking.entry.listing.enterprise_id,
        any_enterprise=booking.any_enterprise,
        at_point=booking.item.place == Place.POINT,
    )


def _receipt(
    booking: Booking, near: Sequence[PointCandidate], wish: Wish, best: PointCandidate | None, at: datetime
) -> Receipt:
    outcome = "unfilled" if best is None else "accepted" if best.automatic else "offered"
    return Receipt(
        booking=booking, round_no=booking.dispatch_round + 1, at=at, outcome=outcome,
        points=[point_row(one, wish, best) for one in near],
    )  # fmt: skip


def _accept(bookings: Sequence[Booking], chosen: Mapping[int, PointCandidate], *, at: datetime) -> list[Booking]:
    if not bookings:
        return []
    _write_offers(bookings, chosen, at=at, state=PointOffer.State.ACCEPTED, deadlines={})
    changes = [Change(one.pk, _taken_by(one, chosen[one.pk]) | {"dispatch_due_at": at}) for one in bookings]
    return advance([one.pk for one in bookings], "accept", at=at, actor=SYSTEM_ACTOR, changes=changes)


def _offer(
    bookings: Sequence[Booking], chosen: Mapping[int, PointCandidate], *, at: datetime, terms: DispatchTerms
) -> None:
    if not bookings:
        return
    deadlines = {
        one.pk: offer_deadline(chosen[one.pk], starts_at=one.starts_at, at=at, terms=terms) for one in bookings
    }
    _write_offers(bookings, chosen, at=at, state=PointOffer.State.OPEN, deadlines=deadlines)
    changes = [
        Change(one.pk, _taken_by(one, chosen[one.pk]) | {"dispatch_due_at": deadlines[one.pk]}) for one in bookings
    ]
    advance([one.pk for one in bookings], "offer", at=at, actor=SYSTEM_ACTOR, changes=changes)


def _taken_by(booking: Booking, candidate: PointCandidate) -> dict[str, object]:
    """While a point is asked it may already see the booking: it carries that point's area."""
    return {
        "point": candidate.point_id, "point_area": candidate.area_code, "enterprise": candidate.enterprise_id,
        "dispatch_round": booking.dispatch_round + 1,
    }  # fmt: skip


def _write_offers(
    bookings: Sequence[Booking],
    chosen: Mapping[int, PointCandidate],
    *,
    at: datetime,
    state: PointOffer.State,
    deadlines: Mapping[int, datetime],
) -> None:
    PointOffer.objects.bulk_create(
        PointOffer(
            booking=one, point_id=chosen[one.pk].point_id, entry_id=chosen[one.pk].entry_id,
            round_no=one.dispatch_round + 1, distance_m=chosen[one.pk].distance_m, state=state, offered_at=at,
            deadline_at=deadlines.get(one.pk, at), decided_at=None if state == PointOffer.State.OPEN else at,
        )
        for one in bookings
    )  # fmt: skip


def _give_up(bookings: Sequence[Booking], *, at: datetime) -> None:
    """Nobody can serve these: the resident is told, and their time is free for others."""
    if not bookings:
        return
    changes = [Change(one.pk, {"dispatch_due_at": None}) for one in bookings]
    moved = advance([one.pk for one in bookings], "give_up", at=at, actor=SYSTEM_ACTOR, changes=changes)
    free_time_of(moved, reason="unfilled")


def _reopen(bookings: Sequence[Booking], *, at: datetime) -> None:
    """The point has nobody to send: it is asked no more, and the next ring is looked at."""
    if not bookings:
        return
    tell(of_nobody_left(bookings), at=at)
    offers = PointOffer.objects.filter(booking__in=bookings, state=PointOffer.State.ACCEPTED)
    offers.update(state=PointOffer.State.WITHDRAWN, decided_at=at, reason="no_worker")
    advance([one.pk for one in bookings], "reopen", at=at, actor=SYSTEM_ACTOR, changes=_without_point(bookings, at))


def _without_point(bookings: Sequence[Booking], at: datetime) -> list[Change]:
    nobody = {"point": None, "point_area": "", "enterprise": None, "dispatch_due_at": at}
    return [Change(one.pk, nobody) for one in bookings]
