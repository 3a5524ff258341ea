"""The gate asked again after workers were named: papers lapse, are revoked, and workers are suspended meanwhile."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from bookings.dispatch.queries import context_of
from bookings.lifecycle.actions import advance
from bookings.lifecycle.models import PERSONAL, Assignment, Booking, State
from bookings.lifecycle.rules import NOBODY_COMES, SYSTEM_ACTOR, Change
from bookings.orders.actions import DISPATCH
from homeservice.kernel.clock import local_day
from homeservice.kernel.queue import wake_shard
from providers.credentials.queries import assess_workers
from providers.credentials.rules import ENTERPRISE_NOT_ACTIVE, Assessment, Context

LOOKED_AHEAD = timedelta(days=3)  # what lapses later is renewed in time, or seen then
REASON_MAX = 200
NAMED = (State.ASSIGNED, State.CONFIRMED)
LIVE = (Assignment.State.ASSIGNED, Assignment.State.CONFIRMED)


def why_unfit(answer: Assessment) -> str:
    """What forbids a named worker to go on, in words; empty if nothing does.

    A suspended enterprise takes no new orders but finishes those that run (domain §8.2, 20).
    """
    against = [one for one in answer.blocking if one.reason_code != ENTERPRISE_NOT_ACTIVE.reason_code]
    return Assessment(answer.verdict, tuple(against)).reasons


def replace_unfit(*, at: datetime) -> int:
    """Named workers whom the gate forbids their visit of the next days make room, and dispatch seeks others.

    A transaction for each booking, asked again under its lock. Answers how many were replaced. Safe twice.
    """
    coming = Booking.objects.filter(state__in=NAMED, starts_at__gt=at, starts_at__lte=at + LOOKED_AHEAD)
    rows = coming.filter(item__needs_worker=True).defer(*PERSONAL).select_related("item", "recipient")
    unfit = _unfit(list(rows.order_by("starts_at", "pk")))
    return sum(_replaced(booking_id, against, at) for booking_id, against in unfit.items())


def _unfit(bookings: Sequence[Booking]) -> dict[int, dict[int, str]]:
    """For each booking the workers who may not go, with the reason. The gate is asked once an item and day."""
    crews: dict[int, list[int]] = defaultdict(list)
    live = Assignment.objects.filter(visit__in=[one.visit_id for one in bookings], state__in=LIVE)
    for visit_id, worker_id in live.order_by("pk").values_list("visit_id", "worker_id"):
        crews[visit_id].append(worker_id)
    alike: dict[tuple[str, date, Context], list[Booking]] = defaultdict(list)
    for booking in bookings:
        alike[booking.item_id, local_day(booking.starts_at), context_of(booking)].append(booking)
    found: dict[int, dict[int, str]] = {}
    for (_item, day, context), group in alike.items():
        named = {worker_id for one in group for worker_id in crews[one.visit_id]}
        answers = assess_workers(sorted(named), group[0].item, day, context)
        reasons = {worker_id: why_unfit(answer) for worker_id, answer in answers.items()}
        for one in group:
            against = {worker_id: reasons[worker_id] for worker_id in crews[one.visit_id] if reasons[worker_id]}
            found |= {one.pk: against} if against else {}
    return found


@transaction.atomic
def _replaced(booking_id: int, against: Mapping[int, str], at: datetime) -> bool:
    """Locks the booking; false if it or the workers have moved on meanwhile."""
    booking: Any = Booking.objects.select_for_update(no_key=True).defer(*PERSONAL).get(pk=booking_id)
    gone = Assignment.objects.filter(visit=booking.visit_id, worker__in=list(against), state__in=LIVE)
    if booking.state not in NAMED or not gone.exists():
        return False
    change = Change(booking_id, {**NOBODY_COMES, "dispatch_due_at": at})
    reason = "; ".join(dict.fromkeys(against.values()))[:REASON_MAX]
    advance([booking_id], "replace", at=at, actor=SYSTEM_ACTOR, reason=reason, changes=[change])
    gone.update(state=Assignment.State.RELEASED, released_reason="replaced")
    wake_shard(DISPATCH, booking.shard)
    return True
