"""Reviewers at the same case at the same moment: one of them decides it."""

from threading import Event
from time import monotonic

import pytest
from django.db import connection, transaction

from homeservice.kernel.errors import DomainError
from providers.admission.actions import (
    accept_case,
    accept_cases,
    claim_case,
    claim_next,
    submit_enterprise,
    suspend_unauthorised,
)
from providers.admission.models import AdmissionEvent, ReviewCase
from providers.bindings.models import Authorisation
from providers.enterprises.actions import register_enterprise
from providers.enterprises.models import Enterprise, EnterpriseManager
from providers.workers.models import Worker
from tests import world
from tests.providers.admission import desk
from tests.providers.enterprises.test_actions import FACTS
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)

AT = world.NOW


def reviewers(count: int) -> list[int]:
    return [world.staff(division=world.TIANHE, duty="reviewer").pk for _ in range(count)]


def codes(answers) -> list[str]:
    assert all(not isinstance(one, Exception) or isinstance(one, DomainError) for one in answers), answers
    return sorted(one.code if isinstance(one, DomainError) else "done" for one in answers)


def test_of_two_reviewers_who_accept_the_same_case_one_wins():
    case = desk.submitted_firm()

    def decide(reviewer: int):
        def deed():
            claim_case(case=case, actor_id=reviewer, at=AT)
            accept_case(case=case, actor_id=reviewer, at=AT)

        return deed

    answers = all_at_once([decide(reviewer) for reviewer in reviewers(2)])
    assert codes(answers)[-1] == "done"
    assert codes(answers)[0] in ("case_claimed", "case_closed")
    assert AdmissionEvent.objects.filter(step="admit").count() == 1
    assert Enterprise.objects.get().state == "admitted"


def test_two_who_accept_the_same_clean_cases_together_accept_each_once():
    firm = desk.firm(state="admitted", licence=False)
    cases = [desk.submitted_hand(firm, f"服务员{number}").pk for number in range(6)]

    def accept(reviewer: int):
        return lambda: accept_cases(case_ids=cases, actor_id=reviewer, at=AT)

    answers = all_at_once([accept(reviewer) for reviewer in reviewers(2)])
    told = sorted(sum(outcome.refusal is None for outcome in outcomes) for outcomes in answers)
    assert told == [0, 6]
    assert AdmissionEvent.objects.filter(step="admit").count() == 6


def test_ten_reviewers_who_take_the_next_case_get_ten_different_ones():
    firm = desk.firm(state="admitted", licence=False)
    for number in range(10):
        desk.submitted_hand(firm, f"服务员{number}")
    rows = ReviewCase.objects.order_by("due_at", "pk")

    def take(reviewer: int):
        return lambda: claim_next(cases=rows, actor_id=reviewer, at=AT)

    answers = all_at_once([take(reviewer) for reviewer in reviewers(10)])
    assert len({case.pk for case in answers}) == 10


def test_an_enterprise_submitted_twice_at_once_lies_on_the_desk_once():
    firm = desk.firm()
    boss = desk.boss(firm).pk
    deed = lambda: submit_enterprise(enterprise=firm, pledged=True, actor_id=boss, at=AT)  # noqa: E731
    assert codes(all_at_once([deed] * 4)) == ["done", *["step_not_possible"] * 3]
    assert ReviewCase.objects.count() == 1


def test_a_person_who_registers_twice_at_once_manages_one_enterprise():
    world.divisions()
    alice = world.verified(world.user("爱丽丝"))
    deed = lambda: register_enterprise(facts=FACTS, representative="爱丽丝", person=alice, at=AT)  # noqa: E731
    assert codes(all_at_once([deed] * 4)) == ["done", *["manages_another"] * 3]
    assert (Enterprise.objects.count(), EnterpriseManager.objects.count()) == (1, 1)


def test_a_worker_who_signs_again_while_the_sweep_waits_is_not_suspended():
    worker = desk.hand(desk.firm(state="admitted"), state="admitted")
    Authorisation.objects.filter(worker=worker).update(withdrawn_at=AT)
    held = Event()

    def sign():
        with transaction.atomic():
            Worker.objects.select_for_update().get(pk=worker.pk)
            world.authorisation(worker)
            held.set()
            wait_for_somebody_at_the_lock()

    def sweep():
        held.wait(timeout=30)
        return suspend_unauthorised(at=AT)

    assert all_at_once([sign, sweep]) == [None, 0]
    worker.refresh_from_db()
    assert worker.state == "admitted"


def wait_for_somebody_at_the_lock() -> None:
    """Until another connection to this database waits for a lock."""
    waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    until = monotonic() + 30
    while monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waiting)
            if cursor.fetchone():
                return
    raise AssertionError("nobody waited")
