"""Whom a step's messages reach, looked up for many bookings at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bookings.lifecycle.models import Assignment, Booking
from bookings.lifecycle.steps import DESK, ENTERPRISE, RESIDENT, UNCONFIRMED, WORKER
from communities.accounts.models import StaffPost
from communities.inbox.rules import Notice
from communities.points.models import PointStaff
from homeservice.kernel.states import Step
from providers.enterprises.models import EnterpriseManager

PAGE_OF = {
    RESIDENT: "booking_page", WORKER: "worker_visit", UNCONFIRMED: "worker_visit", DESK: "desk_booking",
    ENTERPRISE: "enterprise_booking",
}  # fmt: skip

Recipients = Mapping[int, set[int]]


def notices_of(step: Step, bookings: Sequence[Booking], moments: Mapping[int, datetime]) -> list[Notice]:
    """One notice for each message, booking and person concerned; a query for each audience of the step.

    `bookings` hold the step's outcome already. Shared visits tell the worker once a booking.
    """
    return [
        Notice(
            recipient_id=recipient,
            title=message.title,
            body=message.body,
            params=params_of(booking),
            url_name=PAGE_OF[message.audience],
            url_args=(booking.no,),
            at=moments[booking.pk],
            dedupe_key=f"{booking.pk}:{step.name}:{booking.version}:{message.audience}",
        )
        for message in step.messages
        for recipients in [recipients_of(message.audience, bookings)]
        for booking in bookings
        for recipient in sorted(recipients.get(booking.pk, ()))
    ]


def params_of(booking: Booking) -> dict[str, object]:
    """What the texts' places are filled with, when they are read."""
    return {
        "item_zh": booking.item.name_zh,
        "item_en": booking.item.name_en,
        "point": booking.snapshot.get("point", ""),
        "starts_at": booking.starts_at,
    }


def recipients_of(audience: str, bookings: Sequence[Booking]) -> Recipients:
    """For each booking the people of an audience; a query for any audience but the residents."""
    if audience == RESIDENT:
        return {booking.pk: {booking.resident_id} for booking in bookings}
    if audience == WORKER:
        return _workers(bookings, without=["released", "tentative"])
    if audience == UNCONFIRMED:
        return _workers(bookings, without=["released", "tentative", "confirmed", "done"])
    if audience == DESK:
        return _desks(bookings)
    return _by_key(
        bookings, "enterprise_id", EnterpriseManager.objects.filter(
            enterprise__in={booking.enterprise_id for booking in bookings}
        ).values_list("enterprise_id", "user_id")
    )  # fmt: skip


def _workers(bookings: Sequence[Booking], *, without: Sequence[str]) -> Recipients:
    named = Assignment.objects.exclude(state__in=without)
    named = named.filter(visit__in={booking.visit_id for booking in bookings})
    return _by_key(bookings, "visit_id", named.values_list("visit_id", "worker__user_id"))


def _desks(bookings: Sequence[Booking]) -> Recipients:
    """The point's own staff, or the staff of its community where it has none."""
    own = PointStaff.objects.filter(point__in={booking.point_id for booking in bookings})
    found = dict(_by_key(bookings, "point_id", own.values_list("point_id", "user_id")))
    without = [booking for booking in bookings if booking.pk not in found and booking.point_area]
    if without:
        areas = {booking.point_area for booking in without}
        posts = StaffPost.objects.filter(duty=StaffPost.Duty.STAFF, division__in=areas)
        found |= _by_key(without, "point_area", posts.values_list("division_id", "user_id"))
    return found


def _by_key(bookings: Sequence[Booking], key: str, pairs: Iterable[tuple[object, int]]) -> dict[int, set[int]]:
    people: dict[object, set[int]] = defaultdict(set)
    for of, person in pairs:
        people[of].add(person)
    return {booking.pk: people[getattr(booking, key)] for booking in bookings if getattr(booking, key) in people}
