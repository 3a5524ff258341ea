"""Alice is invited by an enterprise, Bob is its manager, Charlie's enterprise would like to have her, too."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from communities.accounts.models import User
from communities.accounts.rules import parsed_id_number
from communities.divisions.models import Division
from communities.inbox.models import Delivery, Notification
from homeservice.foundation.models import AuditEntry
from homeservice.kernel.errors import DomainError
from providers.bindings.actions import (
    Signing,
    apply_to_enterprise,
    confirm_binding,
    confirm_end,
    decline_binding,
    end_by_office,
    enter_worker,
    invite_worker,
    join,
    keep_binding,
    propose_end,
    register_worker,
    take_back_proposal,
    withdraw_authorisation,
)
from providers.bindings.models import Authorisation, Binding
from providers.bindings.queries import (
    binding_of,
    enterprises_to_apply_to,
    is_authorised,
)
from providers.workers.actions import Person
from providers.workers.models import Worker
from tests import world
from tests.providers.bindings.refusals import refusal_of
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

ALICE, LATER = "13800138000", NOW + timedelta(hours=1)
ID_NUMBER = "440199198506010026"


def person(**changes: Any) -> Person:
    number = parsed_id_number(ID_NUMBER, today=date(2026, 11, 23))
    return replace(Person("爱丽丝", number, Division.objects.get(pk=world.CHASHAN)), **changes)


def signing(user: User, **changes: Any) -> Signing:
    world.letter()
    return replace(Signing("2026-1", "爱丽丝", True, user.pk), **changes)


def invited(firm: Any, **fields: Any) -> Binding:
    fields = fields if "actor_id" in fields else {**fields, "actor_id": world.manager(firm).pk}
    values = {"phone": ALICE, "relation": "employee", "note": "陈经理", "at": NOW}
    return invite_worker(enterprise=firm, **{**values, **fields})


def joined(firm: Any) -> Worker:
    binding = invited(firm)
    return join(binding=binding, person=person(), signing=signing(binding.user), at=NOW)


# invitations


def test_an_invitation_keeps_nothing_but_the_phone_and_tells_the_person_by_message() -> None:
    binding = invited(world.enterprise("安心家政"))
    assert (binding.state, binding.proposed_by, binding.user.name, binding.user.phone) == (
        "proposed", "enterprise", "", ALICE,
    )  # fmt: skip
    assert not Worker.objects.exists()
    note = Notification.objects.get(recipient=binding.user)
    assert (note.title_text, note.url_name) == ("安心家政想和您一起工作", "worker_bindings")
    assert Delivery.objects.get().channel == "sms"


def test_a_resident_who_is_invited_keeps_the_account() -> None:
    alice = world.user("爱丽丝", phone=ALICE)
    assert invited(world.enterprise()).user == alice


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"phone": "123"}, "phone_invalid"),
        ({"note": "好" * 201}, "note_too_long"),
        ({"relation": "slave"}, "relation_unknown"),
    ],
)
def test_a_wrong_invitation_is_refused_and_nobody_is_kept(fields: Any, code: str) -> None:
    firm = world.enterprise()
    before = world.manager(firm).pk
    assert refusal_of(invited, firm=firm, actor_id=before, **fields) == code
    assert not Binding.objects.exists()


def test_nobody_is_invited_twice_nor_by_their_own_enterprise() -> None:
    firm = world.enterprise()
    binding = invited(firm)
    again = {"firm": firm, "actor_id": binding.proposer_id}
    assert refusal_of(invited, **again) == "binding_open"
    join(binding=binding, person=person(), signing=signing(binding.user), at=NOW)
    assert refusal_of(invited, **again) == "binding_exists"


def test_a_closed_account_and_an_enterprise_that_left_invite_nobody() -> None:
    world.user("爱丽丝", phone=ALICE, is_active=False)
    assert refusal_of(invited, firm=world.enterprise()) == "account_inactive"
    gone = world.enterprise("走了家政", state="exited")
    assert refusal_of(invited, firm=gone, phone="13900139000") == "enterprise_gone"


def test_an_enterprise_sends_only_so_many_invitations_a_day(monkeypatch: Any) -> None:
    monkeypatch.setattr("providers.bindings.actions.proposing.INVITATIONS_A_DAY", 1)
    firm = world.enterprise()
    actor = invited(firm).proposer_id
    other = {"firm": firm, "actor_id": actor, "phone": "13900139000"}
    assert refusal_of(invited, **other) == "invitations_quota"
    invited(**other, at=NOW + timedelta(days=1))


# joining


def test_who_signs_is_a_worker_of_the_enterprise_and_awaits_admission() -> None:
    firm = world.enterprise()
    worker = joined(firm)
    binding = Binding.objects.get()
    assert (worker.enterprise, worker.state, worker.real_name) == (firm, "awaiting_authorisation", "爱丽丝")
    assert (worker.sex, worker.birth_date, worker.relation) == ("female", date(1985, 6, 1), "employee")
    assert (binding.state, binding.answered_at, binding.answerer) == ("in_force", NOW, worker.user)
    signed = Authorisation.objects.get()
    assert (signed.letter_id, signed.signed_name, signed.channel, signed.signed_at) == ("2026-1", "爱丽丝", "web", NOW)
    assert is_authorised(worker.pk)
    assert worker.papers_changed_at == NOW
    told = Notification.objects.get(recipient=binding.proposer)
    assert (told.title_text, told.url_name) == ("一位服务员加入了您的企业", "enterprise_bindings")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"agreed": False}, "authorisation_not_agreed"),
        ({"version": "1999-1"}, "letter_outdated"),
        ({"signed_name": "别人"}, "signed_name_differs"),
        ({"signed_name": " "}, "signed_name_missing"),
    ],
)
def test_without_a_sound_signature_nothing_of_the_person_is_kept(changes: Any, code: str) -> None:
    binding = invited(world.enterprise())
    signed = signing(binding.user, **changes)
    assert refusal_of(join, binding=binding, person=person(), signing=signed, at=NOW) == code
    assert not Worker.objects.exists()
    binding.refresh_from_db()
    assert binding.state == "proposed"


def test_somebody_of_seventeen_is_refused_with_the_reason() -> None:
    binding = invited(world.enterprise())
    young = person(id_number=replace(person().id_number, birth_date=date(2008, 11, 24)))
    assert refusal_of(join, binding=binding, person=young, signing=signing(binding.user), at=NOW) == "worker_too_young"
    assert not Worker.objects.exists()


def test_nobody_joins_without_saying_who_they_are() -> None:
    binding = invited(world.enterprise())
    assert refusal_of(join, binding=binding, person=None, signing=None, at=NOW) == "person_missing"


def test_a_worker_bound_elsewhere_reads_by_whom_and_stays_there() -> None:
    worker = world.worker(world.enterprise("甲家政"), user=world.user("爱丽丝", phone=ALICE))
    binding = invited(world.enterprise("乙家政"))
    with pytest.raises(DomainError, match="甲家政") as refused:
        join(binding=binding, person=None, signing=None, at=NOW)
    assert refused.value.code == "worker_bound"
    worker.refresh_from_db()
    assert worker.enterprise.name == "甲家政"
    assert binding_of(worker.user).enterprise.name == "甲家政"


def test_a_worker_who_left_joins_another_enterprise_without_signing_anew() -> None:
    worker = world.worker(world.enterprise("甲家政"), user=world.user("爱丽丝", phone=ALICE))
    old = propose_end(binding=Binding.objects.get(), side="worker", reason="搬家", actor_id=worker.user_id, at=NOW)
    confirm_end(binding=old, side="enterprise", actor_id=1, at=NOW)
    elsewhere = world.enterprise("乙家政")
    join(binding=invited(elsewhere, relation="flexible"), person=None, signing=None, at=LATER)
    worker.refresh_from_db()
    assert (worker.enterprise, worker.relation, worker.state) == (elsewhere, "flexible", "admitted")


def test_a_declined_or_taken_back_invitation_binds_nobody() -> None:
    firm = world.enterprise()
    first = invited(firm)
    decline_binding(binding=first, side="worker", actor_id=first.user_id, at=NOW)
    second = invited(firm, actor_id=first.proposer_id)
    take_back_proposal(binding=second, side="enterprise", actor_id=first.proposer_id, at=NOW)
    for gone in (first, second):
        signed = signing(gone.user)
        assert refusal_of(join, binding=gone, person=person(), signing=signed, at=NOW) == "binding_answered"
    assert list(Binding.objects.order_by("pk").values_list("state", flat=True)) == ["declined", "withdrawn"]


def test_no_side_answers_for_the_other() -> None:
    binding = invited(world.enterprise())
    own = {"binding": binding, "side": "enterprise", "actor_id": binding.proposer_id, "at": NOW}
    assert refusal_of(confirm_binding, **own) == "binding_own_proposal"
    assert refusal_of(decline_binding, **own) == "binding_own_proposal"
    assert refusal_of(take_back_proposal, **{**own, "side": "worker"}) == "binding_not_yours"


# applications


def registered() -> Worker:
    world.divisions()
    alice = world.user("爱丽丝", phone=ALICE)
    return register_worker(user=alice, person=person(), relation="flexible", signing=signing(alice), at=NOW)


def applied(firm: Any, worker: Worker) -> Binding:
    return apply_to_enterprise(user=worker.user, enterprise=firm, relation="flexible", note="会煲汤", at=NOW)


def test_an_application_takes_effect_once_the_enterprise_says_yes() -> None:
    firm = world.enterprise("安心家政")
    bob, worker = world.manager(firm), registered()
    binding = applied(firm, worker)
    worker.refresh_from_db()
    assert worker.enterprise is None
    assert Notification.objects.get(recipient=bob).title_text == "有人申请到您的企业工作"
    confirm_binding(binding=binding, side="enterprise", actor_id=bob.pk, at=LATER)
    worker.refresh_from_db()
    assert (worker.enterprise, worker.joined_date) == (firm, date(2026, 11, 23))
    assert Notification.objects.get(recipient=worker.user).title_text == "安心家政已接受您"


def test_a_bound_worker_applies_nowhere_and_nobody_to_an_enterprise_not_admitted() -> None:
    firm, elsewhere = world.enterprise("甲家政"), world.enterprise("乙家政")
    worker = world.worker(firm)
    assert refusal_of(applied, firm=elsewhere, worker=worker) == "worker_bound"
    checked = world.enterprise("丙家政", state="checking")
    assert refusal_of(applied, firm=checked, worker=registered()) == "enterprise_not_active"


def test_an_enterprise_does_not_learn_by_whom_an_applicant_is_bound() -> None:
    firm, elsewhere = world.enterprise("甲家政"), world.enterprise("乙家政")
    worker = registered()
    first, second = applied(firm, worker), applied(elsewhere, worker)
    confirm_binding(binding=first, side="enterprise", actor_id=world.manager(firm).pk, at=NOW)
    with pytest.raises(DomainError) as refused:
        confirm_binding(binding=second, side="enterprise", actor_id=world.manager(elsewhere).pk, at=NOW)
    assert refused.value.code == "worker_bound"
    assert "甲家政" not in refused.value.message


def test_an_application_of_one_who_has_withdrawn_the_letter_is_not_confirmed() -> None:
    firm, worker = world.enterprise(), registered()
    binding = applied(firm, worker)
    withdraw_authorisation(worker=worker, actor_id=worker.user_id, at=NOW)
    confirming = {"binding": binding, "side": "enterprise", "actor_id": 1, "at": NOW}
    assert refusal_of(confirm_binding, **confirming) == "authorisation_missing"


def test_only_admitted_enterprises_are_found_to_apply_to() -> None:
    firm = world.enterprise("安心家政")
    world.enterprise("安心保洁", state="suspended")
    assert enterprises_to_apply_to("安心") == [firm]
    assert enterprises_to_apply_to("安\x00") == []


# ending (domain §8.2, rule 10: unbinding needs both confirmations)


@pytest.mark.parametrize(("side", "other"), [("worker", "enterprise"), ("enterprise", "worker")])
def test_a_binding_ends_only_once_both_sides_said_so(side: str, other: str) -> None:
    firm = world.enterprise()
    bob, worker = world.manager(firm), world.worker(firm)
    binding = propose_end(binding=Binding.objects.get(), side=side, reason="搬家", actor_id=bob.pk, at=NOW)
    worker.refresh_from_db()
    assert (worker.enterprise, binding.state) == (firm, "ending")
    for alone in (side,):
        again = {"binding": binding, "side": alone, "actor_id": bob.pk, "at": NOW}
        assert refusal_of(confirm_end, **again) == "binding_own_proposal"
    confirm_end(binding=binding, side=other, actor_id=bob.pk, at=LATER)
    worker.refresh_from_db()
    binding.refresh_from_db()
    assert (worker.enterprise, binding.state, binding.ended_at) == (None, "ended", LATER)
    assert [kind.kind_id for kind in worker.kinds.all()] == ["cleaning"]
    assert worker.papers_changed_at == LATER


def test_the_end_is_told_to_the_other_side_with_its_reason_and_then_to_both() -> None:
    firm = world.enterprise("安心家政")
    bob, worker = world.manager(firm), world.worker(firm)
    binding = propose_end(binding=Binding.objects.get(), side="enterprise", reason="搬家", actor_id=bob.pk, at=NOW)
    asked = Notification.objects.get()
    assert (asked.recipient, asked.title_text) == (worker.user, "安心家政提出与您解除绑定")
    assert "搬家" in asked.body_text
    confirm_end(binding=binding, side="worker", actor_id=worker.user_id, at=LATER)
    assert {row.recipient for row in Notification.objects.filter(created_at=LATER)} == {bob, worker.user}


@pytest.mark.parametrize("side", ["worker", "enterprise"])
def test_a_proposed_end_is_taken_back_or_refused_and_may_be_proposed_again(side: str) -> None:
    world.worker(world.enterprise())
    binding = propose_end(binding=Binding.objects.get(), side="worker", reason="搬家", actor_id=1, at=NOW)
    kept = keep_binding(binding=binding, side=side, actor_id=1, at=NOW)
    assert (kept.state, kept.end_reason, kept.ending_proposed_by) == ("in_force", "", "")
    assert propose_end(binding=kept, side="enterprise", reason="改", actor_id=1, at=LATER).state == "ending"


def test_an_end_needs_a_reason_and_a_binding_in_force() -> None:
    firm = world.enterprise()
    world.worker(firm)
    ending = {"binding": Binding.objects.get(), "side": "worker", "actor_id": 1, "at": NOW}
    assert refusal_of(propose_end, reason=" ", **ending) == "reason_missing"
    assert refusal_of(confirm_end, **ending) == "binding_not_ending"
    assert refusal_of(keep_binding, **ending) == "binding_not_ending"
    propose_end(reason="搬家", **ending)
    assert refusal_of(propose_end, reason="搬家", **ending) == "binding_ending"
    confirm_end(**{**ending, "side": "enterprise"})
    assert refusal_of(propose_end, reason="搬家", **ending) == "binding_not_in_force"


def test_the_office_ends_a_binding_alone_and_says_why() -> None:
    worker = world.worker(world.enterprise())
    office = {"binding": Binding.objects.get(), "actor_id": world.staff(division=world.TIANHE).pk, "at": NOW}
    assert refusal_of(end_by_office, reason="", **office) == "reason_missing"
    ended = end_by_office(reason="企业已退出", **office)
    worker.refresh_from_db()
    assert (worker.enterprise, ended.state, ended.ending_proposed_by) == (None, "ended", "office")
    assert refusal_of(end_by_office, reason="企业已退出", **office) == "binding_not_in_force"


def test_the_database_keeps_one_enterprise_for_one_person() -> None:
    worker = world.worker(world.enterprise())
    with pytest.raises(IntegrityError, match="binding_one_enterprise"), transaction.atomic():
        world.binding(worker, enterprise=world.enterprise("别家家政"))


# many at once


def test_a_worker_from_a_list_awaits_authorisation_and_belongs_to_nobody_yet() -> None:
    firm = world.enterprise()
    world.divisions()
    entering = {
        "enterprise": firm, "phone": ALICE, "person": person(), "relation": "employee", "attested": True,
        "actor_id": world.manager(firm).pk, "at": NOW,
    }  # fmt: skip
    assert refusal_of(enter_worker, **{**entering, "attested": False}) == "authorisation_missing"
    assert not User.objects.filter(phone_index="").exists()
    worker, binding = enter_worker(**entering)
    assert (worker.enterprise, worker.state, binding.state) == (None, "awaiting_authorisation", "proposed")
    assert not is_authorised(worker.pk)
    assert AuditEntry.objects.filter(action="worker_entered").count() == 1
    join(binding=binding, person=None, signing=signing(worker.user), at=LATER)
    worker.refresh_from_db()
    assert (worker.enterprise, is_authorised(worker.pk)) == (firm, True)


@pytest.mark.parametrize("state", ["exited", "blacklisted"])
def test_nobody_joins_an_enterprise_that_left_after_it_invited_them(state: str) -> None:
    firm = world.enterprise()
    binding = invited(firm)
    firm.state = state
    firm.save()
    assert (
        refusal_of(join, binding=binding, person=person(), signing=signing(binding.user), at=NOW) == "enterprise_gone"
    )
    assert Worker.objects.count() == 0
