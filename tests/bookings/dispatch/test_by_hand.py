"""Naming by hand: a deadline like for others, one of a crew for another, and a word to who was replaced."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bookings.dispatch.answers import assign_by_hand
from bookings.lifecycle.models import Assignment, Booking, State
from bookings.lifecycle.rules import Actor
from bookings.visits.actions import confirm_visit, refuse_visit
from communities.inbox.models import Notification
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Role
from providers.workers.models import Worker
from tests import world
from tests.bookings.visits.crew import assigned, confirmed, fresh, rounds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
SignIn = Callable[..., Client]
CREW = 2


def desk_of(town: world.Town) -> Actor:
    return Actor(world.staff(point=town.point).pk, Role.STAFF)


def crew() -> list[tuple[int, str]]:
    live = Assignment.objects.exclude(state="released").order_by("worker")
    return list(live.values_list("worker_id", "state"))


def town_with_a_crew() -> tuple[world.Town, Worker, Booking]:
    """A visit that needs two, named: the town's worker and a second one."""
    town = world.town()
    bath = world.item("EL05", crew_size=CREW)
    second = world.worker(town.enterprise, "周阿姨")
    town.entry = world.entry(town.point, world.listing(town.enterprise, bath))
    return town, second, assigned(town)


def test_whoever_is_named_by_hand_has_an_hour_to_confirm_then_dispatch_goes_on() -> None:
    town = world.town()
    other = world.worker(town.enterprise, "周阿姨", lat=world.HOME[0] + 0.01)
    booking = assigned(town)
    assign_by_hand(booking=booking, worker=other, actor=desk_of(town), at=world.NOW, reason="居民要求")
    assert fresh(booking).dispatch_due_at == world.NOW + timedelta(hours=1)

    third = world.worker(town.enterprise, "吴阿姨", lat=world.HOME[0] + 0.02)
    rounds(world.NOW + timedelta(hours=1))

    assert (fresh(booking).state, crew()) == (State.ASSIGNED, [(third.pk, "assigned")])


def test_who_is_replaced_by_hand_is_told_and_the_resident_hears_of_another() -> None:
    town = world.town()
    other = world.worker(town.enterprise, "周阿姨")
    booking = confirmed(town)
    before = list(Notification.objects.values_list("pk", flat=True))
    assign_by_hand(booking=booking, worker=other, actor=desk_of(town), at=world.NOW, reason="居民要求")
    told = Notification.objects.exclude(pk__in=before)
    assert {(one.recipient, one.title) for one in told} == {
        (town.worker.user, "A visit is no longer yours: %(item)s"),
        (other.user, "New visit for you: %(item)s"),
        (town.alice, "Another worker will come: %(item)s"),
    }


def test_one_of_a_crew_is_replaced_and_the_other_stays_with_their_yes() -> None:
    town, second, booking = town_with_a_crew()
    for one in (town.worker, second):
        confirm_visit(booking=booking, worker=one, at=world.NOW)
    third = world.worker(town.enterprise, "吴阿姨")
    before = list(Notification.objects.values_list("pk", flat=True))
    assign_by_hand(
        booking=booking, worker=third, actor=desk_of(town), at=world.NOW, reason="居民要求", instead_of=second.pk
    )
    assert (fresh(booking).state, crew()) == (
        State.ASSIGNED, [(town.worker.pk, "confirmed"), (third.pk, "assigned")]
    )  # fmt: skip
    told = Notification.objects.exclude(pk__in=before).values_list("recipient", flat=True)
    assert set(told) == {second.user_id, third.user_id, town.alice.pk}  # who stays hears nothing new
    confirm_visit(booking=booking, worker=third, at=world.NOW)
    assert fresh(booking).state == State.CONFIRMED


@pytest.mark.parametrize("instead_of", [None, 10**9])
def test_of_a_crew_somebody_must_be_chosen_who_goes(instead_of: int | None) -> None:
    town, second, booking = town_with_a_crew()
    third = world.worker(town.enterprise, "吴阿姨")
    with pytest.raises(DomainError) as refusal:
        assign_by_hand(
            booking=booking, worker=third, actor=desk_of(town), at=world.NOW, reason="x", instead_of=instead_of
        )
    assert (refusal.value.code, refusal.value.field) == ("instead_of_missing", "instead_of")
    assert crew() == [(town.worker.pk, "assigned"), (second.pk, "assigned")]


def test_a_crew_that_lacks_one_gets_one_by_hand() -> None:
    town, second, booking = town_with_a_crew()
    refuse_visit(booking=booking, worker=second, reason="病了", at=world.NOW)
    third = world.worker(town.enterprise, "吴阿姨")
    assign_by_hand(booking=booking, worker=third, actor=desk_of(town), at=world.NOW)
    assert (fresh(booking).state, crew()) == (State.ASSIGNED, [(town.worker.pk, "assigned"), (third.pk, "assigned")])


def test_somebody_who_is_of_the_crew_cannot_take_anothers_place() -> None:
    town, second, booking = town_with_a_crew()
    with pytest.raises(DomainError) as refusal:
        assign_by_hand(
            booking=booking, worker=town.worker, actor=desk_of(town), at=world.NOW, reason="x", instead_of=second.pk
        )
    assert refusal.value.code == "worker_busy"
    assert len(crew()) == CREW


@pytest.mark.parametrize("name", ["desk_assign", "enterprise_assign"])
def test_the_page_asks_who_of_the_crew_is_replaced(sign_in: SignIn, name: str) -> None:
    town, second, booking = town_with_a_crew()
    third = world.worker(town.enterprise, "吴阿姨")
    desk = sign_in(world.staff(point=town.point), second_factor=True)
    client = desk if name == "desk_assign" else sign_in(world.manager(town.enterprise))
    url = reverse(name, args=[booking.no])
    typed = {"assign-worker": third.pk, "assign-reason": "居民要求"}
    without = client.post(url, typed)
    assert (without.status_code, list(without.context["assign_form"].errors)) == (422, ["instead_of"])
    assert client.post(url, typed | {"assign-instead_of": second.pk}).status_code == 302
    assert crew() == [(town.worker.pk, "assigned"), (third.pk, "assigned")]
