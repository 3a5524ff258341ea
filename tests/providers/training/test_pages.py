"""The pages of training: who sees what, how many queries, and the way from a seat to a certificate."""

import html
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from communities.divisions.models import Division
from communities.inbox.models import Notification
from homeservice.kernel import clock
from providers.credentials.models import Credential
from providers.training.models import Certificate, Course, Enrolment, Session, TrainingRequest
from providers.training.queries import code_of_day
from providers.training.rules import new_certificate_code
from providers.training.tasks import enter_certificates
from tests import world
from tests.providers.training.school import (
    DOORS,
    DURING,
    TOMORROW,
    caravan,
    course,
    school,
    seat,
    session,
    stop,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

SignIn = Callable[..., Client]


@pytest.fixture
def ours() -> Any:
    return school()


@pytest.fixture
def manager(ours, sign_in: SignIn) -> Client:
    return sign_in(world.manager(ours))


def shown(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def ids(answer: Any) -> list[int]:
    return [one.pk for one in answer.context["page"]]


def shenzhen() -> Division:
    return Division.objects.create(
        area_code="4403", code="440300000000", level=2, name="深圳市", short_name="深圳", parent_id="44",
        pinyin="shenzhen", initials="sz", bigrams=["深圳"], lat=22.54, lon=114.06, coord_source="geonames",
    )  # fmt: skip


def form_of_session(of: Course, trainer: world.User, **changes: Any) -> dict[str, Any]:
    day = clock.local_day(TOMORROW).isoformat()
    return {
        "course": of.pk, "day": day, "starts": "09:00", "ends": "12:00", "community": world.CHASHAN,
        "place": "茶山社区活动室", "seats": "20", "trainer_phone": trainer.phone, **changes,
    }  # fmt: skip


# the journey


def test_from_a_seat_to_a_certificate_that_verifies(ours, manager, sign_in):
    trainer, worker = world.user("何老师"), world.worker(world.enterprise(), "爱丽丝")
    teacher, alice = sign_in(trainer), sign_in(worker.user)
    planned = manager.post(reverse("enterprise_session_new"), form_of_session(course(ours), trainer))
    of = Session.objects.get()
    assert planned.url == reverse("training_roll", args=[of.pk])
    manager.post(reverse("enterprise_session_publish", args=[of.pk]))
    alice.post(reverse("session_enrol", args=[of.pk]))
    with clock.frozen(DOORS):
        code = teacher.get(reverse("training_roll", args=[of.pk])).context["code"]
        assert alice.post(reverse("session_attend", args=[of.pk]), {"code": code}).url == reverse("my_trainings")
    row = Enrolment.objects.get()
    with clock.frozen(DURING):
        teacher.post(reverse("training_mark", args=[of.pk]), {"do": "passed", "who": [row.pk]})
        enter_certificates()
    certificate = Certificate.objects.get()
    page = Client().get(reverse("certificate_verify"), {"code": certificate.spoken_code.lower()})
    assert page.context["verdict"].word == "valid"
    assert ("爱**" in shown(page), "爱丽丝" in shown(page)) == (True, False)
    assert Credential.objects.get(worker=worker, code="TR0").state == "verified"
    printed = alice.get(reverse("certificate_pdf", args=[certificate.pk]))
    assert printed.content.startswith(b"%PDF")
    forged = Client().get(reverse("certificate_verify"), {"code": new_certificate_code(lambda text: "ab" * 20)})
    assert (forged.status_code, forged.context["verdict"].word) == (200, "forged")


def test_a_request_of_a_community_becomes_a_session_there(ours, manager, sign_in):
    officer, trainer = world.staff(division=world.WUSHAN), world.user("何老师")
    desk = sign_in(officer, second_factor=True)
    asked = {"community": world.CHASHAN, "kind": world.kind().code, "headcount": "15", "note": "晚上开班"}
    assert desk.post(reverse("training_request_new"), asked).url == reverse("training_requests")
    request = TrainingRequest.objects.get()
    take = reverse("enterprise_request_take", args=[request.pk])
    assert manager.get(take).status_code == 200
    manager.post(take, form_of_session(course(ours), trainer, seats="15"))
    request.refresh_from_db()
    assert (request.state, request.taken_by, request.session.seats) == ("taken", ours, 15)
    assert Notification.objects.get(recipient=officer).url_name == "training_requests"
    assert manager.get(take).status_code == 404
    manager.post(reverse("enterprise_session_cancel", args=[request.session_id]), {"reason": "老师生病"})
    request.refresh_from_db()
    assert (request.state, request.taken_by) == ("open", None)


# who is let in


def test_another_institution_finds_nothing_of_ours(ours, sign_in):
    stranger = sign_in(world.manager(school("别家学校")))
    of, bus = session(course(ours), state="draft"), caravan(ours)
    changing = ["enterprise_session", "enterprise_session_publish", "enterprise_session_cancel", "training_mark"]
    reading = ["enterprise_session", "training_roll", "training_sheet", "training_session"]
    posted = [stranger.post(reverse(name, args=[of.pk])).status_code for name in [*changing, "training_close"]]
    read = [stranger.get(reverse(name, args=[of.pk])).status_code for name in reading]
    rest = [("enterprise_course", of.course_id), ("enterprise_caravan", bus.pk)]
    read += [stranger.get(reverse(name, args=[pk])).status_code for name, pk in rest]
    assert (posted, read) == ([404] * 5, [404] * 6)
    of.refresh_from_db()
    assert of.state == "draft"


def test_a_clerk_keeps_no_list_but_the_trainer_does(ours, sign_in):
    of = session(course(ours))
    clerk, teacher = sign_in(world.manager(ours, rights="clerk")), sign_in(of.trainer)
    paths = [reverse(name, args=[of.pk]) for name in ("training_roll", "training_sheet")]
    assert [client.get(path).status_code for client in (clerk, teacher) for path in paths] == [404, 404, 200, 200]


def test_nobody_marks_people_of_a_session_that_another_trainer_keeps(ours, sign_in):
    of, other = session(course(ours)), session(course(ours))
    row = seat(of, world.user("爱丽丝"), "attended", attended_at=DOORS)
    with clock.frozen(DURING):
        sign_in(other.trainer).post(reverse("training_mark", args=[other.pk]), {"do": "passed", "who": [row.pk]})
    row.refresh_from_db()
    assert (row.state, Certificate.objects.count()) == ("attended", 0)


def test_an_institution_of_another_city_does_not_see_the_request(ours, sign_in):
    asked = TrainingRequest.objects.create(
        community_id=world.CHASHAN, kind=world.kind(), headcount=9, requested_by=world.user(), requested_at=world.NOW
    )
    far = school("深圳学校", division_id=shenzhen().pk)
    employer = world.enterprise("安心家政")
    take = reverse("enterprise_request_take", args=[asked.pk])
    clients = [sign_in(world.manager(one)) for one in (ours, far, employer)]
    assert [client.get(take).status_code for client in clients] == [200, 404, 404]


def test_staff_ask_only_for_their_own_communities_and_withdraw_only_their_own(sign_in):
    desk = sign_in(world.staff(division=world.WUSHAN), second_factor=True)
    world.divisions()
    asked = {"community": world.LVHE, "kind": world.kind().code, "headcount": "15"}
    refused = desk.post(reverse("training_request_new"), asked)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["community"])
    elsewhere = TrainingRequest.objects.create(
        community_id=world.LVHE, kind=world.kind(), headcount=9, requested_by=world.user(), requested_at=world.NOW
    )
    assert desk.post(reverse("training_request_withdraw", args=[elsewhere.pk])).status_code == 404
    assert ids(desk.get(reverse("training_requests"))) == []


def test_others_certificates_are_neither_printed_nor_revoked(ours, sign_in):
    of = session(course(ours))
    row = seat(of, world.user("爱丽丝"), "passed", attended_at=DOORS, decided_at=DOORS, decided_by=of.trainer)
    made = Certificate.objects.create(enrolment=row, code=new_certificate_code(lambda t: "a"), issued_at=world.NOW)
    charlie = sign_in(world.user("查理"))
    street = sign_in(world.staff(division=world.SHIPAI), second_factor=True)
    paths = [reverse(name, args=[made.pk]) for name in ("certificate_pdf", "certificate_revoke")]
    assert [client.get(path).status_code for client in (charlie, street) for path in paths] == [404] * 4
    own_street = sign_in(world.staff(division=world.WUSHAN), second_factor=True)
    own_street.post(paths[1], {"reason": "代考"})
    made.refresh_from_db()
    assert made.revoked_reason == "代考"


# lists


def test_those_of_ones_own_community_come_first_then_the_soonest(ours):
    of = course(ours)
    far = session(of, community_id=world.LVHE)
    near_late = session(of, starts_at=TOMORROW + timedelta(days=2), ends_at=TOMORROW + timedelta(days=2, hours=1))
    street = session(of, community_id=world.DONGGUANZHUANG)
    client = Client()
    client.cookies["community"] = world.CHASHAN
    assert ids(client.get(reverse("training_sessions"))) == [near_late.pk, street.pk, far.pk]
    assert ids(Client().get(reverse("training_sessions"))) == [far.pk, street.pk, near_late.pk]


def test_the_list_is_narrowed_and_shows_nothing_that_is_not_open(ours):
    of, other = course(ours), course(ours, track="upgrade")
    first, full = session(of), session(other, seats=1, taken=1)
    for fields in ({"state": "draft"}, {"state": "cancelled"}, {"starts_at": world.NOW - timedelta(hours=1)}):
        session(of, **fields)
    session(course(school("停牌学校", state="suspended")))
    day = clock.local_day(TOMORROW) + timedelta(days=1)
    queries = ["", "?track=upgrade", "?free=on", f"?since={day}", "?kind=cleaning", "?kind=none", "?since=0001-01-01"]
    found = [ids(Client().get(reverse("training_sessions") + query)) for query in queries]
    both = [first.pk, full.pk]
    assert found == [both, [full.pk], [first.pk], [], both, both, both]


@pytest.mark.parametrize("count", [1, 3])
def test_the_public_list_takes_three_queries_however_many_sessions(ours, count, django_assert_num_queries):
    for _number in range(count):
        session(course(ours))
    with django_assert_num_queries(3):
        assert Client().get(reverse("training_sessions")).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_roll_takes_as_many_queries_for_three_people_as_for_one(ours, sign_in, count, django_assert_num_queries):
    of = session(course(ours))
    for number in range(count):
        seat(of, world.user(f"学员{number}"))
    teacher = sign_in(of.trainer)
    teacher.get(reverse("training_roll", args=[of.pk]))
    with django_assert_num_queries(6):
        page = teacher.get(reverse("training_roll", args=[of.pk]))
    assert ("139" in shown(page), "学员0" in shown(page)) == (True, False)


@pytest.mark.parametrize("count", [1, 3])
def test_the_institutions_lists_take_a_fixed_number_of_queries(ours, manager, count, django_assert_num_queries):
    for _number in range(count):
        session(course(ours))
    for name, queries in (("enterprise_training", 7), ("enterprise_courses", 6)):
        manager.get(reverse(name))
        with django_assert_num_queries(queries):
            manager.get(reverse(name))


@pytest.mark.parametrize("count", [1, 3])
def test_ones_own_trainings_take_a_fixed_number_of_queries(ours, sign_in, count, django_assert_num_queries):
    alice = world.user("爱丽丝")
    for _number in range(count):
        seat(session(course(ours)), alice)
    client = sign_in(alice)
    client.get(reverse("my_trainings"))
    with django_assert_num_queries(5):
        client.get(reverse("my_trainings"))


def test_a_caravans_route_shows_its_stops_in_order_with_what_is_taught(ours):
    bus = caravan(ours)
    later, first = stop(bus, TOMORROW + timedelta(days=1)), stop(bus)
    stop(bus, world.NOW - timedelta(days=1))
    taught = session(course(ours), stop=first)
    page = Client().get(reverse("caravan_route", args=[bus.pk]))
    assert [(one.pk, one.open_sessions) for one in page.context["stops"]] == [(first.pk, [taught]), (later.pk, [])]


# what people see and mistype


def test_the_code_of_the_day_is_shown_on_the_day_alone(ours, sign_in):
    of = session(course(ours))
    teacher, path = sign_in(of.trainer), reverse("training_roll", args=[of.pk])
    assert teacher.get(path).context["code"] == ""
    with clock.frozen(DOORS):
        assert teacher.get(path).context["code"] == code_of_day(of, DOORS)


def test_a_session_without_place_trainer_or_sense_is_refused_and_nothing_typed_is_lost(ours, manager):
    of, stranger = course(ours), "13900009999"
    wrong = {"trainer_phone": stranger, "community": "", "place": "地下一层", "lat": "23.1", "day": "2026-02-30"}
    page = manager.post(reverse("enterprise_session_new"), form_of_session(of, world.user(), **wrong))
    assert page.status_code == 422
    assert {"trainer_phone", "community", "lon", "day"} <= set(page.context["form"].errors)
    assert ('value="地下一层"' in shown(page), Session.objects.count()) == (True, 0)


def test_another_institutions_course_or_stop_cannot_be_chosen(ours, manager):
    theirs = course(school("别家学校"))
    halt = stop(caravan(theirs.provider))
    page = manager.post(reverse("enterprise_session_new"), form_of_session(theirs, world.user(), stop=halt.pk))
    assert (page.status_code, {"course", "stop"} <= set(page.context["form"].errors)) == (422, True)


def test_looking_for_a_community_keeps_what_was_typed(ours, manager):
    typed = {**form_of_session(course(ours), world.user()), "community": "", "q": "茶山", "find": "yes"}
    page = manager.post(reverse("enterprise_session_new"), typed)
    assert (page.status_code, 'value="茶山社区活动室"' in shown(page), world.CHASHAN in shown(page)) == (
        200,
        True,
        True,
    )


def test_whoever_tries_codes_too_fast_has_to_wait():
    client = Client()
    statuses = {client.get(reverse("certificate_verify"), {"code": f"A{number}"}).status_code for number in range(30)}
    assert statuses == {200}
    assert client.get(reverse("certificate_verify"), {"code": "A31"}).status_code == 429


def test_a_full_session_offers_the_queue_and_tells_the_place_in_it(ours, sign_in):
    of = session(course(ours), seats=1, taken=1)
    client = sign_in(world.user("爱丽丝"))
    client.post(reverse("session_enrol", args=[of.pk]))
    assert client.get(reverse("training_session", args=[of.pk])).context["position"] == 1


def test_a_program_reads_sessions_of_a_city_and_verifies_certificates(ours):
    of = session(course(ours))
    page = Client().get(reverse("api_training_sessions"), {"community": world.LVHE}).json()
    assert [(one["id"], one["seats_left"], one["course"]["name_zh"]) for one in page["results"]] == [
        (of.pk, 20, "家政上岗培训")
    ]
    assert Client().get(reverse("api_training_sessions"), {"community": "44"}).status_code == 422
    forged = Client().get(reverse("api_certificate", args=[new_certificate_code(lambda text: "ab" * 20)])).json()
    assert forged == {
        "verdict": "forged", "name": None, "course": None, "certificate": None, "issuer": None, "issued_on": None,
        "valid_until": None,
    }  # fmt: skip
