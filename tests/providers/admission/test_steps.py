"""The table of steps: each step from each state, for enterprises and for workers."""

import pytest

from communities.inbox.models import Notification
from homeservice.kernel.errors import DomainError
from homeservice.kernel.states import steps_from
from homeservice.kernel.vocabulary import Admission, Role
from providers.admission.actions.stepping import take_step
from providers.admission.models import AdmissionEvent
from providers.admission.rules import SYSTEM, Actor
from providers.admission.steps import STEPS
from providers.credentials.models import Credential
from tests import world
from tests.providers.admission import desk

pytestmark = pytest.mark.django_db

A = Admission
TABLE = {
    "submit": ({A.AWAITING_AUTHORISATION, A.RETURNED, A.EXITED}, A.SUBMITTED),
    "take_up": ({A.SUBMITTED}, A.CHECKING),
    "return": ({A.SUBMITTED, A.CHECKING}, A.RETURNED),
    "admit": ({A.SUBMITTED, A.CHECKING}, A.ADMITTED),
    "suspend": ({A.ADMITTED}, A.SUSPENDED),
    "readmit": ({A.SUSPENDED}, A.ADMITTED),
    "exit": (set(A) - {A.EXITED, A.BLACKLISTED}, A.EXITED),
    "blacklist": (set(A) - {A.BLACKLISTED}, A.BLACKLISTED),
    "appeal": ({A.SUSPENDED, A.BLACKLISTED}, None),
    "uphold": ({A.SUSPENDED, A.BLACKLISTED}, None),
    "clear": ({A.BLACKLISTED}, A.RETURNED),
}
WHO = {
    "submit": {Role.MANAGER, Role.WORKER, Role.STAFF, Role.ADMIN},
    "take_up": {Role.STAFF, Role.ADMIN},
    "return": {Role.STAFF, Role.ADMIN},
    "admit": {Role.STAFF, Role.ADMIN},
    "suspend": {Role.STAFF, Role.ADMIN, SYSTEM},
    "readmit": {Role.STAFF, Role.ADMIN},
    "exit": {Role.MANAGER, Role.WORKER, Role.STAFF, Role.ADMIN},
    "blacklist": {Role.STAFF, Role.ADMIN},
    "appeal": {Role.MANAGER, Role.WORKER},
    "uphold": {Role.STAFF, Role.ADMIN},
    "clear": {Role.STAFF, Role.ADMIN},
}


def actor_of(name: str) -> Actor:
    return Actor(None, sorted(WHO[name], key=lambda role: role != Role.STAFF)[0])


def everything_proved(of: str):
    firm = desk.firm()
    if of == "enterprise":
        Credential.objects.update(state="verified")
        return firm
    return desk.hand(firm, papers=())


def test_the_table_is_complete():
    assert STEPS.keys() == TABLE.keys() == WHO.keys()


def test_there_is_a_way_out_of_every_state():
    assert {state for state in A if not steps_from(STEPS, state)} == set()


@pytest.mark.parametrize("of", ["enterprise", "worker"])
@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_taken_from_its_states_and_from_no_other(of, name):
    sources, target = TABLE[name]
    holder = everything_proved(of)
    for state in A:
        type(holder).objects.filter(pk=holder.pk).update(state=state)
        before = AdmissionEvent.objects.count()
        if state not in sources:
            with pytest.raises(DomainError) as refused:
                take_step(holder, name, actor=actor_of(name), at=world.NOW, reason="原因", pledged=True)
            assert refused.value.code == "step_not_possible", state
            assert AdmissionEvent.objects.count() == before
            continue
        take_step(holder, name, actor=actor_of(name), at=world.NOW, reason="原因", pledged=True)
        holder.refresh_from_db()
        event = AdmissionEvent.objects.latest("pk")
        assert (holder.state, event.step, event.from_state, event.to_state) == (
            target or state,
            name,
            state,
            target or state,
        )


@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_taken_by_those_who_may_and_by_nobody_else(name):
    firm = everything_proved("enterprise")
    for role in {*Role, SYSTEM} - WHO[name]:
        with pytest.raises(DomainError) as refused:
            take_step(firm, name, actor=Actor(None, role), at=world.NOW, reason="原因")
        assert refused.value.code == "step_not_yours"
    assert not AdmissionEvent.objects.exists()


@pytest.mark.parametrize("name", ["return", "suspend", "exit", "blacklist", "uphold", "clear", "readmit", "appeal"])
def test_these_steps_need_a_reason(name):
    firm = everything_proved("enterprise")
    type(firm).objects.update(state=sorted(TABLE[name][0])[0])
    with pytest.raises(DomainError) as refused:
        take_step(firm, name, actor=actor_of(name), at=world.NOW, reason="  ")
    assert refused.value.code == "reason_missing"


def test_whom_a_workers_suspension_concerns_is_told_without_what_the_reviewer_wrote():
    worker = everything_proved("worker")
    type(worker).objects.update(state="admitted")
    boss = desk.boss(worker.enterprise)
    take_step(
        worker, "suspend", actor=actor_of("suspend"), at=world.NOW, reason="李阿姨的证件", reason_codes=["expired"]
    )
    told = {note.recipient: note for note in Notification.objects.all()}
    assert told.keys() == {worker.user, boss}
    assert (told[boss].url_name, told[boss].url_args) == ("enterprise_worker", [worker.pk])
    assert (told[worker.user].url_name, told[worker.user].url_args) == ("worker_admission", [])
    assert "证件已过期" in told[boss].body_text
    assert "李阿姨" not in str(told[boss].params)


def test_the_codes_of_an_enterprise_and_of_its_workers_are_computed_anew():
    worker = everything_proved("worker")
    firm = worker.enterprise
    type(firm).objects.update(state="admitted")
    take_step(firm, "suspend", actor=actor_of("suspend"), at=world.NOW, reason="消防检查")
    worker.refresh_from_db()
    firm.refresh_from_db()
    assert (worker.papers_changed_at, firm.papers_changed_at) == (world.NOW, world.NOW)
    assert (firm.state, firm.state_reason) == ("suspended", "消防检查")
