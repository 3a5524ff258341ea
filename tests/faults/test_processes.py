"""Real processes, killed at the worst moment: work may be late, never lost, doubled or half-done."""

import statistics
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from bookings.lifecycle.models import Booking, State
from tests.faults.neighbourhood import neighbourhood, wishes
from tests.faults.orders import Answer, place_all
from tests.faults.proof import assert_all_dispatched_once, assert_every_booking_is_whole
from tests.faults.stack import Stack, stack

pytestmark = [
    pytest.mark.django_db(transaction=True), pytest.mark.processes, pytest.mark.xdist_group("processes")
]  # fmt: skip

CLIENTS = 16
PATIENCE_S = 60.0

Start = Callable[..., AbstractContextManager[Stack]]


@pytest.fixture
def start(transactional_db: None, tmp_path: Path) -> Start:
    """Starts a stack on the test's database; the processes are gone before its rows are."""
    return partial(stack, tmp_path)


def placed(answers: list[Answer]) -> list[str]:
    """The numbers of the bookings, all of which must have been placed."""
    assert [(one.status, one.body) for one in answers if one.status != 201] == []
    return [one.body["no"] for one in answers]


def assigned() -> int:
    return Booking.objects.filter(state=State.ASSIGNED).count()


def when(count: int, do: Callable[[], Any]) -> Callable[[Answer], None]:
    """Does it once, when so many answers are there."""
    seen, lock = [0], threading.Lock()

    def look(_answer: Answer) -> None:
        with lock:
            seen[0] += 1
            if seen[0] == count:
                do()

    return look


def test_two_hundred_bookings_are_dispatched_within_moments(start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    people = neighbourhood()
    with start() as running:
        numbers = placed(place_all(running.port, wishes(people, 200), clients=CLIENTS))
        lag_s = running.wait_until(lambda: assigned() == 200, "all are dispatched", within_s=PATIENCE_S)
    assert_all_dispatched_once(numbers)
    stamps = Booking.objects.values_list("placed_at", "assigned_at")
    waits = sorted((assigned_at - placed_at).total_seconds() for placed_at, assigned_at in stamps)
    with capsys.disabled():
        print(  # noqa: T201
            f"\n200 bookings, 16 clients: placed → assigned median {statistics.median(waits):.2f} s, "
            f"longest {waits[-1]:.2f} s; the last one {lag_s:.2f} s after the last answer"
        )


def test_a_killed_worker_and_a_flushed_broker_lose_and_double_nothing(start: Start) -> None:
    people = neighbourhood()
    with start("web", "worker") as running:

        def disaster() -> None:
            running.kill("worker")
            running.flush_valkey()

        numbers = placed(place_all(running.port, wishes(people, 200), clients=CLIENTS, seen=when(100, disaster)))
        assert assigned() < 200
        running.flush_valkey()
        running.start("worker")
        running.send("bookings.dispatch.sweep")
        running.wait_until(lambda: assigned() == 200, "the rest is dispatched", within_s=PATIENCE_S)
    assert_all_dispatched_once(numbers)


def test_a_web_killed_amid_orders_leaves_none_half_done_and_keys_make_each_once(start: Start) -> None:
    people = neighbourhood()
    wanted = wishes(people, 80)
    with start("web") as running:
        first = place_all(running.port, wanted, clients=CLIENTS, seen=when(30, lambda: running.kill("web")))
        running.wait_until(no_transaction_is_open, "the dead web's transactions are undone", within_s=PATIENCE_S)
        assert {one.status for one in first} == {0, 201}
        assert_every_booking_is_whole()
        running.start("web")
        second = place_all(running.port, wanted, clients=CLIENTS)
    assert sorted(Booking.objects.values_list("no", flat=True)) == sorted(placed(second))
    assert_every_booking_is_whole()
    answered = {one.wish.key: one.body["no"] for one in first if one.status == 201}
    assert answered.items() <= {one.wish.key: one.body["no"] for one in second}.items()


def no_transaction_is_open() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
        )
        return bool(cursor.fetchone() == (0,))


def test_without_a_broker_orders_are_taken_and_beat_has_them_dispatched_later(start: Start) -> None:
    people = neighbourhood(residents=20, workers=10)
    with start() as running:
        place_all(running.port, wishes(people, 4, seed=2), clients=1)  # connections are open, then cut
        running.send("communities.inbox.deliver_due", times=40)  # the worker has messages in hand
        running.kill("valkey")
        answers = place_all(running.port, wishes(people, 20), clients=4)
        numbers = placed(answers)
        assert max(one.took_s for one in answers) < PATIENCE_S / 10
        running.start("valkey")
        running.wait_until(lambda: assigned() == 24, "beat's sweep has them dispatched", within_s=PATIENCE_S)
    assert_all_dispatched_once([*numbers, *Booking.objects.exclude(no__in=numbers).values_list("no", flat=True)])
