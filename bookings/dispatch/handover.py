"""Bookings of an enterprise that left the platform or was blacklisted: handed over, or a person is told."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.dispatch.alone import each_alone
from bookings.dispatch.fitness import GONE, LIVE
from bookings.dispatch.models import PointOffer
from bookings.dispatch.notices import TAKEN_AWAY, in_both, notice
from bookings.lifecycle.actions import advance, release_crews
from bookings.lifecycle.models import PERSONAL, Assignment, Booking, State
from bookings.lifecycle.rules import NOBODY_COMES, SYSTEM_ACTOR, Change
from bookings.orders.actions import DISPATCH, free_time_of
from communities.inbox.actions import tell
from homeservice.kernel.queue import wake_shard
from providers.credentials.rules import BLOCK, Finding

TAKEN = (State.OFFERED, State.ACCEPTED, State.ASSIGNED, State.CONFIRMED)
LEFT = Finding(
    "enterprise_left", BLOCK, "law", "standing", gettext_lazy("The enterprise has left the platform."),
    gettext_lazy("Another enterprise takes over."), "enterprise",
)  # fmt: skip


def hand_over(*, at: datetime) -> int:
    """Coming visits of enterprises that left go to others where the resident allowed it; where not, resident and
    desk are told. A merely suspended enterprise finishes what runs. Answers how many. Safe twice."""
    rows = Booking.objects.filter(enterprise__state__in=GONE, state__in=TAKEN, starts_at__gt=at)
    ids = list(rows.order_by("starts_at", "pk").values_list("pk", flat=True))
    return each_alone(ids, partial(_handed_over, at=at))


def _handed_over(booking_id: int, *, at: datetime) -> bool:
    """Locks the booking; false if it or its enterprise has changed meanwhile."""
    Booking.objects.select_for_update(no_key=True).only("pk").get(pk=booking_id)
    rows: Any = Booking.objects.defer(*PERSONAL).select_related("item", "enterprise")
    booking: Booking = rows.get(pk=booking_id)
    if booking.state not in TAKEN or booking.enterprise is None or booking.enterprise.state not in GONE:
        return False
    offers = PointOffer.objects.filter(booking=booking, state__in=[PointOffer.State.OPEN, PointOffer.State.ACCEPTED])
    offers.update(state=PointOffer.State.WITHDRAWN, decided_at=at, reason=LEFT.reason_code)
    crew = _crew(booking)
    if booking.any_enterprise and booking.item.needs_worker:
        _to_others(booking, at)
    else:
        _to_nobody(booking, at)
    tell([notice(booking, TAKEN_AWAY, person, **in_both([LEFT])) for person in crew], at=at)
    return True


def _crew(booking: Booking) -> Sequence[int]:
    live = Assignment.objects.filter(visit=booking.visit_id, state__in=LIVE).order_by("pk")
    return list(live.values_list("worker__user_id", flat=True))


def _to_others(booking: Booking, at: datetime) -> None:
    """As if no point had been asked yet: dispatch looks for another enterprise at once."""
    nobody = {**NOBODY_COMES, "point": None, "point_area": "", "enterprise": None, "dispatch_due_at": at}
    changes = [Change(booking.pk, nobody)]
    advance([booking.pk], "hand_over", at=at, actor=SYSTEM_ACTOR, reason=_reason(), changes=changes)
    release_crews([booking.visit_id], reason=LEFT.reason_code)
    wake_shard(DISPATCH, booking.shard)


def _to_nobody(booking: Booking, at: datetime) -> None:
    """The point stays on the booking: its desk is told, and has it in its inbox."""
    changes = [Change(booking.pk, {**NOBODY_COMES, "dispatch_due_at": None})]
    moved = advance([booking.pk], "lose_enterprise", at=at, actor=SYSTEM_ACTOR, reason=_reason(), changes=changes)
    free_time_of(moved, reason=LEFT.reason_code)


def _reason() -> str:
    return _("The enterprise has left the platform.")
