"""Workers join, and say when they work."""

from datetime import date, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communities.accounts.models import User
from communities.divisions.models import Division
from homeservice.foundation.models import AuditEntry
from homeservice.kernel.clock import at_local
from homeservice.kernel.errors import DomainError
from homeservice.kernel.scope import NOBODY, Scope
from providers.workers.actions import (
    WorkerFacts,
    add_leave,
    add_worker,
    change_working_hours,
    remove_leave,
)
from providers.workers.models import Worker
from providers.workers.queries import hours_of, leaves_ahead, workers_of
from providers.workers.rules import Span, why_not_hours
from tests import world

TUESDAY = at_local(date(2026, 11, 24), time.min)
DAY = timedelta(days=1)


def facts(**fields) -> WorkerFacts:
    values = {
        "sex": "female",
        "birth_date": date(1985, 6, 1),
        "relation": "employee",
        "home_community": Division.objects.get(pk=world.LVHE),
        "transport": "ebike",
        "service_radius_m": 3000,
        "languages": ("粤语",),
    }
    return WorkerFacts(**{**values, **fields})


def add(firm, **fields) -> Worker:
    given_facts = fields.pop("facts", None) or facts()
    values = {"phone": "138 0013 8000", "real_name": " 欧阳娜娜 ", "authorised": True, "actor_id": 1, "at": world.NOW}
    return add_worker(enterprise=firm, facts=given_facts, **{**values, **fields})


@pytest.mark.django_db
def test_a_new_worker_starts_from_home_and_the_log_knows_who_entered_her():
    worker = add(world.enterprise())
    assert (worker.real_name, worker.state, worker.user.phone) == ("欧阳娜娜", "admitted", "13800138000")
    assert (worker.lat, worker.lon, worker.home_community_id) == (*world.HOME, world.LVHE)
    assert AuditEntry.objects.get().action == "worker_added"


@pytest.mark.django_db
def test_a_resident_who_becomes_a_worker_keeps_the_account():
    firm, resident = world.enterprise(), world.user("欧阳娜娜", phone="13800138000")
    assert add(firm).user == resident


@pytest.mark.django_db
def test_a_worker_of_another_enterprise_is_not_taken_over():
    add(world.enterprise("甲家政"))
    with pytest.raises(DomainError) as refused:
        add(world.enterprise("乙家政"))
    assert (refused.value.code, refused.value.field) == ("worker_bound", "phone")
    assert Worker.objects.get().enterprise.name == "甲家政"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"authorised": False}, "authorisation_missing"),
        ({"phone": "12345"}, "phone_invalid"),
        ({"real_name": "  "}, "real_name_missing"),
        ({"real_name": "王" * 41}, "real_name_too_long"),
    ],
)
def test_a_wrong_entry_is_refused_and_nobody_is_kept(changes, code):
    with pytest.raises(DomainError) as refused:
        add(world.enterprise(), **changes)
    assert refused.value.code == code
    assert (User.objects.count(), Worker.objects.count()) == (0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"birth_date": date(2010, 11, 24)}, "worker_too_young"),
        ({"service_radius_m": 100}, "service_radius"),
    ],
)
def test_impossible_facts_are_refused(changes, code):
    firm = world.enterprise()
    with pytest.raises(DomainError) as refused:
        add(firm, facts=facts(**changes))
    assert refused.value.code == code


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
