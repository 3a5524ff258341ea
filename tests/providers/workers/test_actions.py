"""Workers join, and say when they work."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communities.accounts.rules import IdNumber
from communities.divisions.models import Division
from homeservice.foundation.models import AuditEntry
from homeservice.kernel.clock import at_local
from homeservice.kernel.errors import DomainError
from homeservice.kernel.scope import NOBODY, Scope
from homeservice.kernel.vocabulary import Sex
from providers.workers.actions import (
    Person,
    WorkerFacts,
    add_leave,
    change_facts,
    change_working_hours,
    create_worker,
    remove_leave,
)
from providers.workers.models import Worker
from providers.workers.queries import hours_of, leaves_ahead, workers_of
from providers.workers.rules import Span, why_not_hours
from tests import world

TUESDAY = at_local(date(2026, 11, 24), time.min)
DAY = timedelta(days=1)


def person(number: str = "440106198506010022", name: str = " 欧阳娜娜 ") -> Person:
    parsed = IdNumber(number, number[:6], date(int(number[6:10]), int(number[10:12]), int(number[12:14])), Sex.FEMALE)
    return Person(name, parsed, Division.objects.get(pk=world.LVHE))


def made(**fields: Any) -> Worker:
    world.divisions()
    values = {"user": world.user("欧阳"), "person": person(), "relation": "employee", "at": world.NOW}
    return create_worker(**{**values, **fields})


@pytest.mark.django_db
def test_a_new_worker_starts_from_home_works_for_nobody_and_awaits_authorisation():
    worker = made()
    assert (worker.real_name, worker.state, worker.enterprise_id) == ("欧阳娜娜", "awaiting_authorisation", None)
    assert (worker.lat, worker.lon, worker.home_community_id) == (*world.HOME, world.LVHE)
    assert (worker.sex, worker.birth_date, worker.id_number) == ("female", date(1985, 6, 1), "440106198506010022")


@pytest.mark.django_db
def test_a_person_is_on_file_once_by_account_and_by_id_number():
    alice = made().user
    for again in ({"user": alice, "person": person("440106199001010042")}, {}):
        with pytest.raises(DomainError) as refused:
            made(**again)
        assert (refused.value.code, refused.value.field) == ("worker_known", "id_number")
    assert Worker.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"person": ("440106198506010022", "  ")}, "real_name_missing"),
        ({"person": ("440106198506010022", "王" * 41)}, "real_name_too_long"),
        ({"person": ("440106200811240022", "小王")}, "worker_too_young"),
    ],
)
def test_an_impossible_person_is_refused_and_nobody_is_kept(changes, code):
    world.divisions()
    with pytest.raises(DomainError) as refused:
        made(person=person(*changes["person"]))
    assert refused.value.code == code
    assert Worker.objects.count() == 0


@pytest.mark.django_db
def test_work_begins_on_the_eighteenth_birthday():
    world.divisions()
    assert made(person=person("440106200811230022")).birth_date == date(2008, 11, 23)


def facts(**fields: Any) -> WorkerFacts:
    values = {
        "home_community": Division.objects.get(pk=world.LVHE), "transport": "bike", "service_radius_m": 3000,
        "languages": ("粤语",), "skills": ("煲汤",), "education": "high", "origin_province": "湖南",
        "daily_limit_min": 360, "weekly_limit_min": 1800,
    }  # fmt: skip
    return WorkerFacts(**{**values, **fields})


@pytest.mark.django_db
def test_facts_are_changed_and_the_log_knows_who_did_it():
    worker = world.worker(world.enterprise())
    Division.objects.filter(pk=world.LVHE).update(lat=23.2, lon=113.4)
    change_facts(worker=worker, facts=facts(), actor_id=7, at=world.NOW)
    worker.refresh_from_db()
    assert (worker.home_community_id, worker.lat, worker.lon) == (world.LVHE, 23.2, 113.4)
    assert (worker.skills, worker.education, worker.daily_limit_min) == (["煲汤"], "high", 360)
    assert AuditEntry.objects.values_list("action", "actor_id").get() == ("worker_facts", 7)


@pytest.mark.django_db
def test_who_stays_in_the_community_keeps_the_exact_place():
    worker = world.worker(world.enterprise(), home_community_id=world.LVHE, lat=23.15, lon=113.35)
    change_facts(worker=worker, facts=facts(), actor_id=7, at=world.NOW)
    worker.refresh_from_db()
    assert (worker.lat, worker.lon) == (23.15, 113.35)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"service_radius_m": 100}, "service_radius"),
        ({"daily_limit_min": 721}, "daily_limit"),
        ({"weekly_limit_min": 0}, "weekly_limit"),
        ({"languages": ("粤" * 21,)}, "languages_too_long"),
        ({"skills": tuple(f"s{n}" for n in range(13))}, "skills_too_many"),
    ],
)
def test_impossible_facts_are_refused_and_nothing_is_changed(changes, code):
    worker = world.worker(world.enterprise())
    with pytest.raises(DomainError) as refused:
        change_facts(worker=worker, facts=facts(**changes), actor_id=7, at=world.NOW)
    assert refused.value.code == code
    worker.refresh_from_db()
    assert worker.transport == "ebike"


@pytest.mark.django_db
def test_a_week_replaces_the_one_before():
    worker = world.worker(world.enterprise())
    week = [Span(0, time(8), time(12)), Span(0, time(14), time(18, 30)), Span(5, time(9), time(12))]
    change_working_hours(worker=worker, spans=week)
    assert hours_of(worker) == week


@pytest.mark.django_db
def test_a_refused_week_leaves_the_old_one():
    worker = world.worker(world.enterprise())
    before = hours_of(worker)
    with pytest.raises(DomainError) as refused:
        change_working_hours(worker=worker, spans=[Span(2, time(12), time(8))])
    assert (refused.value.code, refused.value.field) == ("working_hours", "day_2")
    assert hours_of(worker) == before


@pytest.mark.parametrize(
    "day",
    [
        [(time(9), time(9))],
        [(time(8, 10), time(12))],
        [(time(8), time(12)), (time(11), time(15))],
        [(time(6), time(13)), (time(13), time(19))],
    ],
)
def test_an_impossible_day_is_named(day):
    refusal = why_not_hours([Span(3, starts, ends) for starts, ends in day])
    assert refusal is not None
    assert refusal.field == "day_3"


walls = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.builds(Span, st.integers(0, 6), walls, walls), max_size=5))
def test_a_week_that_stands_never_overlaps_itself(spans):
    if why_not_hours(spans) is None:
        for one in spans:
            for other in spans:
                if one is not other and one.weekday == other.weekday:
                    assert one.ends <= other.starts or other.ends <= one.starts


@pytest.mark.django_db
def test_leave_is_entered_and_taken_back():
    worker = world.worker(world.enterprise())
    leave = add_leave(worker=worker, starts_at=TUESDAY, ends_at=TUESDAY + DAY, reason="看病", at=world.NOW)
    assert leaves_ahead(worker, at=world.NOW) == [leave]
    assert leaves_ahead(worker, at=TUESDAY + DAY) == []
    remove_leave(leave=leave)
    assert leaves_ahead(worker, at=world.NOW) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("starts_at", "ends_at", "code"),
    [
        (TUESDAY, TUESDAY, "leave_backwards"),
        (world.NOW - 3 * DAY, world.NOW - DAY, "leave_past"),
        (TUESDAY, TUESDAY + 500 * DAY, "leave_too_long"),
        (TUESDAY + DAY / 2, TUESDAY + 3 * DAY, "leave_overlaps"),
    ],
)
def test_impossible_leave_is_refused(starts_at, ends_at, code):
    worker = world.worker(world.enterprise())
    add_leave(worker=worker, starts_at=TUESDAY, ends_at=TUESDAY + DAY, reason="", at=world.NOW)
    with pytest.raises(DomainError) as refused:
        add_leave(worker=worker, starts_at=starts_at, ends_at=ends_at, reason="", at=world.NOW)
    assert refused.value.code == code
    assert worker.leaves.count() == 1


@pytest.mark.django_db
def test_a_manager_has_the_own_workers_and_nobody_elses():
    alices, charlies = world.enterprise("甲家政"), world.enterprise("丙家政")
    mine = world.worker(alices)
    world.worker(charlies)
    assert list(workers_of(Scope(enterprise_id=alices.pk))) == [mine]
    assert list(workers_of(NOBODY)) == []
    staff_of_the_district = Scope(areas=(world.TIANHE,))
    assert list(workers_of(staff_of_the_district)) == []
