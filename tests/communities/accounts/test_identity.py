"""Real-name identity."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from communities.accounts.actions import verify_identity
from communities.accounts.models import Consent, Identity, User
from communities.accounts.queries import why_not_identified
from communities.accounts.rules import check_character
from homeservice.foundation.models import AuditEntry
from homeservice.kernel.errors import DomainError
from tests import world
from tests.world import NOW

pytestmark = pytest.mark.django_db
GOOD = "440199199001010017"


def verified(person: User, number: str = GOOD, **fields: Any) -> Identity:
    typed = {"real_name": "王小明", "consented": True, **fields}
    return verify_identity(user=person, id_number=number, at=NOW, **typed)


def refused(person: User, number: str = GOOD, **fields: Any) -> tuple[str, str | None]:
    with pytest.raises(DomainError) as refusal:
        verified(person, number, **fields)
    return refusal.value.code, refusal.value.field


def test_a_test_number_verifies_the_person_with_a_consent_of_its_own() -> None:
    alice = world.user("")
    assert why_not_identified(alice)

    identity = verified(alice)

    assert (identity.state, identity.verified_at, identity.masked_number) == ("verified", NOW, "440199********0017")
    assert why_not_identified(alice) is None
    assert list(Consent.objects.values_list("user", "kind")) == [(alice.pk, "identity")]
    alice.refresh_from_db()
    assert alice.name == "王小明"


def test_other_numbers_are_refused_by_the_test_verifier_and_can_be_mended() -> None:
    alice = world.user()
    assert verified(alice, "440106199001010013").state == "refused"
    assert why_not_identified(alice)
    assert verified(alice).state == "verified"


def test_production_without_a_verifier_verifies_nobody(settings: Any) -> None:
    settings.IDENTITY_VERIFIER = "communities.accounts.identity.RefusingVerifier"
    identity = verified(world.user())
    assert (identity.state, identity.verified_at) == ("pending", None)


def test_nothing_is_checked_without_consent() -> None:
    assert refused(world.user(), consented=False) == ("consent_required", "consent")
    assert not Identity.objects.exists()


def test_a_minor_cannot_order() -> None:
    first_17 = "44019920150101001"
    assert refused(world.user(), first_17 + check_character(first_17)) == ("id_number_minor", "id_number")


def test_one_number_belongs_to_one_account_and_nobody_learns_whose() -> None:
    alice, charlie = world.user("爱丽丝"), world.user("查理")
    verified(alice)
    with pytest.raises(DomainError) as refusal:
        verified(charlie)
    assert refusal.value.code == "id_number_taken"
    assert alice.masked_phone not in str(refusal.value)
    assert "爱" not in str(refusal.value)


def test_a_refused_attempt_does_not_take_the_number_from_its_owner() -> None:
    alice, charlie = world.user("爱丽丝"), world.user("查理")
    Identity.objects.create(
        user=charlie, real_name="查理", id_number=GOOD, id_number_index="x", birth_date=NOW.date(), sex="male",
        state="refused", verifier="test",
    )  # fmt: skip
    assert verified(alice).state == "verified"


def test_a_verified_identity_is_not_replaced() -> None:
    alice = world.user()
    verified(alice)
    assert refused(alice, "440199196003150028") == ("identity_verified", "id_number")


def test_guessing_ends_after_ten_checks_a_day() -> None:
    alice = world.user()
    for _ in range(10):
        verified(alice, "440106199001010013")
    assert refused(alice) == ("identity_checks_quota", "id_number")


def test_each_check_is_on_record_with_who_did_it() -> None:
    alice, lin = world.user("爱丽丝"), world.user("林主任")
    verified(alice, actor=lin, channel="desk")
    assert list(AuditEntry.objects.values_list("actor_id", "action", "subject_id")) == [
        (lin.pk, "identity.checked", str(alice.pk))
    ]
    assert list(Consent.objects.values_list("channel", "recorded_by")) == [("desk", lin.pk)]


@pytest.mark.parametrize("name", ["𠮷野家子", "阿卜杜拉·买买提", "王😀", "欧阳㛃"])
def test_rare_characters_are_kept_as_they_are(name: str) -> None:
    assert Identity.objects.get(pk=verified(world.user(), real_name=name).pk).real_name == name


def test_the_page_keeps_what_was_typed_and_says_what_is_wrong_beside_the_field(sign_in: Callable[..., Client]) -> None:
    client = sign_in(world.user())
    typed = {"real_name": "王小明", "id_number": "440199199001010018", "consent": "on"}
    page = client.post("/me/identity", typed).content.decode()
    assert 'id="id_id_number_error"' in page
    assert 'value="440199199001010018"' in page
    assert 'value="王小明"' in page

    answer = client.post("/me/identity?next=/me/homes/new", {**typed, "id_number": GOOD})
    assert answer.headers["Location"] == "/me/homes/new"


@pytest.mark.parametrize("field", ["real_name", "id_number"])
def test_ten_thousand_characters_get_a_clear_error(sign_in: Callable[..., Client], field: str) -> None:
    typed = {"real_name": "王小明", "id_number": GOOD, "consent": "on", field: "长" * 10_000}
    answer = sign_in(world.user()).post("/me/identity", typed)
    assert answer.status_code == 200
    assert f'id="id_{field}_error"' in answer.content.decode()
