"""The administration pages: opened by our own sign-in and second factor, masked, searched by whole phone."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from communities.accounts.actions import enrol_totp
from communities.accounts.checks import outside_services_are_real
from communities.accounts.models import User
from communities.inbox.actions import tell
from communities.inbox.rules import Notice
from homeservice.foundation.models import AuditEntry
from tests import world

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
OURS = [
    "user",
    "staffpost",
    "identity",
    "consent",
    "onetimecode",
    "household",
    "carerecipient",
    "notification",
    "delivery",
]


@pytest.fixture
def chief() -> User:
    return world.user("管理员", is_staff=True, is_superuser=True)


def test_the_way_in_is_our_sign_in_and_second_factor(chief: User, sign_in: SignIn) -> None:
    where = "/admin/communities/user/"
    anonymous = Client().get(where, follow=True)
    assert anonymous.redirect_chain[-1][0] == "/sign-in?next=%2Fadmin%2Fcommunities%2Fuser%2F"
    half_way = sign_in(chief).get(where, follow=True)
    assert half_way.redirect_chain[-1][0] == "/second-factor?next=%2Fadmin%2Fcommunities%2Fuser%2F"
    assert sign_in(chief, second_factor=True).get(where).status_code == 200
    assert sign_in(world.user(), second_factor=True).get(where, follow=True).status_code == 403


@pytest.mark.parametrize("model", OURS)
def test_lists_open_and_show_no_whole_phone_name_address_or_id_number(model: str, chief: User, sign_in: SignIn) -> None:
    alice = world.verified(world.user("欧阳爱丽丝"), "440199199001010017")
    home = world.household(alice)
    world.recipient(home, name="欧阳奶奶", health_facts="心脏病")
    tell([Notice(recipient_id=alice.pk, title="Hello", dedupe_key="k", channels=("sms",))], at=world.NOW)
    client = sign_in(chief, second_factor=True)
    pages = [client.get(f"/admin/communities/{model}/")]
    rows = admin.site._registry[type(alice)._meta.apps.get_model("communities", model)].model.objects.all()
    pages += [client.get(reverse(f"admin:communities_{model}_change", args=[row.pk])) for row in rows]
    for page in pages:
        assert page.status_code == 200
        text = page.content.decode()
        for secret in (alice.phone, "欧阳爱丽丝", "440199199001010017", "3栋2单元501", "欧阳奶奶", "心脏病"):
            assert secret not in text


def test_people_are_found_by_their_whole_phone_only(chief: User, sign_in: SignIn) -> None:
    alice = world.user("爱丽丝")
    client = sign_in(chief, second_factor=True)
    assert alice.masked_phone in client.get("/admin/communities/user/", {"q": f"+86 {alice.phone}"}).content.decode()
    assert alice.masked_phone not in client.get("/admin/communities/user/", {"q": alice.phone[:7]}).content.decode()


def test_a_clerk_who_may_change_accounts_gives_nobody_rights(sign_in: SignIn) -> None:
    clerk, alice = world.user("文员", is_staff=True), world.user("爱丽丝")
    clerk.user_permissions.add(*Permission.objects.filter(codename__in=["change_user", "view_user"]))
    client = sign_in(clerk, second_factor=True)
    for person in (clerk, alice):
        form = {"language": "en", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
        sent = client.post(f"/admin/communities/user/{person.pk}/change/", form)
        assert sent.status_code == 302
        person.refresh_from_db()
        assert (person.language, person.is_superuser) == ("en", False)
    assert not alice.is_staff


def test_a_lost_authenticator_is_reset_on_record(chief: User, sign_in: SignIn) -> None:
    world.divisions()
    lin = world.staff(division=world.WUSHAN)
    enrol_totp(user=lin, secret="JBSWY3DPEHPK3PXP", at=world.NOW)
    sign_in(chief, second_factor=True).post(
        "/admin/communities/user/", {"action": "reset_second_factor", "_selected_action": [lin.pk]}
    )
    assert not Authenticator.objects.exists()
    assert AuditEntry.objects.values_list("actor_id", "action", "subject_id").get() == (
        chief.pk, "second_factor.reset", str(lin.pk)
    )  # fmt: skip


def test_production_refuses_to_print_codes_or_accept_test_identities(settings: Any) -> None:
    assert outside_services_are_real(None) == []
    settings.EMBEDDED = False
    assert [error.id for error in outside_services_are_real(None)] == ["accounts.E001", "accounts.E002"]
    settings.SMS_SENDER = "communities.accounts.sms.GatewaySms"
    settings.IDENTITY_VERIFIER = "communities.accounts.identity.RefusingVerifier"
    assert outside_services_are_real(None) == []
