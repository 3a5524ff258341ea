"""How a staffed point answers an offer, and how a person names or replaces a worker by hand."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bookings.dispatch.models import PointOffer
from bookings.dispatch.notices import SENT_ANOTHER, notice
from bookings.dispatch.queries import accepted_entry, context_of, dispatch_terms
from bookings.dispatch.rules import confirm_deadline
from bookings.dispatch.workload import over_limits
from bookings.lifecycle.actions import advance
from bookings.lifecycle.models import Assignment, Booking, State
from bookings.lifecycle.rules import NOBODY_COMES, Actor, Change
from bookings.orders.actions import DISPATCH
from bookings.slots.actions import take_crew
from bookings.slots.queries import Ask
from communities.inbox.actions import tell
from homeservice.kernel.clock import local_day
from homeservice.kernel.errors import DomainError
from homeservice.kernel.queue import wake_shard
from providers.credentials.queries import assess
from providers.workers.models import Worker

NAMED = (State.ASSIGNED, State.CONFIRMED)


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
def assign_by_hand(
    *, booking: Booking, worker: Worker, actor: Actor, at: datetime, reason: str = "", instead_of: int | None = None
) -> Booking:
    """The worker is named, in the place of whoever was; of a crew, in that of the worker `instead_of`. They have as
    long to confirm as others, then dispatch goes on. The gate and the diary decide; who is replaced is told.

    Raises `worker_of_other_enterprise`, `gate_blocks` (with `findings`), `worker_busy`, `work_limit` (with `limit`,
    its code), `reason_missing` (when somebody is replaced), `instead_of_missing`, `crew_not_found_yet`,
    `step_not_possible`. Locks the booking and the worker.
    """
    booking = Booking.objects.select_for_update(of=("self",), no_key=True).select_related(
        "item", "visit", "entry__listing__item", "recipient"
    ).get(pk=booking.pk)  # fmt: skip
    _check_may_go(booking, worker)
    leaving = _leaving(booking, instead_of)
    told = [one.worker.user_id for one in leaving if one.state != Assignment.State.TENTATIVE]
    step = "reassign" if booking.assigned_at else "assign"
    if booking.state in NAMED:
        gone = Change(booking.pk, NOBODY_COMES)
        advance([booking.pk], "replace", at=at, actor=actor, reason=reason, changes=[gone])
    Assignment.objects.filter(pk__in=[one.pk for one in leaving]).update(
        state=Assignment.State.RELEASED, released_reason="replaced"
    )
    _engage_by_hand(booking, worker, at)
    terms = dispatch_terms(booking.shard, local_day(at))
    due = {"dispatch_due_at": confirm_deadline(starts_at=booking.starts_at, at=at, terms=terms)}
    (moved,) = advance([booking.pk], step, at=at, actor=actor, reason=reason, changes=[Change(booking.pk, due)])
    tell([notice(moved, SENT_ANOTHER, person) for person in told], at=at)
    return moved


def _check_may_go(booking: Booking, worker: Worker) -> None:
    if booking.state not in (State.ACCEPTED, *NAMED):
        raise DomainError("step_not_possible", _("The booking has moved on. Please look at it again."))
    if worker.enterprise_id != booking.enterprise_id:
        text = _("This worker does not belong to the booking's enterprise.")
        raise DomainError("worker_of_other_enterprise", text, field="worker")
    answer = assess(worker.pk, booking.item, context_of(booking), local_day(booking.starts_at))
    if answer.blocking:
        text = _("This worker may not do this job on that day.")
        raise DomainError("gate_blocks", text, field="worker", findings=answer.blocking)


def _leaving(booking: Booking, instead_of: int | None) -> list[Assignment]:
    """Whose place the worker takes; nobody's where a crew lacks just one."""
    over = [Assignment.State.RELEASED, Assignment.State.DONE]
    live = list(Assignment.objects.exclude(state__in=over).filter(visit=booking.visit_id).select_related("worker"))
    size = booking.item.crew_size
    if size == 1:
        return live
    if len(live) < size:
        if len(live) < size - 1:
            text = _("Nobody of the crew is found yet. Dispatch looks for all of them at once.")
            raise DomainError("crew_not_found_yet", text, field="worker")
        return []
    leaving = [one for one in live if one.worker_id == instead_of]
    if not leaving:
        raise DomainError("instead_of_missing", _("Please choose who of the crew is replaced."), field="instead_of")
    return leaving


def _engage_by_hand(booking: Booking, worker: Worker, at: datetime) -> None:
    """The worker's time is theirs; those of the crew who were only held are named with them."""
    enterprise_workers = Worker.objects.filter(enterprise=booking.enterprise_id).exclude(pk=worker.pk)
    others = set(enterprise_workers.values_list("pk", flat=True))
    ask = Ask(accepted_entry(booking), booking.quantity, booking.lat, booking.lon, context_of(booking))
    named = Assignment.State.ASSIGNED
    try:
        take_crew(booking.visit, ask, at=at, state=named, prefer=[worker.pk], never=others, size=1)
    except DomainError as refusal:
        if refusal.code != "slot_gone":
            raise
        raise _why_not_free(booking, worker) from refusal
    held = Assignment.objects.filter(visit=booking.visit_id, state=Assignment.State.TENTATIVE)
    held.update(state=named)


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
