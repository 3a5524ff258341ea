"""Courses, sessions and caravans of an institution."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from communities.inbox.models import Notification
from homeservice.kernel.errors import DomainError
from providers.training.actions import (
    add_caravan,
    add_course,
    add_stop,
    cancel_session,
    change_course,
    change_session,
    plan_session,
    publish_session,
    remove_stop,
)
from providers.training.models import CaravanStop, Session
from tests import world
from tests.providers.training.school import (
    COURSE,
    TOMORROW,
    caravan,
    course,
    school,
    seat,
    session,
    session_facts,
    stop,
)

pytestmark = pytest.mark.django_db


def refused(act, **arguments) -> str:
    with pytest.raises(DomainError) as refusal, transaction.atomic():
        act(**arguments)
    return refusal.value.code


def test_a_first_aid_course_holds_as_long_as_such_papers_do():
    world.credential_types()
    made = add_course(provider=school(), facts=COURSE, kinds=[world.kind()], at=world.NOW)
    assert (made.certificate_code, made.certificate_months, made.name, list(made.kinds.all())) == (
        "FA", 36, "急救", [world.kind()]
    )  # fmt: skip


def test_only_a_training_institution_holds_courses():
    world.credential_types()
    arguments = {"facts": COURSE, "kinds": [], "at": world.NOW}
    assert refused(add_course, provider=world.enterprise(), **arguments) == "not_a_training_institution"
    assert refused(add_caravan, provider=world.enterprise("别家"), name="一号", plate="", kit="") == (
        "not_a_training_institution"
    )


def test_a_skill_level_needs_the_schools_licence_in_force():
    world.credential_types()
    ours = school()
    skill = replace(COURSE, certificate_code="SK-YL", certificate_level=5)
    arguments = {"provider": ours, "facts": skill, "kinds": [], "at": world.NOW}
    assert refused(add_course, **arguments) == "training_licence_needed"
    lapsed = world.credential(ours, "O-EDU", valid_until=world.MONDAY - timedelta(days=1))
    assert refused(add_course, **arguments) == "training_licence_needed"
    lapsed.valid_until = world.MONDAY
    lapsed.save()
    assert add_course(**arguments).certificate_level == 5


def test_what_a_pass_leads_to_stays_once_a_session_was_published():
    world.credential_types()
    row = add_course(provider=school(), facts=COURSE, kinds=[], at=world.NOW)
    other = replace(COURSE, certificate_code="TR0", certificate_months=None)
    assert change_course(course=row, facts=other, kinds=[], at=world.NOW).certificate_code == "TR0"
    session(row)
    back = replace(COURSE, certificate_months=36)
    assert refused(change_course, course=row, facts=back, kinds=[], at=world.NOW) == "certificate_fixed"


def test_a_planned_session_is_a_draft_with_a_seed_and_its_trainer_is_told():
    trainer = world.user("何老师")
    made = plan_session(course=course(school()), facts=session_facts(trainer=trainer), at=world.NOW)
    assert (made.state, made.lat, len(made.attendance_code)) == ("draft", world.HOME[0], 6)
    assert [(one.recipient_id, one.url_name) for one in Notification.objects.all()] == [(trainer.pk, "training_roll")]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"ends_at": TOMORROW}, "session_backwards"),
        ({"starts_at": world.NOW}, "session_past"),
        ({"seats": 0}, "seats_wrong"),
        ({"seats": 501}, "seats_wrong"),
        ({"place": ""}, "place_missing"),
        ({"place": "长" * 121}, "place_too_long"),
        ({"lat": 39.9, "lon": 116.4}, "point_far_away"),
    ],
)
def test_a_session_that_cannot_be_is_refused(fields, code):
    of = course(school())
    assert refused(plan_session, course=of, facts=session_facts(**fields), at=world.NOW) == code
    assert not Session.objects.exists()


def test_a_session_at_a_point_or_a_stop_has_their_place():
    of = course(school())
    point, halt = world.point(), stop(caravan(of.provider))
    at_point = plan_session(course=of, facts=session_facts(point=point, place=""), at=world.NOW)
    at_stop = plan_session(course=of, facts=session_facts(stop=halt, place=""), at=world.NOW)
    assert (at_point.place, at_stop.place) == ("茶山服务站 茶山路1号", "茶山文化广场")
    early = session_facts(stop=halt, starts_at=TOMORROW - timedelta(hours=1))
    assert refused(plan_session, course=of, facts=early, at=world.NOW) == "stop_elsewhere"


def test_publishing_opens_a_draft_once_and_only_of_who_is_admitted():
    draft = session(course(school()), state="draft")
    assert publish_session(session=draft, at=world.NOW).state == "open"
    assert refused(publish_session, session=draft, at=world.NOW) == "session_not_draft"
    late = session(draft.course, state="draft")
    assert refused(publish_session, session=late, at=TOMORROW) == "session_past"
    stranger = session(course(school("另一所", state="suspended")), state="draft")
    assert refused(publish_session, session=stranger, at=world.NOW) == "provider_not_admitted"


def test_a_licence_that_lapsed_since_keeps_a_skill_course_from_being_published():
    of = course(school(), certificate_code="SK-YL", certificate_level=5)
    assert refused(publish_session, session=session(of, state="draft"), at=world.NOW) == "training_licence_needed"


def test_cancelling_tells_everybody_with_a_seat_or_in_the_queue_and_why():
    of = session(course(school()), seats=1)
    alice, bob = seat(of, world.user("爱丽丝")), seat(of, world.user("鲍勃"), "waiting")
    cancel_session(session=of, reason="台风", at=world.NOW)
    of.refresh_from_db()
    told = Notification.objects.order_by("recipient_id").values_list("recipient_id", "params__reason")
    assert (of.state, of.taken, of.cancelled_reason) == ("cancelled", 0, "台风")
    assert list(told) == [(alice.user_id, "台风"), (bob.user_id, "台风")]
    assert set(of.enrolments.values_list("state", flat=True)) == {"cancelled"}
    assert refused(cancel_session, session=of, reason="再来", at=world.NOW) == "session_over"


def test_a_session_that_has_begun_is_not_cancelled():
    of = session(course(school()))
    assert refused(cancel_session, session=of, reason="台风", at=TOMORROW) == "session_over"


def test_more_seats_seat_those_who_wait_and_fewer_than_taken_are_refused():
    of = session(course(school()), seats=1)
    alice, bob = seat(of, world.user("爱丽丝")), seat(of, world.user("鲍勃"), "waiting")
    facts = session_facts(seats=2, trainer=of.trainer, place=of.place)
    change_session(session=of, facts=facts, at=world.NOW)
    of.refresh_from_db()
    bob.refresh_from_db()
    assert (of.taken, bob.state) == (2, "enrolled")
    assert list(Notification.objects.values_list("recipient_id", flat=True)) == [bob.user_id]
    assert refused(change_session, session=of, facts=replace(facts, seats=1), at=world.NOW) == "seats_taken"
    assert alice.state == "enrolled"


def test_another_time_is_told_to_those_with_a_seat():
    of = session(course(school()))
    alice = seat(of, world.user("爱丽丝"))
    later = session_facts(
        starts_at=TOMORROW + timedelta(hours=1), ends_at=TOMORROW + timedelta(hours=4), trainer=of.trainer
    )
    change_session(session=of, facts=later, at=world.NOW)
    assert list(Notification.objects.values_list("recipient_id", flat=True)) == [alice.user_id]


def test_a_caravan_stands_at_one_place_at_a_time():
    bus = caravan(school())
    first = stop(bus)
    arguments = {
        "caravan": bus, "community": first.community, "place": "绿荷广场", "lat": None, "lon": None, "at": world.NOW,
    }  # fmt: skip
    overlap = {"starts_at": TOMORROW + timedelta(hours=3), "ends_at": TOMORROW + timedelta(hours=6)}
    assert refused(add_stop, **arguments, **overlap) == "caravan_elsewhere"
    right_after = {"starts_at": first.ends_at, "ends_at": first.ends_at + timedelta(hours=2)}
    assert add_stop(**arguments, **right_after).lat == first.community.lat
    backwards = {"starts_at": overlap["ends_at"], "ends_at": overlap["starts_at"]}
    assert refused(add_stop, **arguments, **backwards) == "stop_backwards"
    with pytest.raises(IntegrityError, match="caravan_at_one_place"), transaction.atomic():
        stop(bus, TOMORROW + timedelta(hours=1))


def test_two_caravans_stand_where_they_like():
    ours = school()
    stop(caravan(ours))
    stop(caravan(ours, "南粤二号"))
    assert CaravanStop.objects.count() == 2


def test_a_stop_with_sessions_stays_in_the_record():
    ours = school()
    halt = stop(caravan(ours))
    planned = session(course(ours), stop=halt, state="cancelled")
    assert refused(remove_stop, stop=halt) == "stop_has_sessions"
    planned.delete()
    remove_stop(stop=halt)
    assert not CaravanStop.objects.exists()
