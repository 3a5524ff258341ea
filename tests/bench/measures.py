"""What is measured, in rounds one after the other, so that a machine's good and bad minutes reach all alike."""

import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

import redis
from django.urls import reverse

from bookings.lifecycle.models import Booking, State
from homeservice.local.place import free_port
from tests import world
from tests.bench.gate import DAYS, WORKERS, asks_per_second
from tests.bench.ground import Ground
from tests.bench.load import Load, ask_for, request
from tests.bench.nothing import NOTHING
from tests.faults.neighbourhood import wishes
from tests.faults.orders import Client, place, place_all
from tests.faults.stack import Stack

DISPATCH, SHARD = "bookings.dispatch.run_shard", "4401"
PATIENCE_S = 120.0
DAYS_AHEAD = 12
MOST_ORDERS = 5_000


@dataclass(slots=True)
class Bench:
    """A running stack, what lies in its database, and the figures so far: a list of rounds for each name."""

    stack: Stack
    ground: Ground
    clients: int
    seconds: float
    tasks: int
    yardstick_port: int = 0
    figures: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    seeds: Iterator[int] = field(default_factory=lambda: count(100))

    def round(self) -> None:
        """Every measure once."""
        self.pages()
        self.gate()
        self.orders()
        self.empty_tasks()

    def pages(self) -> None:
        """W and the pages that are compared with it."""
        self._note("W", self._asked(self.yardstick_port, [request(f"/divisions/{world.CHASHAN}/")]))
        self._note("menu", self._asked(self.stack.port, [self._page("point_menu", self.ground.menu_point_id)]))
        self._note("slots", self._asked(self.stack.port, self._slot_questions()))
        page = self._page("booking_page", self.ground.booking_no)
        self._note("booking_page", self._asked(self.stack.port, [page]))
        unchanged = self._page("booking_page", self.ground.booking_no, If_None_Match=self._etag())
        self._note("unchanged", self._asked(self.stack.port, [unchanged], status=304))

    def gate(self) -> None:
        """The credential gate for many workers and days at once, in this process: worker-days a second, and the
        milliseconds of one question."""
        per_s = asks_per_second(self.ground.gate_item, self.ground.gate_worker_ids, self.seconds)
        self.figures["gate"].append(per_s * WORKERS * DAYS)
        self.figures["gate_ms"].append(1000 / per_s)

    def orders(self) -> None:
        """Orders by so many clients while no worker runs; then one worker process has all of them to dispatch."""
        self.stack.kill("worker")
        wanted = wishes(self.ground.people, MOST_ORDERS, seed=next(self.seeds), days=DAYS_AHEAD)
        began = time.monotonic()
        ends = began + self.seconds
        placed = place_all(self.stack.port, wanted, clients=self.clients, enough=lambda: time.monotonic() > ends)
        took_s = max(one.at for one in placed) - began
        done = [one for one in placed if one.status == 201]
        assert len(done) > len(placed) * 0.9, {one.status: one.body for one in placed}
        self.figures["place"].append(len(done) / took_s)
        self.figures["place_ms"].append(statistics.median(one.took_s for one in done) * 1000)
        self._dispatch(len(done))

    def _dispatch(self, expected: int) -> None:
        self.stack.flush_valkey()
        self.stack.start("worker")
        self.stack.send(DISPATCH, queue="dispatch", shard=SHARD)
        took_s = self.stack.wait_until(lambda: not self._waiting(), "all are dispatched", within_s=PATIENCE_S)
        self.figures["dispatch"].append(expected / took_s)

    def at_rest(self, orders: int) -> None:
        """Single orders, one after the other, while everything runs: seconds from placed to assigned, by the stamps."""
        client, numbers = Client(self.stack.port), []
        for wish in wishes(self.ground.people, orders, seed=next(self.seeds), days=DAYS_AHEAD):
            answer = place(client, wish)
            numbers.append(answer.body["no"])
            self.stack.wait_until(lambda: not self._waiting(), "it is dispatched", within_s=PATIENCE_S)
        stamps = Booking.objects.filter(no__in=numbers).values_list("placed_at", "assigned_at")
        self.figures["lag_ms"] += [(named - placed).total_seconds() * 1000 for placed, named in stamps]
        client.line.close()

    def empty_tasks(self) -> None:
        """N: how fast one worker process empties its queue of nothing, once it has begun."""
        self.stack.kill("worker")
        self.stack.flush_valkey()
        self.stack.send(NOTHING, times=self.tasks)
        with redis.Redis.from_url(self.stack.redis_url) as broker:
            self.stack.launch("worker")
            self.stack.wait_until(lambda: broker.llen("celery") < self.tasks, "the worker begins", within_s=PATIENCE_S)
            left, began = broker.llen("celery"), time.monotonic()
            self.stack.wait_until(lambda: broker.llen("celery") == 0, "the queue is empty", within_s=PATIENCE_S)
            self.figures["N"].append(left / (time.monotonic() - began))

    def start_yardstick(self) -> None:
        """W's page by the same server as the product's pages, and N's task in the same worker."""
        port = free_port(0) or 0
        web = self.stack.commands["web"]
        renamed = {str(self.stack.port): str(port), "homeservice.wsgi:application": "tests.bench.yardstick:application"}
        self.stack.commands["yardstick"] = [renamed.get(word, word) for word in web]
        self.stack.commands["worker"] += ["--include", "tests.bench.nothing"]
        self.stack.start("yardstick")
        self.yardstick_port = port
        path = f"/divisions/{world.CHASHAN}/"
        self.stack.wait_until(lambda: answers(port, path), "the yardstick serves", within_s=PATIENCE_S)

    def _asked(self, port: int, questions: list[bytes], *, status: int = 200) -> Load:
        ask_for(port, questions, clients=self.clients, seconds=min(1.0, self.seconds / 3))
        load = ask_for(port, questions, clients=self.clients, seconds=self.seconds)
        assert set(load.statuses) == {status}, load.statuses
        return load

    def _note(self, name: str, load: Load) -> None:
        self.figures[name].append(load.per_s)
        self.figures[f"{name}_ms"].append(load.median_ms)

    def _page(self, url_name: str, argument: object, **headers: str) -> bytes:
        return request(reverse(url_name, args=[argument]), Cookie=self.ground.cookie, **headers)

    def _slot_questions(self) -> list[bytes]:
        entry = self.ground.people.entries[0].pk
        return [
            request(
                f"{reverse('api_entry_slots', args=[entry])}?household={one.household_id}&quantity=2&days=7",
                Authorization=f"Token {one.token}",
            )
            for one in self.ground.people.residents
        ]

    def _etag(self) -> str:
        client = Client(self.stack.port)
        path = reverse("booking_page", args=[self.ground.booking_no])
        client.line.request("GET", path, headers={"Cookie": self.ground.cookie})
        answer = client.line.getresponse()
        answer.read()
        client.line.close()
        return str(answer.headers["ETag"])

    def _waiting(self) -> bool:
        return Booking.objects.filter(state__in=[State.PLACED, State.ACCEPTED, State.OFFERED]).exists()


def answers(port: int, path: str) -> bool:
    """Whether the page is there."""
    client = Client(port)
    try:
        return client.ask("GET", path)[0] == 200
    except OSError:
        return False
    finally:
        client.line.close()
