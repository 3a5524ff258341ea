"""A request sent twice does its work once. What happens at the same moment stands in tests/races."""

import pytest

from homeservice.foundation.idempotency import answer_once
from homeservice.foundation.models import IdempotencyKey
from homeservice.kernel.errors import DomainError
from tests import world

pytestmark = pytest.mark.django_db


class Work:
    """Work that counts how often it was done."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> tuple[int, dict[str, int]]:
        self.times += 1
        return 201, {"booking": self.times}


def ask(do: Work, *, owner_id: int = 1, key: str = "k1", body: bytes = b"{}") -> tuple[int, object, bool]:
    return answer_once(owner_id=owner_id, key=key, request_bytes=body, at=world.NOW, do=do)


def test_the_second_time_gets_the_first_answer_and_nothing_is_done() -> None:
    work = Work()
    assert ask(work) == (201, {"booking": 1}, False)
    assert ask(work) == (201, {"booking": 1}, True)
    assert work.times == 1


def test_the_same_key_of_another_person_is_another_request() -> None:
    work = Work()
    ask(work, owner_id=1)
    assert ask(work, owner_id=2) == (201, {"booking": 2}, False)


def test_the_same_key_with_another_body_is_refused_and_nothing_is_done() -> None:
    work = Work()
    ask(work)
    with pytest.raises(DomainError) as refused:
        ask(work, body=b'{"other": 1}')
    assert refused.value.code == "idempotency_key_reused"
    assert work.times == 1


def test_a_refusal_is_not_remembered_so_the_mended_world_may_be_tried_again() -> None:
    def refuse() -> tuple[int, dict[str, int]]:
        raise DomainError("slot_gone", "gone")

    with pytest.raises(DomainError):
        answer_once(owner_id=1, key="k1", request_bytes=b"{}", at=world.NOW, do=refuse)
    assert not IdempotencyKey.objects.exists()
    assert ask(Work()) == (201, {"booking": 1}, False)


@pytest.mark.parametrize("key", ["", "x" * 81, "键", "a\nb"])
def test_a_key_that_cannot_be_kept_is_refused(key: str) -> None:
    with pytest.raises(DomainError) as refused:
        ask(Work(), key=key)
    assert refused.value.code == "idempotency_key_invalid"
