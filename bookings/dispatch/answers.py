"""How a staffed point answers an offer, and how a person names or replaces a worker by hand."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bookings.dispatch.models import PointOffer
from bookings.dispatch.queries import accepted_entry, context_of
from bookings.dispatch.workload import over_limits
from bookings.lifecycle.actions import advance, release_crews
from bookings.lifecycle.models import Assignment, Booking, State
from bookings.lifecycle.rules import NOBODY_COMES, Actor, Change
from bookings.orders.actions import DISPATCH
from bookings.slots.actions import take_crew
from bookings.slots.queries import Ask
from homeservice.kernel.clock import local_day
from homeservice.kernel.errors import DomainError
from homeservice.kernel.queue import wake_shard
from providers.credentials.queries import findings_for
from providers.workers.models import Worker


@transaction.atomic
def accept_offer(*, offer: PointOffer, actor: Actor, at: datetime) -> Booking:
    """The point takes the booking and dispatch names a worker. Raises `offer_over` if the window has passed
    or somebody else has answered. Locks the booking, then the offer."""
    booking, offer = _locked(offer, at)
    offer.state, offer.decided_at, offer.decided_by_id = PointOffer.State.ACCEPTED, at, actor.user_id
    offer.save(update_fields=["state", "decided_at", "decided_by"])
    moved = advance([booking.pk], "accept", at=at, actor=actor, changes=[Change(booking.pk, {"dispatch_due_at": at})])
    wake_shard(DISPATCH, booking.shard)
    return moved[0]


@transaction.atomic
def decline_offer(*, offer: PointOffer, actor: Actor, reason: str, at: datetime) -> Booking:
    """The point does not take the booking: the next ring is asked. Raises `offer_over`, `reason_missing`."""
    booking, offer = _locked(offer, at)
    offer.state, offer.decided_at, offer.decided_by_id = PointOffer.State.DECLINED, at, actor.user_id
    offer.reason = reason[:200]
    offer.save(update_fields=["state", "decided_at", "decided_by", "reason"])
    nobody = {"point": None, "point_area": "", "enterprise": None, "dispatch_due_at": at}
    moved = advance([booking.pk], "decline", at=at, actor=actor, reason=reason, changes=[Change(booking.pk, nobody)])
    wake_shard(DISPATCH, booking.shard)
    return moved[0]


@transaction.atomic
def assign_by_hand(*, booking: Booking, worker: Worker, actor: Actor, at: datetime, reason: str = "") -> Booking:
    """The worker is named for a one-person visit, replacing whoever was. The gate and the diary decide.

    Raises `worker_of_other_enterprise`, `gate_blocks` (with `findings`), `worker_busy`, `work_limit` (with `limit`,
    its code), `reason_missing` (when somebody is replaced), `step_not_possible`. Locks the booking and the worker.
    """
    booking = Booking.objects.select_for_update(of=("self",), no_key=True).select_related(
        "item", "visit", "entry__listing__item", "recipient"
    ).get(pk=booking.pk)  # fmt: skip
    if booking.state not in (State.ACCEPTED, State.ASSIGNED, State.CONFIRMED):
        raise DomainError("step_not_possible", _("The booking has moved on. Please look at it again."))
    if worker.enterprise_id != booking.enterprise_id:
        text = _("This worker does not belong to the booking's enterprise.")
        raise DomainError("worker_of_other_enterprise", text, field="worker")
    answer = findings_for(worker.pk, booking.item, local_day(booking.starts_at), context_of(booking))
    if answer.blocking:
        text = _("This worker may not do this job on that day.")
        raise DomainError("gate_blocks", text, field="worker", findings=answer.blocking)
    if booking.state in (State.ASSIGNED, State.CONFIRMED):
        gone = Change(booking.pk, NOBODY_COMES)
        advance([booking.pk], "replace", at=at, actor=actor, reason=reason, changes=[gone])
    release_crews([booking.visit_id], reason="replaced")
    _engage_by_hand(booking, worker, at)
    return advance(
        [booking.pk], "assign", at=at, actor=actor, reason=reason, changes=[Change(booking.pk, {"dispatch_due_at": None})]
    )[0]  # fmt: skip


def _engage_by_hand(booking: Booking, worker: Worker, at: datetime) -> None:
    enterprise_workers = Worker.objects.filter(enterprise=booking.enterprise_id).exclude(pk=worker.pk)
    others = set(enterprise_workers.values_list("pk", flat=True))
    ask = Ask(accepted_entry(booking), booking.quantity, booking.lat, booking.lon, context_of(booking))
    try:
        take_crew(booking.visit, ask, at=at, state=Assignment.State.ASSIGNED, prefer=[worker.pk], never=others)
    except DomainError as refusal:
        if refusal.code != "slot_gone":
            raise
        raise _why_not_free(booking, worker) from refusal


def _why_not_free(booking: Booking, worker: Worker) -> DomainError:
    limit = over_limits({booking: [worker.pk]}).get((booking.pk, worker.pk))
    if limit:
        text = _("This visit would take the worker beyond the limits of working time or leave too little rest.")
        return DomainError("work_limit", text, field="worker", limit=limit)
    text = _("This worker is not free then: another visit, leave, working hours or the way there is in between.")
    return DomainError("worker_busy", text, field="worker")


def _locked(offer: PointOffer, at: datetime) -> tuple[Booking, PointOffer]:
    booking = Booking.objects.select_for_update(no_key=True).get(pk=offer.booking_id)
    offer = PointOffer.objects.select_for_update(no_key=True).get(pk=offer.pk)
    if offer.state != PointOffer.State.OPEN or offer.deadline_at <= at:
        raise DomainError("offer_over", _("The time to answer has passed, or somebody else has answered."))
    return booking, offer
