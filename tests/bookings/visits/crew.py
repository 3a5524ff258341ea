"""Visits as far as a test needs them: named, confirmed, begun."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bookings.dispatch.actions import run_round
from bookings.lifecycle.models import Booking
from bookings.visits.actions import check_in, confirm_visit
from tests import world
from tests.bookings.ordering import placed, tomorrow

START = tomorrow(10)
SOON = START - timedelta(minutes=20)


def fresh(booking: Booking) -> Booking:
    return Booking.objects.get(pk=booking.pk)


def rounds(at: datetime = world.NOW) -> None:
    while run_round("4401", at=at):
        pass


def assigned(town: world.Town, starts_at: datetime | None = None, **details: object) -> Booking:
    """Alice's booking, dispatched to the town's worker, who has not answered yet."""
    booking = placed(town, starts_at, **details)
    rounds()
    return fresh(booking)


def confirmed(town: world.Town, starts_at: datetime | None = None, **details: object) -> Booking:
    booking = assigned(town, starts_at, **details)
    confirm_visit(booking=booking, worker=town.worker, at=world.NOW)
    return fresh(booking)


def begun(town: world.Town, starts_at: datetime | None = None, *, at: datetime | None = None) -> Booking:
    booking = confirmed(town, starts_at)
    check_in(
        booking=booking,
        worker=town.worker,
        door_code=booking.door_code,
        at=at or booking.starts_at - timedelta(minutes=5),
    )
    return fresh(booking)


def wrong(code: str) -> str:
    """Another code of four digits."""
    return f"{(int(code) + 1) % 10_000:04d}"


Maker = Callable[[world.Town], Booking]
