"""What a resident has typed so far stands on the held booking: nothing is lost on the way to the order,
not by a step back, not by a visit to the identity page, not by a lapsed hold."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from bookings.lifecycle.models import Booking, State
from bookings.orders.rules import Details
from communities.accounts.actions import RecipientFacts, add_recipient
from communities.accounts.models import User
from homeservice.kernel.errors import DomainError

ANSWERED = "health_declared"  # in the snapshot: that the question was answered, never what
REMEMBERED = timedelta(hours=24)
_COLUMNS = ("recipient_id", "contact_name", "contact_phone", "note", "health_facts", "child_present", "any_enterprise")


def draft_of(booking: Booking) -> Details:
    """What is known so far of a held booking; for a fresh one, what was typed for a hold that lapsed today."""
    if not booking.contact_name:
        booking = _lapsed_just_now(booking) or booking
    return Details(
        **{name: getattr(booking, name) for name in _COLUMNS}, health_declared=bool(booking.snapshot.get(ANSWERED))
    )


@transaction.atomic
def keep_details(*, booking: Booking, details: Details, at: datetime) -> None:
    """The held booking carries the details. Raises `hold_lapsed`. Locks the booking; its state stays."""
    held = Booking.objects.select_for_update(of=("self",), no_key=True)
    row = held.filter(pk=booking.pk, state=State.HELD, hold_until__gt=at).first()
    if row is None:
        raise hold_lapsed()
    for name in _COLUMNS:
        setattr(row, name, getattr(details, name))
    row.snapshot = {**row.snapshot, ANSWERED: details.health_declared}
    row.save(update_fields=[name.removesuffix("_id") for name in _COLUMNS] + ["snapshot"])


def _lapsed_just_now(booking: Booking) -> Booking | None:
    lapsed = Booking.objects.filter(
        resident=booking.resident_id, household=booking.household_id, item=booking.item_id, state=State.CANCELLED,
        placed_at__isnull=True, created_at__gt=booking.created_at - REMEMBERED,
    )  # fmt: skip
    earlier = lapsed.order_by("-created_at", "-pk").first()
    return earlier if earlier and earlier.contact_name else None


@transaction.atomic
def name_recipient(*, booking: Booking, name: str, by: User, at: datetime) -> int:
    """The household has one more person whom services may be for. Answers their key. Raises `name_…`."""
    if booking.household is None:
        raise ValueError("only a booking of a household has recipients")
    facts = RecipientFacts(name=name)
    return int(add_recipient(household=booking.household, facts=facts, by=by, consented=False, at=at).pk)


def hold_lapsed() -> DomainError:
    """What a person is told whose ten minutes are over."""
    text = _("The time was held for ten minutes and is free again. Please choose anew.")
    return DomainError("hold_lapsed", text)
