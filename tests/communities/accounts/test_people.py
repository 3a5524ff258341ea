"""One's own account, what the desk does, and looking behind a mask."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from communities.accounts.actions import close_account, register_resident, reveal_phone
from communities.accounts.models import Consent, User
from communities.accounts.queries import person_by_phone
from communities.divisions.models import Division
from homeservice.foundation.models import AuditEntry
from homeservice.kernel.errors import DomainError
from tests import world
from tests.world import CHASHAN, NOW

pytestmark = pytest.mark.django_db
PHONE = "13800138000"


def registered(lin: User, **fields: Any) -> User:
    community = Division.objects.get(pk=CHASHAN)
    given = {"phone": PHONE, "name": "王奶奶", "address": "3栋501", "channel": "phone", "consented": True, **fields}
    return register_resident(community=community, recorded_by=lin, at=NOW, **given)


def test_the_desk_registers_an_elder_with_recorded_consent() -> None:
    world.divisions()
    lin = world.staff(division=world.WUSHAN)
    elder = registered(lin)

    assert (elder.phone, elder.name, elder.memberships.get().household.address) == (PHONE, "王奶奶", "3栋501")
    consents = Consent.objects.order_by("kind").values_list("user", "kind", "channel", "recorded_by")
    assert list(consents) == [(elder.pk, kind, "phone", lin.pk) for kind in ("desk_order", "privacy")]
    assert AuditEntry.objects.get().action == "resident.registered"


def test_the_desk_finds_a_known_person_and_opens_no_second_home() -> None:
    world.divisions()
    lin = world.staff(division=world.WUSHAN)
    elder = registered(lin)
    assert registered(lin, name="别的名字") == elder
    assert person_by_phone(PHONE).name == "王奶奶"
    assert elder.memberships.count() == 1


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"phone": "123"}, ("phone_invalid", "phone")),
        ({"name": " "}, ("name_missing", "name")),
        ({"address": "长" * 10_000}, ("address_too_long", "address")),
        ({"consented": False}, ("consent_required", "consent")),
    ],
)
def test_the_desk_is_refused_what_anybody_is_refused(fields: dict[str, Any], refusal: tuple[str, str]) -> None:
    world.divisions()
    lin = world.staff(division=world.WUSHAN)
    with pytest.raises(DomainError) as refused:
        registered(lin, **fields)
    assert (refused.value.code, refused.value.field) == refusal
    assert person_by_phone(PHONE) is None


def test_seeing_a_whole_phone_needs_a_purpose_and_is_on_record() -> None:
    alice, lin = world.user("爱丽丝", phone=PHONE), world.user("林主任")
    with pytest.raises(DomainError):
        reveal_phone(user=alice, purpose="  ", actor=lin, at=NOW)
    assert reveal_phone(user=alice, purpose="确认地址", actor=lin, at=NOW) == PHONE
    assert list(AuditEntry.objects.values_list("actor_id", "action", "subject_id", "purpose")) == [
        (lin.pk, "reveal", str(alice.pk), "确认地址")
    ]


def test_a_closed_account_keeps_what_the_law_wants_and_frees_the_phone() -> None:
    alice = world.user("爱丽丝", phone=PHONE)
    home = world.household(alice)
    close_account(user=alice, at=NOW)

    alice.refresh_from_db()
    assert (alice.name, alice.is_active, alice.closed_at, alice.phone) == ("", False, NOW, PHONE)
    assert not home.members.filter(revoked_at__isnull=True).exists()
    assert person_by_phone(PHONE) is None


def test_the_page_closes_the_account_and_the_session(sign_in: Callable[..., Client]) -> None:
    alice = world.user("爱丽丝")
    client = sign_in(alice)
    assert client.get("/me/close").status_code == 200
    alice.refresh_from_db()
    assert alice.is_active
    client.post("/me/close")
    alice.refresh_from_db()
    assert not alice.is_active
    assert client.get("/me").status_code == 302


def test_who_holds_a_post_cannot_close_the_account(sign_in: Callable[..., Client]) -> None:
    world.divisions()
    lin = world.staff(division=world.WUSHAN)
    assert sign_in(lin).post("/me/close").headers["Location"] == "/me/close"
    lin.refresh_from_db()
    assert lin.is_active


def test_a_consent_is_withdrawn_and_stays_on_record(sign_in: Callable[..., Client]) -> None:
    alice = world.user("爱丽丝")
    Consent.objects.create(user=alice, kind="sensitive", version="2026-1", channel="web", given_at=NOW)
    client = sign_in(alice)
    assert client.get("/me/consents").status_code == 200
    assert client.post("/me/consents/sensitive/withdraw").headers["Location"] == "/me/consents"
    assert Consent.objects.get().withdrawn_at
    client.post("/me/consents/privacy/withdraw")
    assert client.get("/me").status_code == 302


@pytest.mark.parametrize(("name", "ok"), [("欧阳𠮷😀", True), ("  ", False), ("长" * 10_000, False)])
def test_a_name_is_changed_or_refused_beside_its_field(sign_in: Callable[..., Client], name: str, ok: bool) -> None:
    alice = world.user("爱丽丝")
    answer = sign_in(alice).post("/me/name", {"name": name})
    alice.refresh_from_db()
    assert alice.name == (name if ok else "爱丽丝")
    assert ok or 'id="id_name_error"' in answer.content.decode()
