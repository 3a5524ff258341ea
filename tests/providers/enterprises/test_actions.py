"""Registering enterprises, changing what is on file, and who represents them. Alice represents one, Charlie another."""

from dataclasses import replace
from datetime import date

import pytest

from communities.inbox.models import Notification
from homeservice.foundation.models import AuditEntry
from homeservice.kernel.errors import DomainError
from homeservice.kernel.scope import NOBODY, Scope
from providers.enterprises.accounts import appoint_account, change_rank, remove_account
from providers.enterprises.actions import (
    appoint_manager,
    change_contact,
    change_facts,
    change_grades,
    hand_over_representation,
    register_enterprise,
)
from providers.enterprises.models import Enterprise, EnterpriseManager
from providers.enterprises.queries import accounts_of, enterprise_of, enterprises_visible_to, manager_ids
from providers.enterprises.rules import EnterpriseFacts
from tests import world

pytestmark = pytest.mark.django_db

FACTS = EnterpriseFacts(
    name="安心家政", social_credit_code="91350100M000100Y43", org_type="employer", outlet_mode="independent",
    area_code=world.TIANHE, address="天河路1号", complaint_phone="020-87654321", established_date=date(2020, 3, 1),
)  # fmt: skip


def register(person=None, representative="爱丽丝", **changed) -> Enterprise:
    world.divisions()
    alice = person or world.verified(world.user("爱丽丝"))
    return register_enterprise(
        facts=replace(FACTS, **changed), representative=representative, person=alice, at=world.NOW
    )


def refused(deed, **given) -> tuple[str, str | None]:
    with pytest.raises(DomainError) as error:
        deed(**given)
    return error.value.code, error.value.field


# registration


def test_who_registers_an_enterprise_represents_it():
    alice = world.verified(world.user("爱丽丝"))
    firm = register(alice, social_credit_code=" 91350100m000100y43 ")
    assert (firm.social_credit_code, firm.state, firm.registered_at) == (
        "91350100M000100Y43", "awaiting_authorisation", world.NOW
    )  # fmt: skip
    post = EnterpriseManager.objects.get()
    assert (post.enterprise, post.user, post.rights) == (firm, alice, "legal_representative")
    assert AuditEntry.objects.get().action == "enterprise_registered"


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"social_credit_code": "91350100M000100Y44"}, "credit_code_check", "social_credit_code"),
        ({"social_credit_code": "91350100M000100Y4"}, "credit_code_length", "social_credit_code"),
        ({"name": "  "}, "name_missing", "name"),
        ({"name": "长" * 81}, "name_too_long", "name"),
        ({"address": ""}, "address_missing", "address"),
        ({"complaint_phone": "打电话"}, "complaint_phone_invalid", "complaint_phone"),
        ({"complaint_phone": "12"}, "complaint_phone_invalid", "complaint_phone"),
        ({"established_date": date(2026, 11, 24)}, "established_future", "established_date"),
        ({"established_date": date(1900, 1, 1)}, "established_long_ago", "established_date"),
    ],
)
def test_bad_facts_are_refused_at_their_field(changed, code, field):
    assert refused(register, **changed) == (code, field)
    assert not Enterprise.objects.exists()


@pytest.mark.parametrize(
    "phone", ["020-87654321", "020 8765 4321", "13800138000", "400-812-3456", "0755-12345678转8", "95588"]
)
def test_telephones_of_all_kinds_are_taken(phone):
    assert register(complaint_phone=phone).complaint_phone == phone


def test_only_the_verified_representative_registers():
    assert refused(register, representative="查理") == ("representative_differs", "legal_representative")
    assert refused(register, person=world.user("爱丽丝")) == ("identity_missing", "legal_representative")


def test_an_enterprise_is_registered_once_and_a_person_manages_one():
    alice = world.verified(world.user("爱丽丝"))
    register(alice)
    bob = world.verified(world.user("爱丽丝"))
    assert refused(register, person=bob, name="别的家政") == ("enterprise_known", "social_credit_code")
    assert refused(register, person=bob, social_credit_code="91110000600037341L") == ("name_taken", "name")
    assert (
        refused(register, person=alice, name="第二家", social_credit_code="91110000600037341L")[0] == "manages_another"
    )
    assert Enterprise.objects.count() == 1


# what is on file


def test_everything_can_be_mended_until_it_is_submitted():
    firm = register()
    change_facts(
        enterprise=firm,
        facts=replace(FACTS, name="放心家政", address="体育西路2号"),
        actor_id=world.user().pk,
        at=world.NOW,
    )
    firm.refresh_from_db()
    assert (firm.name, firm.address) == ("放心家政", "体育西路2号")
    assert AuditEntry.objects.get(action="enterprise_facts").detail == {"fields": ["name", "address"]}


@pytest.mark.parametrize("state", ["submitted", "checking", "admitted", "suspended", "exited", "blacklisted"])
def test_what_stands_on_the_licence_is_fixed_once_it_is_submitted(state):
    firm = register()
    Enterprise.objects.update(state=state)
    other = {"name": "放心家政", "org_type": "agency", "area_code": world.WUSHAN, "established_date": date(2021, 1, 1)}
    for field, value in other.items():
        code = refused(change_facts, enterprise=firm, facts=replace(FACTS, **{field: value}), actor_id=1, at=world.NOW)
        assert code == ("fact_fixed", {"area_code": "division"}.get(field, field))
    change_facts(enterprise=firm, facts=replace(FACTS, address="新址"), actor_id=world.user().pk, at=world.NOW)
    firm.refresh_from_db()
    assert (firm.address, firm.papers_changed_at) == ("新址", world.NOW)


def test_what_was_never_entered_can_be_added_later():
    firm = register()
    Enterprise.objects.update(state="admitted", established_date=None)
    change_facts(enterprise=firm, facts=FACTS, actor_id=world.user().pk, at=world.NOW)
    firm.refresh_from_db()
    assert firm.established_date == date(2020, 3, 1)


# sub-accounts


@pytest.fixture
def firm() -> Enterprise:
    return register()


def alice_of(firm: Enterprise):
    return firm.managers.get(rights="legal_representative").user


def test_a_sub_account_is_opened_changed_and_closed_and_its_person_told(firm):
    alice, bob = alice_of(firm), world.user("鲍勃")
    post = appoint_account(enterprise=firm, phone=bob.phone, rights="clerk", actor_id=alice.pk, at=world.NOW)
    change_rank(post=post, rights="operator", actor_id=alice.pk, at=world.NOW)
    assert [(one.user, one.rights) for one in accounts_of(firm)] == [(alice, "legal_representative"), (bob, "operator")]
    remove_account(post=post, actor_id=alice.pk, at=world.NOW)
    assert [one.user for one in accounts_of(firm)] == [alice]
    assert list(Notification.objects.filter(recipient=bob).order_by("pk").values_list("title", flat=True)) == [
        "You act for %(enterprise)s now", "Your rights at %(enterprise)s have changed", "You no longer act for %(enterprise)s",
    ]  # fmt: skip
    logged = AuditEntry.objects.filter(action__startswith="account").order_by("pk")
    assert [(entry.action, entry.detail["person"]) for entry in logged] == [
        ("account_appointed", bob.pk), ("account_rank", bob.pk), ("account_removed", bob.pk),
    ]  # fmt: skip


def test_nobody_unknown_busy_or_twice_is_appointed(firm):
    alice, charlie = alice_of(firm), world.manager(world.enterprise("别家家政"))
    given = {"enterprise": firm, "actor_id": alice.pk, "at": world.NOW}
    assert refused(appoint_account, phone="13912345678", rights="clerk", **given) == ("person_unknown", "phone")
    assert refused(appoint_account, phone="139", rights="clerk", **given) == ("phone_invalid", "phone")
    assert refused(appoint_account, phone=charlie.phone, rights="clerk", **given) == ("manages_another", "phone")
    assert refused(appoint_account, phone=alice.phone, rights="clerk", **given) == ("account_already", "phone")
    assert refused(appoint_account, phone=world.user().phone, rights="legal_representative", **given) == (
        "rank_unknown", "rights",
    )  # fmt: skip


def test_the_legal_representative_cannot_be_removed_or_lowered(firm):
    post = firm.managers.get()
    assert refused(remove_account, post=post, actor_id=post.user_id, at=world.NOW)[0] == "representative_stays"
    assert (
        refused(change_rank, post=post, rights="clerk", actor_id=post.user_id, at=world.NOW)[0]
        == "representative_stays"
    )


def test_staff_hand_over_the_representation_to_a_verified_person(firm):
    alice, bob, officer = alice_of(firm), world.user("鲍勃"), world.user("科长")
    given = {"enterprise": firm, "reason": "已看新执照", "actor_id": officer.pk, "at": world.NOW}
    assert refused(hand_over_representation, to=bob, **given) == ("identity_missing", "phone")
    world.verified(bob)
    hand_over_representation(to=bob, **given)
    firm.refresh_from_db()
    assert firm.legal_representative == "鲍勃"
    assert dict(firm.managers.values_list("user", "rights")) == {bob.pk: "legal_representative", alice.pk: "operator"}
    assert refused(hand_over_representation, to=bob, **given) == ("represents_already", "phone")
    charlie = world.verified(world.manager(world.enterprise("别家家政")))
    assert refused(hand_over_representation, to=charlie, **given) == ("manages_another", "phone")
    assert refused(hand_over_representation, to=bob, **{**given, "reason": " "}) == ("reason_missing", "reason")


def test_a_manager_acts_for_one_enterprise_only():
    alices, bobs = world.enterprise("甲家政"), world.enterprise("乙家政")
    person = world.user("陈经理")
    assert appoint_manager(enterprise=alices, user=person, rights="clerk").enterprise == alices
    assert manager_ids(alices.pk) == [person.pk]
    assert refused(appoint_manager, enterprise=bobs, user=person, rights="clerk")[0] == "manages_another"


# contact and grades


def test_only_a_key_contact_has_a_liaison_officer(firm):
    officer = world.staff(division=world.TIANHE)
    given = {"enterprise": firm, "actor_id": officer.pk, "at": world.NOW}
    assert refused(change_contact, key_contact=False, liaison=officer, **given) == (
        "liaison_without_contact",
        "liaison",
    )
    change_contact(key_contact=True, liaison=officer, **given)
    firm.refresh_from_db()
    assert (firm.key_contact, firm.liaison) == (True, officer)
    assert AuditEntry.objects.get(action="enterprise_contact").detail == {"key_contact": True, "liaison": officer.pk}


def test_grades_name_their_source_and_stars_wait_a_year(firm):
    given = {"enterprise": firm, "actor_id": world.user().pk, "at": world.NOW, "credit_grade": "3A"}
    published = {"source": "广州市商务局公告", "source_date": date(2026, 10, 1)}
    assert refused(change_grades, star=4, source=" ", source_date=world.MONDAY, **given) == ("source_missing", "source")
    assert refused(change_grades, star=4, source="公告", source_date=date(2026, 11, 24), **given) == (
        "source_future", "source_date",
    )  # fmt: skip
    Enterprise.objects.update(established_date=date(2026, 1, 1))
    assert refused(change_grades, star=4, **published, **given) == ("star_too_early", "star")
    Enterprise.objects.update(established_date=date(2020, 3, 1))
    change_grades(star=4, **published, **given)
    firm.refresh_from_db()
    assert (firm.star, firm.credit_grade) == (4, "3A")
    entry = AuditEntry.objects.get(action="enterprise_grades")
    assert (entry.purpose, entry.detail["source_date"]) == ("广州市商务局公告", "2026-10-01")


def test_an_enterprise_is_seen_by_its_manager_and_its_districts_staff_only():
    firm = world.enterprise()
    manager = Scope(enterprise_id=firm.pk)
    assert enterprise_of(manager) == firm
    assert list(enterprises_visible_to(Scope(areas=("4401",)))) == [firm]
    assert list(enterprises_visible_to(Scope(areas=("4403",)))) == []
    assert enterprise_of(NOBODY) is None
