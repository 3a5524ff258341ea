"""The second factor of staff."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from communities.accounts.actions import answer_second_factor, confirm_enrolment, enrol_totp, forget_second_factor
from communities.accounts.totp import totp_at
from homeservice.kernel import clock
from homeservice.kernel.errors import DomainError
from tests import world
from tests.world import NOW

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def lin(enrolled: bool = True) -> object:
    world.divisions()
    person = world.staff(division=world.WUSHAN)
    if enrolled:
        enrol_totp(user=person, secret=SECRET, at=NOW)
    return person


def refused(person: object, code: str, seconds: int = 0) -> str:
    with pytest.raises(DomainError) as refusal:
        answer_second_factor(user=person, code=code, at=NOW + timedelta(seconds=seconds))
    return refusal.value.code


def test_the_rfcs_own_example_is_met() -> None:
    rfc_6238 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert totp_at(rfc_6238, clock.datetime.fromtimestamp(59, clock.UTC)) == "287082"


def test_the_secret_is_encrypted_at_rest() -> None:
    lin()
    assert SECRET not in str(Authenticator.objects.get(type="totp").data)


def test_a_code_counts_once_and_older_ones_not_at_all() -> None:
    person = lin()
    answer_second_factor(user=person, code=totp_at(SECRET, NOW), at=NOW)

    assert refused(person, totp_at(SECRET, NOW)) == "second_factor_wrong"
    assert refused(person, totp_at(SECRET, NOW - timedelta(seconds=30))) == "second_factor_wrong"
    later = NOW + timedelta(seconds=30)
    answer_second_factor(user=person, code=totp_at(SECRET, later), at=later)


def test_half_a_minute_of_drift_is_forgiven_and_more_is_not() -> None:
    person = lin()
    assert refused(person, totp_at(SECRET, NOW + timedelta(seconds=90))) == "second_factor_wrong"
    answer_second_factor(user=person, code=totp_at(SECRET, NOW + timedelta(seconds=30)), at=NOW)


def test_five_wrong_answers_lock_for_five_minutes_even_against_the_right_one() -> None:
    person = lin()
    assert [refused(person, "000000") for _ in range(5)] == ["second_factor_wrong"] * 4 + ["second_factor_locked"]
    assert refused(person, totp_at(SECRET, NOW)) == "second_factor_locked"
    later = NOW + timedelta(minutes=5)
    answer_second_factor(user=person, code=totp_at(SECRET, later), at=later)


def test_a_recovery_code_opens_once() -> None:
    person = lin(enrolled=False)
    codes = enrol_totp(user=person, secret=SECRET, at=NOW)
    answer_second_factor(user=person, code=codes[0], at=NOW)
    assert refused(person, codes[0]) == "second_factor_wrong"


def test_nobody_replaces_an_authenticator_by_enrolling_again() -> None:
    person = lin()
    with pytest.raises(DomainError) as refusal:
        confirm_enrolment(user=person, secret=SECRET, code=totp_at(SECRET, NOW), at=NOW)
    assert refusal.value.code == "second_factor_enrolled"
    forget_second_factor(user=person)
    assert len(confirm_enrolment(user=person, secret=SECRET, code=totp_at(SECRET, NOW), at=NOW)) == 10


def test_the_first_time_sets_up_an_authenticator_and_shows_the_recovery_codes_once(
    sign_in: Callable[..., Client],
) -> None:
    with clock.frozen(NOW):
        client = sign_in(lin(enrolled=False))
        page = client.get("/second-factor?next=/me").content.decode()
        assert "data:image/svg+xml" in page
        sealed = re.search(r'name="sealed" value="([0-9a-f]+)"', page)
        code = re.search(r'id="shown-code">(\d{6})<', page)
        assert sealed
        assert code
        before = client.session.session_key
        answer = client.post("/second-factor", {"sealed": sealed[1], "code": code[1], "next": "/me"})

        assert answer.headers["Location"] == "/second-factor/recovery-codes?next=%2Fme"
        assert client.session["second_factor_at"] == NOW.isoformat()
        assert client.session.session_key != before
        assert len(re.findall(r'<span class="hs-code">', client.get(answer.headers["Location"]).content.decode())) == 10
        assert client.post("/second-factor/recovery-codes", {"next": "/me"}).headers["Location"] == "/me"
        assert client.get("/second-factor/recovery-codes").status_code == 302


def test_a_secret_sealed_for_somebody_else_is_not_taken(sign_in: Callable[..., Client]) -> None:
    with clock.frozen(NOW):
        theirs = sign_in(lin(enrolled=False)).get("/second-factor").content.decode()
        sealed = re.search(r'name="sealed" value="([0-9a-f]+)"', theirs)
        code = re.search(r'id="shown-code">(\d{6})<', theirs)
        assert sealed
        assert code
        client = sign_in(lin(enrolled=False))
        client.post("/second-factor", {"sealed": sealed[1], "code": code[1]})
        client.post("/second-factor", {"sealed": "00ff", "code": code[1]})
    assert "second_factor_at" not in client.session
    assert not Authenticator.objects.exists()


def test_the_demonstration_shows_the_code_and_production_does_not(
    sign_in: Callable[..., Client], settings: object
) -> None:
    with clock.frozen(NOW):
        client = sign_in(lin())
        assert totp_at(SECRET, NOW) in client.get("/second-factor").content.decode()
        settings.EMBEDDED = False
        assert totp_at(SECRET, NOW) not in client.get("/second-factor").content.decode()
        answer = client.post("/second-factor", {"code": totp_at(SECRET, NOW), "next": "/me"})
        assert answer.headers["Location"] == "/me"


def test_a_resident_without_duties_is_not_asked(sign_in: Callable[..., Client]) -> None:
    assert sign_in(world.user()).get("/second-factor?next=/me").headers["Location"] == "/me"
