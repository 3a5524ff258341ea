"""The pages of jobs near home, and of the way from training to a job."""

import html
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from communities.divisions.models import Division
from homeservice.foundation.models import AuditEntry
from providers.jobs.models import JobApplication, JobOpening
from providers.training.models import Certificate
from tests import world
from tests.providers.jobs.market import LAST_DAY, application, opening
from tests.providers.training.school import course, school, seat, session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

SignIn = Callable[..., Client]


@pytest.fixture
def firm() -> Any:
    return world.enterprise()


@pytest.fixture
def manager(firm, sign_in: SignIn) -> Client:
    return sign_in(world.manager(firm))


def shown(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def ids(answer: Any) -> list[int]:
    return [one.pk for one in answer.context["page"]]


TYPED = {
    "title": "日常保洁员", "kind": "cleaning", "relation": "employee", "duties": "上门保洁", "hours_words": "每周六天",
    "pay_low": "5000", "pay_high": "6500.50", "pay_unit": "month", "places": "2",
    "closes_date": LAST_DAY.isoformat(), "community": world.CHASHAN,
}  # fmt: skip


def test_from_a_posted_opening_to_an_arrival_that_both_confirm(manager, sign_in):
    world.kind()
    alice_user = world.user("爱丽丝")
    alice = sign_in(alice_user)
    manager.post(reverse("enterprise_job_new"), TYPED)
    posted = JobOpening.objects.get()
    alice.post(reverse("job_apply", args=[posted.pk]), {"note": "有经验", "consent": "on"})
    asked = JobApplication.objects.get()
    of = {
        name: reverse(f"enterprise_application{name}", args=[asked.pk])
        for name in ("", "_invite", "_place", "_arrived")
    }
    assert alice_user.phone not in shown(manager.get(of[""]))
    manager.post(of["_invite"], {"day": "2026-11-25", "time": "10:00", "answer": "门店面谈"})
    reveal = manager.post(reverse("enterprise_application_reveal", args=[asked.pk]), {"purpose": "约面谈"})
    assert (alice_user.phone in shown(reveal), AuditEntry.objects.filter(action="reveal").count()) == (True, 1)
    manager.post(of["_place"])
    manager.post(of["_arrived"])
    alice.post(reverse("application_arrived", args=[asked.pk]))
    asked.refresh_from_db()
    posted.refresh_from_db()
    assert (posted.pay_high_fen, posted.placed, asked.state, asked.arrived_at) == (650_050, 1, "placed", world.NOW)


def test_another_enterprise_and_a_clerk_find_no_application(firm, sign_in):
    asked = application(opening(firm), state="interview")
    strangers = [sign_in(world.manager(world.enterprise("别家家政"))), sign_in(world.manager(firm, rights="clerk"))]
    acts = ("invite", "place", "refuse", "arrived", "reveal")
    paths = [reverse(f"enterprise_application_{act}", args=[asked.pk]) for act in acts]
    found = [[client.post(path).status_code for path in paths] for client in strangers]
    assert found == [[404] * 5, [403] * 5]
    assert strangers[0].get(reverse("enterprise_job", args=[asked.opening_id])).status_code == 404
    asked.refresh_from_db()
    assert asked.state == "interview"


def test_nobody_withdraws_or_arrives_for_somebody_else(firm, sign_in):
    asked = application(opening(firm), state="placed")
    charlie = sign_in(world.user("查理"))
    for name in ("application_withdraw", "application_arrived"):
        assert charlie.post(reverse(name, args=[asked.pk])).status_code == 404
    asked.refresh_from_db()
    assert (asked.state, asked.person_arrived_at) == ("placed", None)


def test_the_nearest_come_first_and_the_list_is_narrowed(firm):
    Division.objects.filter(pk=world.LVHE).update(lat=23.3)
    far = opening(firm, community_id=world.LVHE, pay_high_fen=900_000, trains=True)
    near = opening(firm, relation="flexible")
    opening(firm, closes_date=world.MONDAY - timedelta(days=1))
    opening(firm, state="filled", placed=2)
    opening(world.enterprise("停牌", state="suspended"))
    client = Client()
    client.cookies["community"] = world.CHASHAN
    queries = ["", "?pay=8000", "?relation=flexible", "?trains=on", "?lodging=on", "?pay=-1", "?kind=none"]
    found = [ids(client.get(reverse("job_openings") + query)) for query in queries]
    both = [near.pk, far.pk]
    assert found == [both, [far.pk], [near.pk], [far.pk], [], both, both]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_three_queries_however_many_openings(firm, count, django_assert_num_queries):
    for _number in range(count):
        opening(firm)
    with django_assert_num_queries(3):
        assert Client().get(reverse("job_openings")).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_enterprises_lists_take_a_fixed_number_of_queries(firm, manager, count, django_assert_num_queries):
    posted = [opening(firm) for _number in range(count)]
    for number in range(count):
        application(posted[0], world.user(f"应聘者{number}"))
    for name, args, queries in (("enterprise_jobs", [], 6), ("enterprise_job", [posted[0].pk], 6)):
        manager.get(reverse(name, args=args))
        with django_assert_num_queries(queries):
            manager.get(reverse(name, args=args))


def test_what_was_mistyped_is_told_and_kept(manager):
    world.kind()
    wrong = {"pay_high": "10", "closes_date": "2020-01-01", "title": "保洁员𠮷"}
    page = manager.post(reverse("enterprise_job_new"), {**TYPED, **wrong})
    assert (page.status_code, list(page.context["form"].errors), "保洁员𠮷" in shown(page)) == (422, ["pay_high"], True)
    page = manager.post(reverse("enterprise_job_new"), {**TYPED, "pay_low": "x", "places": "-1", "community": "4401"})
    assert {"pay_low", "places", "community"} <= set(page.context["form"].errors)


def test_without_consent_nothing_is_sent_and_the_note_stays(firm, sign_in):
    posted = opening(firm)
    page = sign_in(world.user("爱丽丝")).post(reverse("job_apply", args=[posted.pk]), {"note": "有经验"})
    assert (page.status_code, "有经验" in shown(page), JobApplication.objects.count()) == (422, True, 0)


def test_a_closed_opening_is_gone_for_all_but_who_applied(firm, sign_in):
    asked = application(opening(firm, state="closed"))
    path = reverse("job_opening", args=[asked.opening_id])
    assert [client.get(path).status_code for client in (Client(), sign_in(asked.user))] == [404, 200]


def test_the_funnel_counts_people_once_a_division_and_only_where_one_oversees(firm, sign_in):
    of = course(school())
    alice, bob = world.user("爱丽丝"), world.user("鲍勃")
    for person in (alice, bob):
        seat(session(of), person, "attended", attended_at=world.NOW)
    passed = seat(session(of), alice, "passed", attended_at=world.NOW, decided_at=world.NOW, decided_by=bob)
    Certificate.objects.create(enrolment=passed, code="A" * 16, issued_at=world.NOW)
    application(opening(firm), alice, state="placed")
    seat(session(of, community_id=world.LVHE), bob, "absent")
    officer = sign_in(world.staff(division=world.TIANHE, duty="supervisor"), second_factor=True)
    lines = officer.get(reverse("training_funnel")).context["lines"]
    assert [(line.division.pk, line.trained, line.certified, line.placed) for line in lines] == [
        (world.SHIPAI, 0, 0, 0), (world.WUSHAN, 2, 1, 1)
    ]  # fmt: skip
    inside = officer.get(reverse("training_funnel"), {"in": world.WUSHAN}).context["lines"]
    assert [(line.division.pk, line.trained) for line in inside] == [(world.CHASHAN, 2), (world.DONGGUANZHUANG, 0)]
    street = sign_in(world.staff(division=world.SHIPAI), second_factor=True)
    asked = [street.get(reverse("training_funnel"), {"in": code}).status_code for code in (world.WUSHAN, "44", "x", "")]
    assert asked == [404, 404, 404, 200]


def test_a_program_reads_the_openings_of_a_city(firm):
    posted = opening(firm)
    page = Client().get(reverse("api_job_openings"), {"community": world.LVHE}).json()
    assert [(one["id"], one["enterprise"], one["places_left"]) for one in page["results"]] == [
        (posted.pk, firm.name, 2)
    ]
    assert Client().get(reverse("api_job_openings"), {"community": "none"}).status_code == 422
