"""A code is good for its purpose alone: what a worker reads out to an enterprise opens no session."""

from datetime import timedelta

import pytest

from communities.accounts.actions import IssuedCode, check_code, redeem_code, request_code
from communities.accounts.models import OneTimeCode
from communities.accounts.rules import PRIVACY_VERSION
from homeservice.kernel.errors import DomainError
from tests.world import NOW

pytestmark = pytest.mark.django_db

PHONE, IP = "13800138000", "203.0.113.7"
SOON = NOW + timedelta(minutes=2)


def sent(purpose: str = "binding", **fields: object) -> IssuedCode:
    return request_code(**{"phone": PHONE, "ip": IP, "at": NOW, "purpose": purpose, **fields})


def code_of_refusal(code: str, *, purpose: str = "binding", at: object = NOW, use_up: bool = True) -> str:
    with pytest.raises(DomainError) as refused:
        check_code(phone=PHONE, code=code, purpose=purpose, at=at, use_up=use_up)
    return refused.value.code


def test_a_code_for_a_binding_opens_no_session() -> None:
    with pytest.raises(DomainError) as refused:
        redeem_code(phone=PHONE, code=sent().code, privacy_version=PRIVACY_VERSION, at=NOW)
    assert refused.value.code == "code_expired"


def test_a_sign_in_code_binds_nobody() -> None:
    assert code_of_refusal(sent("sign_in").code) == "code_expired"


def test_a_newer_code_for_another_purpose_leaves_the_older_one_good() -> None:
    binding = sent()
    sent("sign_in", at=SOON)
    check_code(phone=PHONE, code=binding.code, purpose="binding", at=SOON, use_up=True)


def test_a_code_is_used_up_once_and_looked_at_as_often_as_one_likes() -> None:
    code = sent().code
    for use_up in (False, False, True):
        check_code(phone=PHONE, code=code, purpose="binding", at=NOW, use_up=use_up)
    assert code_of_refusal(code) == "code_expired"


def test_the_fifth_wrong_answer_ends_it() -> None:
    code = sent().code
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    assert [code_of_refusal(wrong, use_up=False) for _ in range(5)] == ["code_wrong"] * 4 + ["code_ended"]
    assert code_of_refusal(code) == "code_ended"


def test_all_purposes_share_the_quotas_of_a_phone() -> None:
    sent()
    with pytest.raises(DomainError) as refused:
        sent("sign_in", at=NOW + timedelta(seconds=30))
    assert refused.value.code == "code_too_soon"
    assert OneTimeCode.objects.count() == 1
