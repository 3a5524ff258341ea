"""The same request at the same moment: real threads, real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import close_old_connections, connection

from homeservice.foundation import idempotency
from homeservice.foundation.idempotency import answer_once
from homeservice.foundation.models import Holiday, IdempotencyKey
from homeservice.kernel.errors import DomainError
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


def in_threads(jobs: list[Any]) -> list[Any]:
    """What each job returned, or the DomainError it raised; each has a connection of its own."""

    def run(job: Any) -> Any:
        try:
            return job()
        except DomainError as error:
            return error.code
        finally:
            connection.close()
            close_old_connections()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result(timeout=30) for future in [pool.submit(run, job) for job in jobs]]


def ask(do: Any) -> tuple[int, Any, bool]:
    return answer_once(owner_id=1, key="same", request_bytes=b"{}", at=world.NOW, do=do)


def write_a_row() -> tuple[int, dict[str, int]]:
    """Work that leaves a trace in the database."""
    row = Holiday.objects.create(day=world.MONDAY, name_zh="测试", name_en="Test", kind="adjusted")
    return 201, {"rows": Holiday.objects.filter(pk=row.pk).count()}


def test_of_eight_equal_requests_at_once_one_works_and_all_get_its_answer() -> None:
    start = Barrier(8)

    def job() -> tuple[int, Any, bool]:
        start.wait()
        return ask(write_a_row)

    answers = in_threads([job] * 8)
    assert sorted(answers, key=lambda answer: answer[2]) == [
        (201, {"rows": 1}, False), *[(201, {"rows": 1}, True)] * 7
    ]  # fmt: skip
    assert Holiday.objects.count() == IdempotencyKey.objects.count() == 1


def test_if_the_first_one_fails_the_one_that_waited_does_the_work() -> None:
    working = Event()

    def fail() -> tuple[int, Any]:
        working.set()
        wait_for_a_waiter()
        raise DomainError("refused", "refused")

    def second() -> tuple[int, Any, bool]:
        working.wait(10)
        return ask(write_a_row)

    assert in_threads([lambda: ask(fail), second]) == ["refused", (201, {"rows": 1}, False)]


def test_who_waits_too_long_is_told_that_it_still_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "WAIT_MS", 100)
    working, refused = Event(), Event()

    def slow() -> tuple[int, Any]:
        working.set()
        refused.wait(10)
        return 200, {}

    def second() -> Any:
        working.wait(10)
        try:
            return ask(write_a_row)
        finally:
            refused.set()

    assert in_threads([lambda: ask(slow), second]) == [(200, {}, False), "idempotency_key_in_use"]
    assert not Holiday.objects.exists()


def wait_for_a_waiter() -> None:
    """Return once another connection waits for a lock of this one."""
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*), pg_sleep(0.01) FROM pg_locks WHERE NOT granted")
            row = cursor.fetchone()
        if row and row[0]:
            return
    raise AssertionError("nobody waited")
