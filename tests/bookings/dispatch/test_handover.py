"""What becomes of the running bookings of an enterprise that is suspended, leaves or is blacklisted (domain §8.2, 20)."""

import pytest

from bookings.desk.queries import inbox_of
from bookings.dispatch.models import PointOffer
from bookings.dispatch.tasks import replace_unfit
from bookings.lifecycle.models import Assignment, Booking, State
from communities.inbox.models import Notification
from providers.enterprises.models import Enterprise
from providers.scope import scope_of
from tests import world
from tests.bookings.ordering import tomorrow
from tests.bookings.visits.crew import confirmed, fresh, rounds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def becomes(enterprise: Enterprise, state: str) -> None:
    Enterprise.objects.filter(pk=enterprise.pk).update(state=state)


def told(person: world.User) -> list[str]:
    return list(Notification.objects.filter(recipient=person).order_by("pk").values_list("title", flat=True))


def test_where_the_resident_allowed_it_another_enterprise_takes_over() -> None:
    town = world.town()
    rival = world.enterprise("阳光家政")
    neighbour = world.worker(rival, "赵阿姨")
    booking = confirmed(town, any_enterprise=True)
    world.entry(town.point, world.listing(rival, town.entry.listing.item))
    becomes(town.enterprise, "exited")

    assert replace_unfit() == 1
    waiting = fresh(booking)
    assert (waiting.state, waiting.enterprise, waiting.point, waiting.dispatch_due_at) == (
        State.PLACED, None, None, world.NOW,
    )  # fmt: skip
    assert PointOffer.objects.get(booking=booking).reason == "enterprise_left"
    rounds()

    assert (fresh(booking).state, fresh(booking).enterprise) == (State.ASSIGNED, rival)
    live = Assignment.objects.exclude(state="released").get()
    assert live.worker == neighbour
    assert told(town.alice)[-3:] == [
        "Another enterprise is being sought: %(item)s", "%(point)s has accepted: %(item)s",
        "Another worker will come: %(item)s",
    ]  # fmt: skip
    assert told(town.worker.user)[-1] == "A visit is no longer yours: %(item)s"
    assert replace_unfit() == 0


@pytest.mark.parametrize("state", ["exited", "blacklisted"])
def test_where_not_resident_and_desk_are_told_and_the_desk_has_it_in_its_inbox(state: str) -> None:
    town = world.town()
    desk = world.staff(point=town.point)
    booking = confirmed(town)
    becomes(town.enterprise, state)

    assert replace_unfit() == 1

    lost = fresh(booking)
    assert (lost.state, lost.dispatch_due_at, lost.ended_at, lost.point) == (
        State.UNFILLED,
        None,
        world.NOW,
        town.point,
    )
    assert not Assignment.objects.exclude(state="released").exists()
    assert told(town.alice)[-1] == "The enterprise can no longer come: %(item)s"
    assert told(desk)[-1] == "The enterprise of a booking has left: %(item)s"
    rows = inbox_of(scope_of(desk, second_factor=True), at=world.NOW).rows
    assert [(row.kind, row.booking) for row in rows] == [("unfilled", lost)]
    assert replace_unfit() == 0


@pytest.mark.parametrize("allowed", [True, False])
def test_who_must_be_replaced_at_a_suspended_enterprise_is_not_replaced_by_a_colleague(allowed: bool) -> None:
    """A suspended enterprise sends nobody anew: the visit goes to another where the resident allowed it."""
    town = world.town()
    world.worker(town.enterprise, "周阿姨")
    rival = world.enterprise("阳光家政")
    neighbour = world.worker(rival, "赵阿姨")
    booking = confirmed(town, any_enterprise=allowed)
    world.entry(town.point, world.listing(rival, town.entry.listing.item))
    becomes(town.enterprise, "suspended")
    town.worker.state = "suspended"
    town.worker.save()

    assert replace_unfit() == 1
    rounds()

    after, sent = fresh(booking), Assignment.objects.exclude(state="released").values_list("worker", flat=True)
    assert (after.state, list(sent)) == ((State.ASSIGNED, [neighbour.pk]) if allowed else (State.UNFILLED, []))
    assert "We are looking for another worker: %(item)s" in told(town.alice)


def test_a_suspended_enterprise_hands_nothing_over() -> None:
    town = world.town()
    booking = confirmed(town, any_enterprise=True)
    becomes(town.enterprise, "suspended")
    assert (replace_unfit(), fresh(booking).state) == (0, State.CONFIRMED)


def test_a_visit_that_has_begun_is_finished_by_whom_began_it() -> None:
    town = world.town()
    booking = confirmed(town)
    Booking.objects.filter(pk=booking.pk).update(state=State.IN_SERVICE)
    becomes(town.enterprise, "exited")
    assert (replace_unfit(), fresh(booking).state) == (0, State.IN_SERVICE)


def test_one_that_crashes_keeps_no_other_from_being_handed_over() -> None:
    town = world.town()
    broken, sound = confirmed(town), confirmed(town, tomorrow(14))
    Booking.objects.filter(pk=broken.pk).update(snapshot=[])
    becomes(town.enterprise, "exited")
    assert replace_unfit() == 1
    assert [fresh(one).state for one in (broken, sound)] == [State.CONFIRMED, State.UNFILLED]
