"""Registering enterprises, and taking them out of service."""

import pytest

from communities.divisions.models import Division
from homeservice.foundation.models import AuditEntry
from homeservice.kernel.errors import DomainError
from homeservice.kernel.scope import NOBODY, Scope
from providers.credentials.queries import findings_for
from providers.enterprises.actions import appoint_manager, change_enterprise_state, register_enterprise
from providers.enterprises.models import Enterprise
from providers.enterprises.queries import enterprise_of, enterprises_visible_to, manager_ids
from tests import world

pytestmark = pytest.mark.django_db


def register(**fields):
    world.divisions()
    facts = {
        "name": "安心家政",
        "social_credit_code": "91350100M000100Y43",
        "org_type": "employer",
        "division": Division.objects.get(pk=world.TIANHE),
        "complaint_phone": "020-87654321",
    }
    return register_enterprise(**{**facts, **fields})


def test_an_enterprise_is_registered_once():
    enterprise = register(social_credit_code="91350100m000100y43")
    assert (enterprise.social_credit_code, enterprise.state) == ("91350100M000100Y43", "awaiting_authorisation")
    for twice in ({}, {"name": "别的家政"}):
        with pytest.raises(DomainError) as refused:
            register(**twice)
        assert (refused.value.code, refused.value.field) == ("enterprise_known", "social_credit_code")
    assert Enterprise.objects.count() == 1


def test_a_mistyped_credit_code_is_refused():
    with pytest.raises(DomainError) as refused:
        register(social_credit_code="91350100M000100Y44")
    assert refused.value.code == "credit_code_check"


def test_a_manager_acts_for_one_enterprise_only():
    alices, bobs = world.enterprise("甲家政"), world.enterprise("乙家政")
    person = world.user("陈经理")
    assert appoint_manager(enterprise=alices, user=person, rights="clerk").enterprise == alices
    assert manager_ids(alices.pk) == [person.pk]
    with pytest.raises(DomainError) as refused:
        appoint_manager(enterprise=bobs, user=person, rights="clerk")
    assert refused.value.code == "manages_another"


def test_a_suspension_is_logged_and_blocks_at_the_gate():
    firm = world.enterprise()
    worker, officer = world.worker(firm), world.user("科长")
    change_enterprise_state(enterprise=firm, state="suspended", reason="消防检查", actor_id=officer.pk, at=world.NOW)
    assert findings_for(worker.pk, world.item(), world.MONDAY).reason_codes == ("enterprise_not_active",)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.purpose, entry.detail) == (
        "enterprise_state", "消防检查", {"before": "admitted", "after": "suspended"},
    )  # fmt: skip


def test_a_suspension_needs_a_reason():
    with pytest.raises(DomainError) as refused:
        change_enterprise_state(
            enterprise=world.enterprise(), state="suspended", reason=" ", actor_id=world.user().pk, at=world.NOW
        )
    assert refused.value.code == "reason_missing"


def test_an_enterprise_is_seen_by_its_manager_and_its_districts_staff_only():
    firm = world.enterprise()
    manager = Scope(enterprise_id=firm.pk)
    assert enterprise_of(manager) == firm
    assert list(enterprises_visible_to(Scope(areas=("4401",)))) == [firm]
    assert list(enterprises_visible_to(Scope(areas=("4403",)))) == []
    assert enterprise_of(NOBODY) is None
