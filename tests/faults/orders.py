"""Ordering over HTTP as a program does it: with a token and an idempotency key, at any concurrency."""

import http.client
import json
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from queue import Empty, SimpleQueue
from typing import Any

from homeservice.local.place import LOOPBACK
from tests.faults.neighbourhood import Wish

TIMEOUT_S = 30
TRIES = 12  # other times that a person would accept instead
CUT_OFF = (OSError, http.client.HTTPException)


@dataclass(frozen=True, slots=True)
class Answer:
    """How a wish ended: the last answer, and when (by the monotonic clock) it was there."""

    wish: Wish
    status: int  # 0: the server went away
    body: dict[str, Any]
    at: float
    took_s: float


class Client:
    """One connection to the web, kept open as browsers keep theirs. Not to be shared between threads."""

    def __init__(self, port: int) -> None:
        self.line = http.client.HTTPConnection(LOOPBACK, port, timeout=TIMEOUT_S)

    def ask(
        self, method: str, path: str, *, token: str = "", body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Status and JSON. Raises what a cut connection raises, and opens a new one for the next request."""
        sent = {"Content-Type": "application/json", **(headers or {})}
        if token:
            sent["Authorization"] = f"Token {token}"
        try:
            self.line.request(method, path, body=json.dumps(body) if body is not None else None, headers=sent)
            answer = self.line.getresponse()
            text = answer.read()
        except CUT_OFF:
            self.line.close()
            raise
        return answer.status, json.loads(text) if text[:1] in (b"{", b"[") else {}


def place(client: Client, wish: Wish) -> Answer:
    """Order it; where the time has just gone, take the nearest other time that the answer names."""
    for attempt in range(TRIES):
        began = time.monotonic()
        try:
            status, body = client.ask(
                "POST", "/api/v1/bookings/", token=wish.resident.token, body=order(wish),
                headers={"Idempotency-Key": wish.key},
            )  # fmt: skip
        except CUT_OFF:
            status, body = 0, {}
        done = time.monotonic()
        others = body.get("alternatives", []) if status == 409 else []
        if body.get("code") != "slot_gone" or not others:
            break
        wish = replace(wish, starts_at=datetime.fromisoformat(others[attempt % len(others)]))
    return Answer(wish, status, body, done, done - began)


def order(wish: Wish) -> dict[str, Any]:
    return {
        "entry": wish.entry_id, "household": wish.resident.household_id, "quantity": 2,
        "starts_at": wish.starts_at.isoformat(), "contact_name": "居民", "contact_phone": "13900000000",
        "terms_version": "2026-1",
    }  # fmt: skip


def place_all(
    port: int,
    wishes: Iterable[Wish],
    *,
    clients: int,
    seen: Callable[[Answer], object] = lambda _answer: None,
    enough: Callable[[], bool] = lambda: False,
) -> list[Answer]:
    """All wishes (or until there are `enough`) by so many clients at once.

    `seen` is called with each answer, in the client's thread.
    """
    waiting: SimpleQueue[Wish] = SimpleQueue()
    for wish in wishes:
        waiting.put(wish)

    def order_on(client: Client) -> list[Answer]:
        answers = []
        with closing(client.line), suppress(Empty):
            while not enough():
                answers.append(place(client, waiting.get_nowait()))
                seen(answers[-1])
        return answers

    with ThreadPoolExecutor(clients) as pool:
        lists = pool.map(order_on, [Client(port) for _ in range(clients)])
        return [answer for answers in lists for answer in answers]
