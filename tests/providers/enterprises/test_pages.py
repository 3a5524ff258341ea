"""Registration and sub-accounts as pages: Alice registers, Bob is her clerk, Charlie manages another enterprise."""

import pytest
from django.urls import reverse

from providers.enterprises.models import Enterprise, EnterpriseManager
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

TYPED = {
    "name": "安心家政", "social_credit_code": "91350100M000100Y43", "legal_representative": "爱丽丝",
    "established_date": "2020-03-01", "org_type": "employer", "outlet_mode": "independent", "division": world.TIANHE,
    "address": "天河路1号", "complaint_phone": "020-87654321",
}  # fmt: skip


@pytest.fixture
def alice(sign_in):
    world.divisions()
    return sign_in(world.verified(world.user("爱丽丝")))


def test_a_person_registers_their_enterprise_and_comes_to_its_office(alice):
    page = alice.get(reverse("enterprise_register"))
    assert page.status_code == 200
    answer = alice.post(reverse("enterprise_register"), TYPED)
    assert (answer.status_code, answer.url) == (302, reverse("enterprise_office"))
    assert alice.get(answer.url).status_code == 200
    assert Enterprise.objects.get().division_id == world.TIANHE
    assert alice.get(reverse("enterprise_register")).url == reverse("enterprise_office")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"social_credit_code": "91350100M000100Y44"}, "social_credit_code"),
        ({"legal_representative": "查理"}, "legal_representative"),
        ({"division": world.CHASHAN}, "division"),
        ({"division": "nonsense"}, "division"),
        ({"established_date": "2030-01-01"}, "established_date"),
        ({"established_date": "yesterday"}, "established_date"),
        ({"complaint_phone": "12"}, "complaint_phone"),
        ({"org_type": "bank"}, "org_type"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_refused_stands_beside_its_field_and_nothing_typed_is_lost(alice, changed, field):
    answer = alice.post(reverse("enterprise_register"), {**TYPED, **changed})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    for name, text in {**TYPED, **changed}.items():
        if name not in ("org_type", "outlet_mode", "division") and text:
            assert f'value="{text}"' in answer.content.decode(), name
    assert not Enterprise.objects.exists()


def test_the_district_is_found_without_a_script_and_the_rest_stays(alice):
    answer = alice.post(reverse("enterprise_register"), {**TYPED, "division": "", "q": "天河", "find": "yes"})
    assert [one.pk for one in answer.context["districts"]] == [world.TIANHE]
    assert 'value="天河路1号"' in answer.content.decode()
    choices = alice.get(reverse("district_choices"), {"q": "tianhe"})
    assert [one.pk for one in choices.context["districts"]] == [world.TIANHE]
    assert alice.get(reverse("district_choices"), {"q": "茶山"}).context["districts"] == []


def test_without_a_verified_identity_the_way_to_it_is_shown(sign_in):
    page = sign_in(world.user("鲍勃")).get(reverse("enterprise_register"))
    assert reverse("verify_identity") in page.content.decode()
    assert "form" not in page.context


def test_facts_are_changed_and_what_is_fixed_says_so(alice):
    alice.post(reverse("enterprise_register"), TYPED)
    Enterprise.objects.update(state="admitted")
    typed = {name: value for name, value in TYPED.items() if name != "legal_representative"}
    refused = alice.post(reverse("enterprise_facts"), {**typed, "name": "放心家政"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["name"])
    assert 'value="放心家政"' in refused.content.decode()
    assert alice.post(reverse("enterprise_facts"), {**typed, "address": "新址"}).status_code == 302
    assert Enterprise.objects.get().address == "新址"


def test_accounts_are_opened_and_closed_by_the_representative_only(alice, sign_in):
    alice.post(reverse("enterprise_register"), TYPED)
    person = world.user("鲍勃")
    refused = alice.post(reverse("enterprise_account_appoint"), {"phone": "13912345678", "rights": "clerk"})
    assert (refused.status_code, list(refused.context["appoint_form"].errors)) == (422, ["phone"])
    assert 'value="13912345678"' in refused.content.decode()
    assert (
        alice.post(reverse("enterprise_account_appoint"), {"phone": person.phone, "rights": "clerk"}).status_code == 302
    )
    post = EnterpriseManager.objects.get(user=person)
    bob = sign_in(person)
    assert bob.get(reverse("enterprise_accounts")).status_code == 403
    assert bob.post(reverse("enterprise_account_rank", args=[post.pk]), {"rights": "operator"}).status_code == 403
    assert bob.get(reverse("enterprise_office")).status_code == 200
    assert bob.get(reverse("enterprise_facts")).status_code == 403
    assert alice.post(reverse("enterprise_account_rank", args=[post.pk]), {"rights": "operator"}).status_code == 302
    own = EnterpriseManager.objects.get(rights="legal_representative")
    assert alice.post(reverse("enterprise_account_remove", args=[own.pk])).status_code == 422
    assert alice.post(reverse("enterprise_account_remove", args=[post.pk])).status_code == 302
    assert bob.get(reverse("enterprise_office")).status_code == 403


def test_the_accounts_of_another_enterprise_are_out_of_reach(alice, sign_in):
    alice.post(reverse("enterprise_register"), TYPED)
    charlies = world.manager(world.enterprise("别家家政"), rights="clerk")
    for name in ("enterprise_account_rank", "enterprise_account_remove"):
        assert alice.post(reverse(name, args=[charlies.enterprise_post.pk]), {"rights": "clerk"}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_accounts_take_five_queries_however_many(alice, count, django_assert_num_queries):
    alice.post(reverse("enterprise_register"), TYPED)
    for _ in range(count):
        world.manager(Enterprise.objects.get(), rights="clerk")
    with django_assert_num_queries(5):
        alice.get(reverse("enterprise_accounts"))
