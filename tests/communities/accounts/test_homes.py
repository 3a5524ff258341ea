"""Homes, the people in them, and who may order for them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from communities.accounts.actions import (
    RecipientFacts,
    add_proxy,
    add_recipient,
    leave_household,
    open_household,
    revoke_proxy,
)
from communities.accounts.models import CareRecipient, Consent, Household, HouseholdMember, User
from communities.accounts.queries import households_of
from communities.divisions.models import Division
from homeservice.kernel.errors import DomainError
from tests import world
from tests.world import CHASHAN, LVHE, NOW

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def alice() -> User:
    world.divisions()
    return world.user("爱丽丝")


def place(code: str = CHASHAN) -> Division:
    return Division.objects.get(pk=code)


def test_a_home_stands_in_the_middle_of_its_community_until_it_is_placed(alice: User) -> None:
    home = open_household(owner=alice, community=place(), address=" 3栋2单元501 ", at=NOW)

    assert (home.address, home.lat, home.lon) == ("3栋2单元501", *world.HOME)
    assert list(households_of(alice)) == [home]
    alice.refresh_from_db()
    assert alice.community_id == CHASHAN


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"address": "  "}, "address_missing", "address"),
        ({"address": "长" * 10_000}, "address_too_long", "address"),
        ({"label": "长" * 21}, "label_too_long", "label"),
        ({"lat": 39.9, "lon": 116.4}, "point_far_away", "community"),
        ({"lat": 1e9, "lon": 0.0}, "point_far_away", "community"),
    ],
)
def test_a_home_that_cannot_be_is_refused_beside_its_field(
    alice: User, fields: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(DomainError) as refusal:
        open_household(**{"owner": alice, "community": place(), "address": "3栋", "at": NOW, **fields})
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert not Household.objects.exists()


def test_a_street_is_not_a_community(alice: User) -> None:
    with pytest.raises(DomainError, match=r".") as refusal:
        open_household(owner=alice, community=place(world.WUSHAN), address="3栋", at=NOW)
    assert refusal.value.code == "community_needed"


def test_the_form_finds_the_community_without_a_script_and_keeps_what_was_typed(alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    page = client.post("/me/homes/new", {"find": "yes", "q": "绿荷", "address": "7栋"}).content.decode()
    assert f'value="{LVHE}"' in page
    assert 'value="7栋"' in page
    assert "hs-error" not in page

    answer = client.post("/me/homes/new", {"community": LVHE, "address": "7栋"})
    home = Household.objects.get()
    assert (answer.headers["Location"], home.community_id) == (f"/me/homes/{home.pk}", LVHE)


@pytest.mark.parametrize("community", ["", "999999999999", "440106", "x'; --"])
def test_a_home_without_a_known_community_gets_an_error_beside_the_choice(
    alice: User, sign_in: SignIn, community: str
) -> None:
    page = sign_in(alice).post("/me/homes/new", {"community": community, "address": "7栋"}).content.decode()
    assert 'id="id_community_error"' in page
    assert 'value="7栋"' in page


@pytest.mark.parametrize("typed", [{"find": "yes", "q": "绿\x00荷"}, {"community": "\x00", "address": "7栋"}])
def test_a_character_that_nobody_types_crashes_nothing(alice: User, sign_in: SignIn, typed: dict[str, str]) -> None:
    assert sign_in(alice).post("/me/homes/new", typed).status_code == 200


def test_a_stranger_finds_nothing_of_the_home_under_any_of_its_addresses(alice: User, sign_in: SignIn) -> None:
    home = world.household(alice)
    person = world.recipient(home)
    member = home.members.get()
    stranger = sign_in(world.user("查理"))
    under = f"/me/homes/{home.pk}"

    for path in ("", "/edit", "/people/new", f"/people/{person.pk}"):
        assert stranger.get(under + path).status_code == 404
    for path in ("/edit", "/leave", "/proxies", f"/proxies/{member.pk}/revoke", f"/people/{person.pk}/remove"):
        assert stranger.post(under + path).status_code == 404
    assert Client().get(under).headers["Location"].startswith("/sign-in?")


def test_a_recipient_of_another_home_is_not_reached_through_ones_own(alice: User, sign_in: SignIn) -> None:
    mine = world.household(alice)
    theirs = world.recipient(world.household(world.user("查理")))
    assert sign_in(alice).get(f"/me/homes/{mine.pk}/people/{theirs.pk}").status_code == 404


def test_a_family_proxy_sees_the_home_until_the_mandate_is_revoked(alice: User, sign_in: SignIn) -> None:
    home, bob = world.household(alice), world.user("鲍勃")
    client = sign_in(alice)
    client.post(f"/me/homes/{home.pk}/proxies", {"phone": bob.phone, "relation": "儿子"})
    member = HouseholdMember.objects.get(user=bob)
    assert (member.part, member.relation, member.granted_by_id) == ("proxy", "儿子", alice.pk)

    theirs = sign_in(bob)
    assert theirs.get(f"/me/homes/{home.pk}").status_code == 200
    assert theirs.get(f"/me/homes/{home.pk}/edit").status_code == 404
    assert theirs.post(f"/me/homes/{home.pk}/proxies", {"phone": alice.phone}).status_code == 404

    client.post(f"/me/homes/{home.pk}/proxies/{member.pk}/revoke")
    assert theirs.get(f"/me/homes/{home.pk}").status_code == 404


def test_the_owners_own_place_is_not_revoked(alice: User, sign_in: SignIn) -> None:
    home = world.household(alice)
    member = home.members.get()
    assert sign_in(alice).post(f"/me/homes/{home.pk}/proxies/{member.pk}/revoke").status_code == 404
    with pytest.raises(DomainError):
        revoke_proxy(member=member, at=NOW)


def test_a_proxy_is_someone_with_an_account_who_is_not_in_yet(alice: User) -> None:
    home = world.household(alice)
    codes = []
    for number in ("13712345678", alice.phone, "123"):
        with pytest.raises(DomainError) as refusal:
            add_proxy(household=home, owner=alice, phone=number, relation="", at=NOW)
        codes.append((refusal.value.code, refusal.value.field))
    assert codes == [("proxy_unknown", "phone"), ("proxy_already", "phone"), ("phone_invalid", "phone")]


def test_when_the_owner_leaves_nobody_orders_for_the_home(alice: User) -> None:
    home, bob = world.household(alice), world.user("鲍勃")
    add_proxy(household=home, owner=alice, phone=bob.phone, relation="", at=NOW)
    leave_household(household=home, user=alice, at=NOW)
    assert not households_of(alice).exists()
    assert not households_of(bob).exists()


def test_health_facts_need_a_consent_of_their_own(alice: User) -> None:
    home = world.household(alice)
    facts = RecipientFacts(name="王奶奶𠮷😀", birth_year=1945, groups=("elder",), care_level=2, health_facts="心脏病")
    with pytest.raises(DomainError) as refusal:
        add_recipient(household=home, facts=facts, by=alice, consented=False, at=NOW)
    assert (refusal.value.code, refusal.value.field) == ("consent_required", "consent")
    assert not CareRecipient.objects.exists()

    kept = add_recipient(household=home, facts=facts, by=alice, consented=True, at=NOW)
    kept.refresh_from_db()
    assert (kept.name, kept.groups, kept.health_facts) == ("王奶奶𠮷😀", ["elder"], "心脏病")
    assert Consent.objects.get().kind == "sensitive"


def test_the_recipients_form_keeps_a_note_that_is_far_too_long(alice: User, sign_in: SignIn) -> None:
    home = world.household(alice)
    typed = {"name": "王奶奶", "care_level": "0", "health_facts": "长" * 10_000, "consent": "on"}
    page = sign_in(alice).post(f"/me/homes/{home.pk}/people/new", typed).content.decode()
    assert 'id="id_health_facts_error"' in page
    assert "长" * 10_000 in page


def test_a_recipient_is_changed_and_removed(alice: User, sign_in: SignIn) -> None:
    home = world.household(alice)
    person = world.recipient(home, health_facts="高血压")
    client = sign_in(alice)
    typed = {
        "name": "王老太",
        "care_level": "1",
        "groups": ["elder", "disabled"],
        "birth_year": "1940",
        "sex": "female",
    }
    client.post(f"/me/homes/{home.pk}/people/{person.pk}", typed)
    person.refresh_from_db()
    assert (person.name, person.care_level, person.groups, person.birth_year) == (
        "王老太",
        1,
        ["elder", "disabled"],
        1940,
    )

    client.post(f"/me/homes/{home.pk}/people/{person.pk}/remove")
    person.refresh_from_db()
    assert person.removed_at
    assert person.health_facts == ""
    assert client.get(f"/me/homes/{home.pk}/people/{person.pk}").status_code == 404


@pytest.mark.parametrize("homes", [1, 3])
def test_the_account_page_costs_the_same_for_one_home_and_for_three(
    alice: User, sign_in: SignIn, homes: int, django_assert_num_queries: Any
) -> None:
    for _ in range(homes):
        world.recipient(world.household(alice))
    client = sign_in(alice)
    client.get("/me")
    with django_assert_num_queries(QUERIES_OF_ME):
        assert client.get("/me").status_code == 200


QUERIES_OF_ME = 7
