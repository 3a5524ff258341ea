"""Ordering in tests, as a resident does it: hold a time, then place."""

from datetime import datetime, time, timedelta

from bookings.lifecycle.models import Booking
from bookings.lifecycle.rules import Actor
from bookings.menus.models import MenuEntry
from bookings.orders.actions import hold_time, place_booking
from bookings.orders.rules import Details
from communities.accounts.models import Household, User
from homeservice.kernel.clock import at_local
from homeservice.kernel.vocabulary import Channel, Role
from tests import world

TOMORROW = world.MONDAY + timedelta(days=1)


def tomorrow(hour: int, minute: int = 0) -> datetime:
    return at_local(TOMORROW, time(hour, minute))


def resident(person: User) -> Actor:
    return Actor(person.pk, Role.RESIDENT)


def hold(
    person: User, home: Household, entry: MenuEntry, starts_at: datetime, *, quantity: int = 2, at: datetime = world.NOW
) -> Booking:
    return hold_time(
        entry=entry, household=home, quantity=quantity, starts_at=starts_at, resident=person, actor=resident(person),
        channel=Channel.WEB, at=at,
    )  # fmt: skip


def place(booking: Booking, *, at: datetime = world.NOW, **details: object) -> Booking:
    given = {"contact_name": "爱丽丝", "contact_phone": "13900000000", "terms_version": "2026-1", **details}
    return place_booking(booking=booking, details=Details(**given), actor=resident(booking.resident), at=at)  # type: ignore[arg-type]


def placed(town: world.Town, starts_at: datetime | None = None, **details: object) -> Booking:
    """Alice's placed booking of two hours of cleaning, tomorrow at ten unless said otherwise."""
    held = hold(town.alice, town.home, town.entry, starts_at or tomorrow(10))
    return place(held, **details)
