"""Seats and the queue for them."""

from datetime import timedelta

import pytest

from communities.inbox.models import Notification
from homeservice.kernel.errors import DomainError
from providers.training.actions import enrol, leave
from providers.training.models import Enrolment, Session
from providers.training.queries import waiting_position
from tests import world
from tests.providers.training.school import TOMORROW, course, school, session

pytestmark = pytest.mark.django_db


@pytest.fixture
def small() -> Session:
    """One seat."""
    return session(course(school()), seats=1)


def states(of: Session) -> list[tuple[str, str]]:
    rows = Enrolment.objects.filter(session=of).select_related("user").order_by("pk")
    return [(row.user.name, row.state) for row in rows]


def test_the_first_has_the_seat_and_the_others_wait_in_the_order_of_their_coming(small):
    rows = [enrol(session=small, user=world.user(name), at=world.NOW) for name in ("爱丽丝", "鲍勃", "查理")]
    assert states(small) == [("爱丽丝", "enrolled"), ("鲍勃", "waiting"), ("查理", "waiting")]
    assert [waiting_position(row) for row in rows[1:]] == [1, 2]
    small.refresh_from_db()
    assert small.taken == 1


def test_a_seat_given_back_goes_to_the_next_who_is_told(small):
    alice, bob, charlie = (enrol(session=small, user=world.user(n), at=world.NOW) for n in ("爱丽丝", "鲍勃", "查理"))
    leave(enrolment=alice, at=world.NOW)
    small.refresh_from_db()
    assert (small.taken, states(small)) == (
        1, [("爱丽丝", "cancelled"), ("鲍勃", "enrolled"), ("查理", "waiting")]
    )  # fmt: skip
    assert list(Notification.objects.values_list("recipient_id", "dedupe_key")) == [(bob.user_id, f"seat-{bob.pk}")]
    assert waiting_position(charlie) == 1


def test_leaving_the_queue_frees_no_seat(small):
    enrol(session=small, user=world.user("爱丽丝"), at=world.NOW)
    bob = enrol(session=small, user=world.user("鲍勃"), at=world.NOW)
    leave(enrolment=bob, at=world.NOW)
    small.refresh_from_db()
    assert (small.taken, Notification.objects.count()) == (1, 0)


@pytest.mark.parametrize("seats", [1, 5])
def test_nobody_enrols_twice_not_even_in_the_queue(seats):
    of, alice = session(course(school()), seats=seats), world.user("爱丽丝")
    if seats == 1:
        enrol(session=of, user=world.user("鲍勃"), at=world.NOW)
    enrol(session=of, user=alice, at=world.NOW)
    with pytest.raises(DomainError) as refusal:
        enrol(session=of, user=alice, at=world.NOW)
    of.refresh_from_db()
    assert (refusal.value.code, of.taken, Enrolment.objects.filter(user=alice).count()) == ("enrolled_already", 1, 1)


def test_who_gave_the_seat_back_may_come_again(small):
    alice = world.user("爱丽丝")
    leave(enrolment=enrol(session=small, user=alice, at=world.NOW), at=world.NOW)
    enrol(session=small, user=alice, at=world.NOW)
    assert states(small) == [("爱丽丝", "cancelled"), ("爱丽丝", "enrolled")]


def test_the_queue_has_an_end(small):
    for number in range(11):
        enrol(session=small, user=world.user(f"居民{number}"), at=world.NOW)
    with pytest.raises(DomainError) as refusal:
        enrol(session=small, user=world.user("查理"), at=world.NOW)
    assert refusal.value.code == "waiting_full"


@pytest.mark.parametrize("fields", [{"state": "draft"}, {"state": "cancelled"}, {"state": "held"}])
def test_a_session_that_is_not_open_takes_nobody(fields):
    of = session(course(school()), **fields)
    with pytest.raises(DomainError) as refusal:
        enrol(session=of, user=world.user("爱丽丝"), at=world.NOW)
    assert (refusal.value.code, Enrolment.objects.count()) == ("session_closed", 0)


def test_a_session_that_has_begun_takes_nobody_and_lets_nobody_go(small):
    alice = enrol(session=small, user=world.user("爱丽丝"), at=world.NOW)
    with pytest.raises(DomainError) as late:
        enrol(session=small, user=world.user("鲍勃"), at=TOMORROW)
    with pytest.raises(DomainError) as going:
        leave(enrolment=alice, at=TOMORROW)
    assert (late.value.code, going.value.code) == ("session_closed", "enrolment_over")


def test_a_suspended_institutions_session_takes_nobody():
    of = session(course(school(state="suspended")))
    with pytest.raises(DomainError) as refusal:
        enrol(session=of, user=world.user("爱丽丝"), at=world.NOW)
    assert refusal.value.code == "session_closed"


def test_the_seat_is_given_back_once(small):
    alice = enrol(session=small, user=world.user("爱丽丝"), at=world.NOW)
    leave(enrolment=alice, at=world.NOW)
    with pytest.raises(DomainError) as refusal:
        leave(enrolment=alice, at=world.NOW + timedelta(minutes=1))
    small.refresh_from_db()
    assert (refusal.value.code, small.taken) == ("enrolment_over", 0)
