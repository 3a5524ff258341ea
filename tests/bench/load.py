"""Asks a web server the same questions over several open connections, as fast as it answers."""

import selectors
import socket
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle

from homeservice.local.place import LOOPBACK

BODILESS = (204, 304)
END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it: answers a second, the median of their times, how often each status."""

    per_s: float
    median_ms: float
    statuses: dict[int, int]


@dataclass(slots=True)
class _Line:
    socket: socket.socket
    sent_at: float = 0.0
    received: bytearray = field(default_factory=bytearray)


def request(path: str, **headers: str) -> bytes:
    """The bytes of a GET."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {LOOPBACK}", *(f"{k.replace('_', '-')}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def ask_for(port: int, requests: Sequence[bytes], *, clients: int, seconds: float) -> Load:
    """Each connection has one question open at any time; the questions are asked in turn."""
    questions = cycle(requests)
    times: list[float] = []
    statuses: Counter[int] = Counter()
    with selectors.DefaultSelector() as selector:
        for _ in range(clients):
            line = _Line(socket.create_connection((LOOPBACK, port), timeout=30))
            selector.register(line.socket, selectors.EVENT_READ, line)
            _send(line, questions)
        began = time.perf_counter()
        while time.perf_counter() - began < seconds:
            for key, _events in selector.select(timeout=30):
                line = key.data
                line.received += _read(line.socket)
                status = _answered(line.received)
                if status:
                    times.append(time.perf_counter() - line.sent_at)
                    statuses[status] += 1
                    _send(line, questions)
        took_s = time.perf_counter() - began
        for key in list(selector.get_map().values()):
            key.data.socket.close()
    return Load(len(times) / took_s, statistics.median(times) * 1000, dict(statuses))


def _send(line: _Line, questions: Iterator[bytes]) -> None:
    line.received.clear()
    line.sent_at = time.perf_counter()
    line.socket.sendall(next(questions))


def _read(line: socket.socket) -> bytes:
    part = line.recv(262_144)
    if not part:
        raise ConnectionError("the server hung up")
    return part


def _answered(received: bytearray) -> int:
    """The status once the whole answer is there, else 0."""
    end = received.find(END_OF_HEAD)
    if end < 0:
        return 0
    head = bytes(received[:end]).lower()
    status = int(head[9:12])
    if status in BODILESS:
        return status
    there = len(received) - end - len(END_OF_HEAD)
    _before, named, after = head.partition(b"content-length:")
    if named:
        return status if there >= int(after.split(b"\r\n", 1)[0]) else 0
    return status if received.endswith(b"0\r\n\r\n") else 0
