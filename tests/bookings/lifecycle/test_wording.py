from datetime import timedelta
from typing import Any

import pytest
from django.utils.translation import override

from bookings.lifecycle.models import Booking, BookingEvent, State
from bookings.lifecycle.steps import STEPS
from bookings.lifecycle.wording import EVENT_TITLES, next_step_text, timeline
from homeservice.kernel import clock
from providers.catalogue.models import ServiceItem
from tests import world

STARTS_AT = world.NOW + timedelta(hours=25)


def booking(state: str, *, needs_worker: bool = True, **fields: Any) -> Booking:
    return Booking(
        state=state, item=ServiceItem(code="CL01", needs_worker=needs_worker), starts_at=STARTS_AT,
        ends_at=STARTS_AT + timedelta(hours=2), hold_until=world.NOW + timedelta(minutes=10), **fields,
    )  # fmt: skip


def event(step: str, source: str, target: str) -> BookingEvent:
    return BookingEvent(step=step, source=source, target=target, at=world.NOW, actor_role="system")


def shape(of: Booking, *events: BookingEvent) -> list[tuple[str, str]]:
    with clock.frozen(world.NOW), override("en"):
        return [(str(item.title), item.kind) for item in timeline(of, events)]


def test_every_step_has_words() -> None:
    assert set(EVENT_TITLES) == set(STEPS)


@pytest.mark.parametrize("state", [s for s in State if s not in ("settled", "cancelled", "unfilled", "no_show")])
def test_every_state_on_the_way_says_what_is_next(state: str) -> None:
    with clock.frozen(world.NOW):
        assert next_step_text(booking(state))


@pytest.mark.parametrize("state", ["settled", "cancelled", "unfilled", "no_show"])
def test_nothing_is_next_after_the_end(state: str) -> None:
    assert next_step_text(booking(state)) == ""


def test_what_happened_comes_before_what_is_awaited_and_what_is_to_come() -> None:
    life = [event("hold", "", "held"), event("place", "held", "placed")]
    assert shape(booking("placed"), *life) == [
        ("You placed the order", "done"), ("Looking for a service point", "now"), ("The worker comes", "next"),
        ("Service ends", "next"),
    ]  # fmt: skip


def test_after_confirming_everybody_waits_for_the_worker() -> None:
    assert shape(booking("confirmed")) == [("The worker comes", "now"), ("Service ends", "next")]
    assert shape(booking("confirmed", on_the_way_at=world.NOW))[0] == ("The worker is on the way", "now")
    assert shape(booking("confirmed", arrived_at=world.NOW))[0] == ("The worker is at the door", "now")


def test_a_seat_needs_no_worker() -> None:
    assert shape(booking("accepted", needs_worker=False)) == [("Service begins", "now"), ("Service ends", "next")]
    with clock.frozen(world.NOW), override("en"):
        assert next_step_text(booking("accepted", needs_worker=False)).startswith("Your place is kept.")


def test_a_bad_end_ends_the_timeline() -> None:
    assert shape(booking("cancelled"), event("cancel", "placed", "cancelled")) == [("Cancelled", "bad")]


def test_why_a_worker_refused_is_not_told_to_the_resident() -> None:
    ill = BookingEvent(step="refuse", source="confirmed", target="accepted", at=world.NOW, reason="发烧了")
    off = BookingEvent(step="cancel", source="accepted", target="cancelled", at=world.NOW, reason="临时有事")
    assert [item.body for item in timeline(booking("cancelled"), [ill, off])] == ["", "临时有事"]
