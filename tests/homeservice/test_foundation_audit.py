"""The audit log: it tells who revealed what and why, and nobody can rewrite it."""

import pytest
from django.db import IntegrityError, transaction

from homeservice.foundation import audit
from homeservice.foundation.models import AuditEntry
from homeservice.kernel.errors import DomainError
from tests import world

pytestmark = pytest.mark.django_db


def test_revealing_a_phone_gives_it_and_says_who_asked_and_why_but_not_the_phone() -> None:
    alice, staff = world.user("爱丽丝", phone="13900001111"), world.user("林主任")
    shown = audit.reveal(at=world.NOW, actor_id=staff.pk, subject=alice, field="phone", purpose=" 回访 ")
    assert shown == "13900001111"
    assert list(AuditEntry.objects.values()) == [
        {
            "id": AuditEntry.objects.get().pk,
            "at": world.NOW,
            "actor_id": staff.pk,
            "action": "reveal",
            "subject_type": "communities.user",
            "subject_id": str(alice.pk),
            "purpose": "回访",
            "detail": {"field": "phone"},
        }
    ]


@pytest.mark.parametrize("purpose", ["", "  ", "a", "长" * 201])
def test_nothing_is_revealed_without_a_purpose(purpose: str) -> None:
    alice = world.user("爱丽丝")
    with pytest.raises(DomainError) as refused:
        audit.reveal(at=world.NOW, actor_id=1, subject=alice, field="phone", purpose=purpose)
    assert (refused.value.code, refused.value.field) == ("purpose_needed", "purpose")
    assert not AuditEntry.objects.exists()


@pytest.fixture
def entry() -> AuditEntry:
    return audit.record(at=world.NOW, actor_id=None, action="export", subject=world.user("爱丽丝"), rows=3)


def test_the_database_refuses_to_change_an_entry(entry: AuditEntry) -> None:
    with pytest.raises(IntegrityError, match="audit_entry_append_only: UPDATE"), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).update(purpose="other")
    assert AuditEntry.objects.get().purpose == ""


def test_the_database_refuses_to_take_an_entry_out(entry: AuditEntry) -> None:
    with pytest.raises(IntegrityError, match="audit_entry_append_only: DELETE"), transaction.atomic():
        entry.delete()
    assert AuditEntry.objects.count() == 1
