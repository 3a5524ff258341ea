"""Two sides, or two enterprises, at the same moment: one word counts."""

from functools import partial
from typing import Any

import pytest

from homeservice.kernel.errors import DomainError
from providers.bindings.actions import (
    confirm_binding,
    confirm_end,
    decline_binding,
    invite_worker,
    join,
    keep_binding,
    propose_end,
    sign_authorisation,
    take_back_proposal,
)
from providers.bindings.models import Authorisation, Binding
from providers.workers.models import Worker
from tests import world
from tests.races.crowd import all_at_once
from tests.world import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("monday_morning")]


def free_worker() -> Worker:
    worker = world.worker(world.enterprise("从前家政"))
    Binding.objects.update(
        state="ended", ending_proposed_by="worker", ending_proposed_at=NOW, ended_at=NOW, end_reason="搬家"
    )
    Worker.objects.update(enterprise=None)
    return worker


def proposed(worker: Worker, by: str, name: str) -> Binding:
    return Binding.objects.create(
        user=worker.user, enterprise=world.enterprise(name), relation="flexible", proposed_by=by, proposed_at=NOW
    )


def refusals(answers: list[Any]) -> list[str]:
    return sorted(answer.code for answer in answers if isinstance(answer, DomainError))


def test_of_eight_enterprises_that_take_one_applicant_on_at_once_one_wins() -> None:
    worker = free_worker()
    applications = [proposed(worker, "worker", f"家政{n}") for n in range(8)]
    bosses = [world.manager(one.enterprise).pk for one in applications]
    answers = all_at_once(
        [
            partial(confirm_binding, binding=one, side="enterprise", actor_id=boss, at=NOW)
            for one, boss in zip(applications, bosses, strict=True)
        ]
    )
    assert refusals(answers) == ["worker_bound"] * 7
    worker.refresh_from_db()
    assert worker.enterprise_id == Binding.objects.in_force().get().enterprise_id


def test_a_worker_who_says_yes_to_two_invitations_at_once_works_for_one() -> None:
    worker = free_worker()
    answers = all_at_once(
        [
            partial(join, binding=proposed(worker, "enterprise", name), person=None, signing=None, at=NOW)
            for name in ("甲家政", "乙家政")
        ]
    )
    assert refusals(answers) == ["worker_bound"]
    worker.refresh_from_db()
    assert worker.enterprise_id == Binding.objects.in_force().get().enterprise_id


def test_an_invitation_taken_back_while_it_is_accepted_is_one_or_the_other() -> None:
    worker = free_worker()
    binding = proposed(worker, "enterprise", "甲家政")
    boss = world.manager(binding.enterprise).pk
    answers = all_at_once(
        [
            partial(join, binding=binding, person=None, signing=None, at=NOW),
            partial(take_back_proposal, binding=binding, side="enterprise", actor_id=boss, at=NOW),
            partial(decline_binding, binding=binding, side="worker", actor_id=worker.user_id, at=NOW),
        ]
    )
    assert refusals(answers) == ["binding_answered"] * 2
    binding.refresh_from_db()
    worker.refresh_from_db()
    assert (worker.enterprise_id == binding.enterprise_id) == (binding.state == "in_force")


def test_both_sides_that_propose_the_end_at_once_leave_one_proposal() -> None:
    worker = world.worker(world.enterprise())
    binding, boss = Binding.objects.get(), world.manager(worker.enterprise).pk
    answers = all_at_once(
        [
            partial(propose_end, binding=binding, side="worker", reason="搬家", actor_id=worker.user_id, at=NOW),
            partial(propose_end, binding=binding, side="enterprise", reason="调整", actor_id=boss, at=NOW),
        ]
    )
    assert refusals(answers) == ["binding_ending"]
    binding.refresh_from_db()
    assert (binding.ending_proposed_by, binding.end_reason) in [("worker", "搬家"), ("enterprise", "调整")]


def test_an_end_confirmed_while_it_is_taken_back_is_one_or_the_other() -> None:
    worker = world.worker(world.enterprise())
    boss = world.manager(worker.enterprise).pk
    binding = propose_end(binding=Binding.objects.get(), side="worker", reason="搬家", actor_id=worker.user_id, at=NOW)
    answers = all_at_once(
        [
            partial(confirm_end, binding=binding, side="enterprise", actor_id=boss, at=NOW),
            partial(keep_binding, binding=binding, side="worker", actor_id=worker.user_id, at=NOW),
        ]
    )
    assert refusals(answers) == ["binding_not_ending"]
    binding.refresh_from_db()
    worker.refresh_from_db()
    assert (worker.enterprise is None) == (binding.state == "ended")


def test_ten_invitations_at_once_to_one_phone_are_one() -> None:
    firm = world.enterprise()
    boss = world.manager(firm).pk
    invite = partial(
        invite_worker, enterprise=firm, phone="13800138000", relation="flexible", note="", actor_id=boss, at=NOW
    )
    assert refusals(all_at_once([invite] * 10)) == ["binding_open"] * 9


def test_a_letter_signed_twice_at_once_is_signed_once() -> None:
    worker = world.worker(world.enterprise(), "爱丽丝", authorised=False)
    world.letter()
    sign = partial(
        sign_authorisation, worker=worker, version="2026-1", signed_name="爱丽丝", agreed=True,
        channel="web", recorded_by_id=worker.user_id, at=NOW,
    )  # fmt: skip
    answers = all_at_once([sign] * 6)
    assert {answer.pk for answer in answers} == {Authorisation.objects.get().pk}
