"""Two at once with one code, and two at once for one phone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from communities.accounts.actions import redeem_code, request_code
from communities.accounts.models import OneTimeCode, User
from communities.accounts.rules import PRIVACY_VERSION
from homeservice.kernel.errors import DomainError
from tests.world import NOW

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = "13800138000"


def at_once(attempt: Callable[[], object], times: int) -> list[str]:
    """What each of several threads, started together, got: `done`, or the code of the refusal."""
    start = Barrier(times)

    def one() -> str:
        try:
            start.wait()
            attempt()
        except DomainError as error:
            return error.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(times) as pool:
        return sorted(future.result() for future in [pool.submit(one) for _ in range(times)])


def test_one_code_opens_one_session_however_many_submit_it() -> None:
    code = request_code(phone=PHONE, ip="::1", at=NOW).code

    outcomes = at_once(lambda: redeem_code(phone=PHONE, code=code, privacy_version=PRIVACY_VERSION, at=NOW), 8)

    assert outcomes == ["code_expired"] * 7 + ["done"]
    assert User.objects.count() == 1


def test_of_many_requests_for_one_phone_one_message_is_sent() -> None:
    outcomes = at_once(lambda: request_code(phone=PHONE, ip="::1", at=NOW), 8)

    assert outcomes == ["code_too_soon"] * 7 + ["done"]
    assert OneTimeCode.objects.count() == 1


def test_wrong_answers_at_once_are_all_counted() -> None:
    code = request_code(phone=PHONE, ip="::1", at=NOW).code
    wrong = f"{(int(code) + 1) % 1_000_000:06}"

    at_once(lambda: redeem_code(phone=PHONE, code=wrong, privacy_version=PRIVACY_VERSION, at=NOW), 8)

    assert OneTimeCode.objects.get().wrong_answers == 5
