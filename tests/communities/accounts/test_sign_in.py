"""Signing in by a one-time code, and everything that refuses it."""

from datetime import timedelta
from typing import Any

import pytest

from communities.accounts.actions import IssuedCode, redeem_code, request_code
from communities.accounts.models import Consent, OneTimeCode, User
from communities.accounts.rules import PRIVACY_VERSION
from homeservice.kernel.errors import DomainError
from tests import world
from tests.world import NOW

pytestmark = pytest.mark.django_db
PHONE = "13800138000"


def asked(phone: str = PHONE, ip: str = "203.0.113.5", minutes: float = 0) -> IssuedCode:
    return request_code(phone=phone, ip=ip, at=NOW + timedelta(minutes=minutes))


def redeemed(code: str, minutes: float = 1, phone: str = PHONE, version: str | None = PRIVACY_VERSION) -> User:
    return redeem_code(phone=phone, code=code, privacy_version=version, at=NOW + timedelta(minutes=minutes))


def refused(*args: object, **kwargs: object) -> tuple[str, str | None]:
    with pytest.raises(DomainError) as refusal:
        redeemed(*args, **kwargs)
    return refusal.value.code, refusal.value.field


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_the_first_sign_in_makes_the_account_and_keeps_the_consent() -> None:
    person = redeemed(asked().code)

    assert (person.phone, person.name, person.is_active, person.has_usable_password()) == (PHONE, "", True, False)
    consents = Consent.objects.values_list("user", "kind", "version", "channel", "given_at")
    assert list(consents) == [(person.pk, "privacy", PRIVACY_VERSION, "web", NOW + timedelta(minutes=1))]


def test_the_second_sign_in_finds_the_same_person_and_asks_nothing_again() -> None:
    person = redeemed(asked().code)

    assert redeemed(asked(minutes=10).code, minutes=11, version=None) == person
    assert Consent.objects.count() == 1


def test_only_digests_are_kept() -> None:
    issued = asked()
    row = OneTimeCode.objects.values().get()

    kept = " ".join(str(value) for value in row.values())
    assert PHONE not in kept
    assert issued.code not in str(row["code_digest"])
    assert "203.0.113.5" not in kept


@pytest.mark.parametrize("typed", ["+86 138 0013 8000", "138-0013-8000", "86 13800138000", " 13800138000 "])
def test_a_number_may_be_typed_in_the_usual_ways(typed: str) -> None:
    assert asked(phone=typed).phone == PHONE


@pytest.mark.parametrize(
    "typed", ["", "1380013800", "23800138000", "12800138000", "+852 5123 4567", "١٣٨٠٠١٣٨٠٠٠", "张"]
)
def test_a_wrong_number_is_refused_beside_its_field(typed: str) -> None:
    with pytest.raises(DomainError) as refusal:
        asked(phone=typed)
    assert (refusal.value.code, refusal.value.field) == ("phone_invalid", "phone")
    assert not OneTimeCode.objects.exists()


def test_five_wrong_answers_end_the_code_even_for_the_right_one() -> None:
    code = asked().code

    answers = [refused(wrong(code)) for _ in range(5)]

    assert answers == [("code_wrong", "code")] * 4 + [("code_ended", "code")]
    assert refused(code) == ("code_ended", "code")
    assert not User.objects.exists()


def test_a_code_lives_five_minutes() -> None:
    code = asked().code
    assert refused(code, minutes=5) == ("code_expired", "code")


def test_a_code_opens_one_session_only() -> None:
    code = asked().code
    redeemed(code)
    assert refused(code) == ("code_expired", "code")


def test_a_newer_code_replaces_the_older_one() -> None:
    first, second = asked().code, asked(minutes=1).code
    if first != second:
        assert refused(first, minutes=2) == ("code_wrong", "code")
    assert redeemed(second, minutes=2).phone == PHONE


def test_another_phone_cannot_use_the_code() -> None:
    code = asked().code
    assert refused(code, phone="13900139000") == ("code_expired", "code")


@pytest.mark.parametrize("version", [None, "2020-1"])
def test_without_consent_to_the_present_notice_nobody_is_signed_up_and_the_code_stays_good(version: str | None) -> None:
    code = asked().code

    assert refused(code, version=version) == ("consent_required", "consent")
    assert not User.objects.exists()
    assert redeemed(code).phone == PHONE


def test_a_closed_account_is_refused() -> None:
    world.user(phone=PHONE, is_active=False)
    assert refused(asked().code) == ("account_inactive", "code")


def test_a_known_and_an_unknown_phone_get_the_same_answer() -> None:
    world.user(phone=PHONE)
    known, unknown = asked(), asked(phone="13900139000")
    assert (known.expires_at, known.resend_at) == (unknown.expires_at, unknown.resend_at)


def ask_refused(**kwargs: object) -> str:
    with pytest.raises(DomainError) as refusal:
        asked(**kwargs)
    return refusal.value.code


def test_the_next_code_may_be_asked_for_after_a_minute() -> None:
    asked()
    assert ask_refused(minutes=0.9) == "code_too_soon"
    assert asked(minutes=1).code


def test_a_phone_gets_five_codes_an_hour_and_ten_a_day() -> None:
    for minutes in range(0, 10, 2):
        asked(minutes=minutes)
    assert ask_refused(minutes=30) == "code_quota_phone"
    for minutes in range(120, 130, 2):
        asked(minutes=minutes)
    assert ask_refused(minutes=300) == "code_quota_phone"
    assert asked(minutes=24 * 60 + 10).code


def test_a_network_gets_only_so_many_codes_an_hour(settings: Any) -> None:
    settings.SIGN_IN_CODES = {**settings.SIGN_IN_CODES, "per_ip_hour": 2}
    asked(world.phone())
    asked(world.phone())
    assert ask_refused(phone=world.phone()) == "code_quota_network"
    assert asked(world.phone(), ip="203.0.113.6").code


def test_all_together_get_only_so_many_codes_a_day(settings: Any) -> None:
    settings.SIGN_IN_CODES = {**settings.SIGN_IN_CODES, "per_day": 1}
    asked(world.phone())
    assert ask_refused(phone=world.phone(), ip="203.0.113.6") == "code_quota_day"
