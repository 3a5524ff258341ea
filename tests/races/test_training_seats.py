"""Twenty seats are twenty seats, whoever comes, and whoever leaves meanwhile."""

from collections import Counter
from functools import partial

import pytest

from communities.inbox.models import Notification
from homeservice.kernel.errors import DomainError
from providers.training.actions import enrol, leave, take_request
from providers.training.models import Enrolment, Session, TrainingRequest
from tests import world
from tests.providers.training.school import course, school, session, session_facts
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def outcome(answer: Enrolment | Exception) -> str:
    if isinstance(answer, DomainError):
        return answer.code
    assert isinstance(answer, Enrolment), answer
    return str(answer.state)


def seats_in_step(of: Session) -> tuple[int, int]:
    """What the session says is taken, and how many have a seat."""
    of.refresh_from_db()
    return of.taken, Enrolment.objects.filter(session=of, state="enrolled").count()


def in_waves(deeds: list, size: int = 50) -> list:
    """As many at a time as the database has connections for."""
    return [one for start in range(0, len(deeds), size) for one in all_at_once(deeds[start : start + size])]


def test_of_two_hundred_people_for_twenty_seats_twenty_are_seated_and_the_others_are_told() -> None:
    of = session(course(school()), seats=20)
    people = [world.user(f"居民{number}") for number in range(200)]

    answers = in_waves([partial(enrol, session=of, user=person, at=world.NOW) for person in people])

    assert Counter(map(outcome, answers)) == {"enrolled": 20, "waiting": 20, "waiting_full": 160}
    assert seats_in_step(of) == (20, 20)


def test_while_some_leave_nobody_is_seated_twice_and_no_seat_stays_empty_while_people_wait() -> None:
    of = session(course(school()), seats=20)
    seated = [enrol(session=of, user=world.user(f"先到{number}"), at=world.NOW) for number in range(20)]
    newcomers = [world.user(f"后到{number}") for number in range(25)]
    going = [partial(leave, enrolment=row, at=world.NOW) for row in seated[:10]]
    coming = [partial(enrol, session=of, user=person, at=world.NOW) for person in newcomers]

    answers = all_at_once([deed for pair in zip(coming, [*going, *[None] * 15], strict=True) for deed in pair if deed])

    assert not [answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, DomainError)]
    assert seats_in_step(of) == (20, 20)
    assert Enrolment.objects.filter(session=of, state="waiting").count() == 15
    promoted = Notification.objects.filter(dedupe_key__startswith="seat-").values_list("recipient_id", flat=True)
    assert len(set(promoted)) == len(promoted) <= 10


def test_one_person_who_presses_the_button_eight_times_has_one_seat() -> None:
    of, alice = session(course(school()), seats=20), world.user("爱丽丝")

    answers = all_at_once([partial(enrol, session=of, user=alice, at=world.NOW) for _press in range(8)])

    assert Counter(map(outcome, answers)) == {"enrolled": 1, "enrolled_already": 7}
    assert seats_in_step(of) == (1, 1)


def test_of_two_institutions_for_one_request_one_takes_it() -> None:
    courses = [course(school(name)) for name in ("岭南培训", "珠江培训")]
    asked = TrainingRequest.objects.create(
        community_id=world.CHASHAN, kind=world.kind(), headcount=10, requested_by=world.user(), requested_at=world.NOW
    )
    facts = session_facts()

    answers = all_at_once(
        [partial(take_request, request=asked, provider=one.provider, course=one, facts=facts, at=world.NOW) for one in courses]
    )  # fmt: skip

    assert sum(isinstance(answer, Session) for answer in answers) == 1
    assert [answer.code for answer in answers if isinstance(answer, DomainError)] == ["request_taken"]
    assert Session.objects.count() == 1
