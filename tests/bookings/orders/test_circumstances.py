"""What the work involves is asked before times are shown, and decides who may come, to the door."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bookings.desk.tickets import issue
from bookings.dispatch.answers import assign_by_hand
from bookings.dispatch.tasks import replace_unfit
from bookings.lifecycle.models import Assignment, Booking, State
from bookings.lifecycle.rules import Actor
from bookings.orders.actions import ask_for, hold_time
from bookings.slots.queries import free_times
from bookings.visits.actions import check_in, confirm_visit
from homeservice.kernel import clock
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Channel, Circumstance, Role
from providers.workers.models import Worker
from tests import world
from tests.bookings.api.test_api import asking
from tests.bookings.api.test_api import wish as body_of
from tests.bookings.ordering import place, resident, tomorrow
from tests.bookings.visits.crew import SOON, fresh, rounds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
SignIn = Callable[..., Client]
QUESTION = "Is it outside, or a window that cannot be cleaned from inside?"
WORDS = "Work at height, outside or on high windows"


def windows() -> tuple[world.Town, Worker]:
    """A town whose entry asks for height; the climber, farther away, is the one who may work there."""
    town = world.town()
    world.item().__class__.objects.filter(pk="CL01").update(circumstances=["height"])
    town.entry = type(town.entry).objects.get(pk=town.entry.pk)
    world.requirement("LIC-HI", condition="height", reason_code="needs_height")
    climber = world.worker(town.enterprise, "周师傅", lat=world.HOME[0] + 0.01)
    world.credential(climber, "LIC-HI")
    return town, climber


def held_at_height(town: world.Town) -> Booking:
    return hold_time(
        entry=town.entry, household=town.home, quantity=2, starts_at=tomorrow(10), resident=town.alice,
        actor=resident(town.alice), channel=Channel.WEB, at=world.NOW, circumstances=[Circumstance.HEIGHT],
    )  # fmt: skip


def named() -> list[int]:
    return list(Assignment.objects.exclude(state="released").values_list("worker_id", flat=True))


def test_only_those_who_may_do_such_work_are_held_named_and_let_in() -> None:
    town, climber = windows()
    booking = held_at_height(town)
    assert (booking.circumstances, named()) == (["height"], [climber.pk])
    place(booking)
    rounds()
    assert (fresh(booking).state, named()) == (State.ASSIGNED, [climber.pk])

    desk = Actor(world.staff(point=town.point).pk, Role.STAFF)
    with pytest.raises(DomainError) as refusal:
        assign_by_hand(booking=booking, worker=town.worker, actor=desk, at=world.NOW, reason="居民要求")
    assert refusal.value.code == "gate_blocks"

    confirm_visit(booking=booking, worker=climber, at=world.NOW)
    climber.credentials.filter(code="LIC-HI").update(state="revoked")
    with pytest.raises(DomainError) as refusal:
        check_in(booking=booking, worker=climber, door_code=fresh(booking).door_code, at=SOON)
    assert refusal.value.code == "gate_blocks"
    assert replace_unfit() == 1


def test_the_times_shown_are_those_of_the_people_who_may_do_it() -> None:
    town, climber = windows()
    Worker.objects.filter(pk=climber.pk).update(state="suspended")
    day = tomorrow(10).date()
    inside = ask_for(town.entry, town.home, 2)
    outside = ask_for(town.entry, town.home, 2, circumstances=["height"])
    assert free_times(inside, first_day=day, days=1, at=world.NOW) != []
    assert free_times(outside, first_day=day, days=1, at=world.NOW) == []


def test_what_the_item_does_not_ask_cannot_be_answered_with_yes() -> None:
    town = world.town()
    with pytest.raises(DomainError) as refusal:
        held_at_height(town)
    assert (refusal.value.code, refusal.value.field) == ("circumstance_unknown", "circumstances")
    assert not Booking.objects.exists()


def test_the_page_asks_plainly_and_a_no_is_assumed(sign_in: SignIn) -> None:
    town, climber = windows()
    client = sign_in(town.alice)
    client.cookies["language"] = "en"
    page = client.get(reverse("order_start", args=[town.entry.pk]))
    assert [(one.code, one.yes) for one in page.context["questions"]] == [("height", False)]
    assert QUESTION in page.content.decode()
    Worker.objects.filter(pk=climber.pk).update(state="suspended")
    outside = client.get(reverse("order_start", args=[town.entry.pk]), {"height": "yes"})
    assert outside.context["questions"][0].yes
    assert outside.context["nothing_free"]
    assert not page.context.get("nothing_free")


def test_the_answer_goes_from_the_page_to_the_booking_and_into_the_next_order(sign_in: SignIn) -> None:
    town, _climber = windows()
    client = sign_in(town.alice)
    client.cookies["language"] = "en"
    wanted = {
        "household": town.home.pk, "quantity": 2, "height": "yes", "wiring": "yes",
        "starts_at": clock.local(tomorrow(10)).isoformat(),
    }  # fmt: skip
    client.post(reverse("order_hold", args=[town.entry.pk]), wanted)
    booking = Booking.objects.get()
    assert booking.circumstances == ["height"]  # wiring is none of this item's questions
    assert WORDS in client.get(reverse("order_details", args=[booking.no])).content.decode()
    place(booking)
    assert WORDS in client.get(reverse("booking_page", args=[booking.no])).content.decode()
    again = client.get(reverse("booking_again", args=[booking.no]))
    assert "height=yes" in again["Location"]


def test_the_elder_version_asks_on_a_page_of_its_own_before_the_days(sign_in: SignIn) -> None:
    town, _climber = windows()
    client = sign_in(town.alice)
    client.cookies["mode"] = "elder"
    page = client.get(reverse("order_start", args=[town.entry.pk]), {"step": "work", "quantity": 3})
    assert (page.context["step"], page.context["next_step"]) == ("work", "day")
    days = client.get(reverse("order_start", args=[town.entry.pk]), {"step": "day", "quantity": 3, "height": "yes"})
    assert "height=yes" in days.context["days"][1]["href"]
    assert "step=work" in days.context["back_url"]


def test_staff_ask_it_at_the_desk_and_desk_enterprise_and_worker_see_the_answer(sign_in: SignIn) -> None:
    town, climber = windows()
    staff = world.staff(point=town.point)
    desk = sign_in(staff, second_factor=True)
    desk.cookies["language"] = "en"
    token = issue(resident=town.alice, staff=staff, channel="phone")
    wanted: dict[str, Any] = {"household": town.home.pk, "entry": town.entry.pk, "quantity": "2", "height": "yes"}
    page = desk.get(reverse("desk_order", args=[token]), wanted)
    assert QUESTION in page.content.decode()
    assert "height=yes" in page.context["days"][0]["href"]
    desk.post(reverse("desk_order_hold", args=[token]), wanted | {"starts_at": tomorrow(10).isoformat()})
    booking = Booking.objects.get()
    place(booking)
    rounds()
    manager, worker = sign_in(world.manager(town.enterprise)), sign_in(climber.user)
    for client, name in [(desk, "desk_booking"), (manager, "enterprise_booking"), (worker, "worker_visit")]:
        client.cookies["language"] = "en"
        assert WORDS in client.get(reverse(name, args=[booking.no])).content.decode(), name
    assert WORDS in worker.get(reverse("worker_day")).content.decode()


def test_a_program_learns_what_to_ask_and_says_it() -> None:
    town, climber = windows()
    ask = asking(town.alice)
    (offer,) = ask("get", f"communities/{world.CHASHAN}/menu/").json()
    assert offer["entry"]["circumstances"] == ["height"]
    slots = f"entries/{town.entry.pk}/slots/"
    wanted = {"household": town.home.pk, "quantity": 2, "days": 2}
    assert ask("get", slots, wanted | {"circumstances": "wiring"}).json()["code"] == "circumstance_unknown"
    assert ask("get", slots, wanted | {"circumstances": "flying"}).status_code == 422
    assert ask("get", slots, wanted | {"circumstances": "height"}).status_code == 200
    placed = ask("post", "bookings/", body_of(town, circumstances=["height"]), **{"Idempotency-Key": "a"})
    assert (placed.status_code, placed.json()["circumstances"]) == (201, ["height"])
    assert named() == [climber.pk]


def test_the_groups_of_the_person_it_is_for_reach_the_gate() -> None:
    town = world.town()
    world.requirement("SK-YL", condition="group", groups=["disabled"])
    carer = world.worker(town.enterprise, "周阿姨", lat=world.HOME[0] + 0.01)
    world.credential(carer, "SK-YL", level=5)
    person = world.recipient(town.home, groups=["disabled"])
    able = world.recipient(town.home, name="王爷爷", groups=["elder"])
    held = hold_time(
        entry=town.entry, household=town.home, quantity=2, starts_at=tomorrow(10), resident=town.alice,
        actor=resident(town.alice), channel=Channel.WEB, at=world.NOW,
    )  # fmt: skip
    assert named() == [carer.pk]  # until one is named, everybody of the home counts
    place(held, recipient_id=person.pk)
    rounds()
    assert named() == [carer.pk]
    other = hold_time(
        entry=town.entry, household=town.home, quantity=2, starts_at=tomorrow(14), resident=town.alice,
        actor=resident(town.alice), channel=Channel.WEB, at=world.NOW,
    )  # fmt: skip
    place(other, recipient_id=able.pk)
    carer.credentials.filter(code="SK-YL").update(state="revoked")
    rounds()
    assert fresh(other).state == State.ASSIGNED
