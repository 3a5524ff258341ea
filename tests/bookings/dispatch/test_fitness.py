"""The gate after naming: in the days before a visit, and on its day."""

from datetime import timedelta

import pytest

from bookings.dispatch.tasks import replace_unfit
from bookings.lifecycle.models import Assignment, BookingEvent, State
from bookings.orders.drafts import keep_details
from bookings.orders.rules import Details
from bookings.visits.actions import check_in, refuse_visit
from communities.inbox.models import Notification
from homeservice.kernel.errors import DomainError
from providers.credentials.models import Credential
from providers.workers.models import Worker
from tests import world
from tests.bookings.ordering import hold, place, tomorrow
from tests.bookings.visits.crew import SOON, assigned, confirmed, fresh, rounds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def assignments() -> list[tuple[int, str, str]]:
    return list(Assignment.objects.order_by("pk").values_list("worker_id", "state", "released_reason"))


def revoke_papers_of(worker: Worker) -> None:
    Credential.objects.filter(worker=worker).update(state="revoked")


@pytest.mark.parametrize("far", [assigned, confirmed])
def test_a_named_worker_whose_paper_is_revoked_is_replaced_and_dispatch_finds_another(far) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    booking = far(town)
    other = world.worker(town.enterprise, "周阿姨")
    revoke_papers_of(town.worker)

    assert replace_unfit() == 1

    waiting = fresh(booking)
    assert (waiting.state, waiting.dispatch_due_at, waiting.confirmed_at) == (State.ACCEPTED, world.NOW, None)
    assert BookingEvent.objects.get(step="replace").reason == "需要ID"
    assert Notification.objects.filter(recipient=town.alice, title__startswith="Another worker will come").count() == 1
    rounds()
    assert fresh(booking).state == State.ASSIGNED
    assert assignments() == [(town.worker.pk, "released", "replaced"), (other.pk, "assigned", "")]
    assert replace_unfit() == 0


def test_a_suspended_worker_is_replaced_and_with_nobody_else_the_resident_is_told() -> None:
    town = world.town()
    booking = confirmed(town)
    Worker.objects.filter(pk=town.worker.pk).update(state="suspended")

    assert replace_unfit() == 1
    rounds()

    assert fresh(booking).state == State.UNFILLED


def test_a_suspended_enterprise_finishes_the_orders_that_run() -> None:
    town = world.town()
    booking = confirmed(town)
    town.enterprise.state = "suspended"
    town.enterprise.save()

    assert replace_unfit() == 0
    check_in(booking=booking, worker=town.worker, door_code=booking.door_code, at=SOON)

    assert fresh(booking).state == State.IN_SERVICE


def test_only_the_one_of_a_crew_who_may_not_come_makes_room() -> None:
    town = world.town()
    bath = world.item("EL05", crew_size=2)
    second = world.worker(town.enterprise, "周阿姨")
    town.entry = world.entry(town.point, world.listing(town.enterprise, bath))
    assigned(town)
    revoke_papers_of(second)

    assert replace_unfit() == 1

    assert assignments() == [(town.worker.pk, "assigned", ""), (second.pk, "released", "replaced")]


def test_visits_of_next_week_are_looked_at_when_they_come_near() -> None:
    town = world.town()
    booking = confirmed(town, tomorrow(10) + timedelta(days=5))
    revoke_papers_of(town.worker)

    assert (replace_unfit(), fresh(booking).state) == (0, State.CONFIRMED)


def test_nobody_begins_a_service_with_a_paper_that_has_lapsed() -> None:
    town = world.town()
    booking = confirmed(town)
    revoke_papers_of(town.worker)

    with pytest.raises(DomainError) as refusal:
        check_in(booking=booking, worker=town.worker, door_code=booking.door_code, at=SOON)

    assert (refusal.value.code, refusal.value.field) == ("gate_blocks", "door_code")
    assert (fresh(booking).state, fresh(booking).door_code_misses) == (State.CONFIRMED, 0)


def test_the_gate_is_asked_once_for_visits_alike(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    confirmed(town)
    with django_assert_num_queries(5):
        replace_unfit()
    confirmed(town, tomorrow(14))
    confirmed(town, tomorrow(17))
    with django_assert_num_queries(5):
        replace_unfit()


def test_an_order_for_the_whole_home_asks_for_the_papers_that_its_weakest_member_needs() -> None:
    town = world.town()
    world.requirement("SK-YL", condition="care_level_2")
    world.recipient(town.home, care_level=3)
    able = world.worker(town.enterprise, "周阿姨", lat=world.HOME[0] + 0.01)
    world.credential(able, "SK-YL", level=5)
    booking = assigned(town)
    assert assignments() == [(able.pk, "assigned", "")]

    refuse_visit(booking=booking, worker=able, reason="病了", at=world.NOW)
    rounds()

    assert (fresh(booking).state, assignments()) == (State.UNFILLED, [(able.pk, "released", "refused")])


def test_a_home_where_a_child_lives_asks_for_the_child_protection_check_without_being_told() -> None:
    town = world.town()
    world.requirement("BG2", condition="child")
    world.recipient(town.home, name="小宝", groups=["infant"])
    checked = world.worker(town.enterprise, "周阿姨", lat=world.HOME[0] + 0.01)
    world.credential(checked, "BG2")

    held = hold(town.alice, town.home, town.entry, tomorrow(10))
    keep_details(booking=held, details=Details(contact_name="爱丽丝", contact_phone="13900000000"), at=world.NOW)
    place(held)
    rounds()
    booking = fresh(held)

    assert (booking.child_present, assignments()) == (True, [(checked.pk, "assigned", "")])
