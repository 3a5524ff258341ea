"""A real Homeservice on the loopback: Valkey, web, worker and beat as processes of their own, to be killed at will.

PostgreSQL is the server that the caller's Django is connected to, and the same database: rows made in the caller
are there for the processes. Valkey is always one of our own, since tests flush and stop it.
"""

import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import redis
from celery import Celery
from django.db import connection

from homeservice.local import guard, valkey
from homeservice.local.place import LOOPBACK, PROJECT, Place, free_port
from homeservice.local.world import applications, is_healthy

ALL = ("web", "worker", "beat")
READY_S = 90.0
LOG_TAIL = 3000


@dataclass
class Stack:
    """Running processes by name, each leading a process group. What they say lies in `folder`."""

    folder: Path
    guard: "subprocess.Popen[str]"
    env: dict[str, str]
    commands: dict[str, list[str]]
    port: int
    redis_url: str
    running: "dict[str, subprocess.Popen[bytes]]" = field(default_factory=dict)

    def start(self, *names: str) -> None:
        """Start them side by side; return once all serve."""
        self.launch(*names)
        for name in names:
            self.wait_until(lambda name=name: self._serves(name), f"{name} serves", within_s=READY_S)

    def launch(self, *names: str) -> None:
        """Start them and do not wait."""
        for name in names:
            with open(self.folder / f"{name}.log", "ab") as log:
                self.running[name] = self._spawn(self.commands[name], log)

    def kill(self, *names: str) -> None:
        """`kill -9` for each one's whole process group: nothing is tidied up."""
        for name in names:
            process = self.running.pop(name)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            self._tell(f"-{process.pid}")

    def stop(self) -> None:
        """Ask all to end, then make sure. Applications first, so that they do not complain about lost servers."""
        for name in sorted(self.running, key="valkey".__eq__):
            process = self.running[name]
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(5)
            self.kill(name)

    def flush_valkey(self) -> None:
        """Every message, mark and cached answer is lost."""
        with redis.Redis.from_url(self.redis_url) as client:
            client.flushall()

    def send(self, task_name: str, *, queue: str = "celery", times: int = 1, **kwargs: Any) -> None:
        """Messages for a task, as beat and the web send them."""
        with Celery("tests", broker=self.redis_url, set_as_current=False) as app:
            for _ in range(times):
                app.send_task(task_name, kwargs=kwargs, queue=queue, ignore_result=True)

    def wait_until(self, holds: Callable[[], bool], what: str, *, within_s: float) -> float:
        """Seconds until `holds()`; an AssertionError with the processes' last words if it doesn't."""
        began = time.monotonic()
        while not holds():
            self._check_alive()
            if time.monotonic() - began > within_s:
                raise AssertionError(f"not within {within_s:.0f} s: {what}\n{self.last_words()}")
            time.sleep(0.02)
        return time.monotonic() - began

    def last_words(self) -> str:
        """The end of each log."""
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(f"--- {log.name}\n{log.read_text(errors='replace')[-LOG_TAIL:]}" for log in logs)

    def _serves(self, name: str) -> bool:
        if name == "valkey":
            return valkey.answers(int(urllib.parse.urlsplit(self.redis_url).port or 0), self._password())
        checks = {"web": lambda: is_healthy(self.port), "worker": self._consumes}
        return checks.get(name, lambda: True)()

    def _check_alive(self) -> None:
        ended = [name for name, process in self.running.items() if process.poll() is not None]
        if ended:
            raise AssertionError(f"ended by themselves: {ended}\n{self.last_words()}")

    def _consumes(self) -> bool:
        """A worker that listens has bound its queues in the broker and blocks on them."""
        with redis.Redis.from_url(self.redis_url) as client:
            return any(one["cmd"] == "brpop" for one in client.client_list())

    def _password(self) -> str:
        return str(urllib.parse.urlsplit(self.redis_url).password)

    def _spawn(self, command: list[str], log: IO[bytes]) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            command, env=self.env, cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
        self._tell(f"+{process.pid} {int(signal.SIGTERM)}")
        return process

    def _tell(self, line: str) -> None:
        assert self.guard.stdin
        print(line, file=self.guard.stdin, flush=True)


@contextmanager
def stack(folder: Path, *parts: str, settings: str = "homeservice.settings.embedded") -> Iterator[Stack]:
    """The parts of the service (all by default) while the block runs; nothing of them after it, however it ends."""
    command = [sys.executable, "-I", str(guard.__file__)]
    keeper = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True, text=True)
    made = _stack(folder, keeper, settings)
    try:
        made.start("valkey")
        made.start(*(parts or ALL))
        yield made
    finally:
        made.stop()
        keeper.communicate()


def _stack(folder: Path, keeper: "subprocess.Popen[str]", settings: str) -> Stack:
    port, valkey_port, password = _free(), _free(), secrets.token_urlsafe(12)
    redis_url = f"redis://:{password}@{LOOPBACK}:{valkey_port}/0"
    env = {
        **os.environ, "DJANGO_SETTINGS_MODULE": settings, "DATABASE_URL": database_url(), "REDIS_URL": redis_url,
        "STATIC_ROOT": str(folder / "static"), "MEDIA_ROOT": str(folder / "media"), "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    (folder / "static").mkdir(exist_ok=True)
    configuration = folder / "valkey.conf"
    configuration.write_text(valkey.SETTINGS.format(host=LOOPBACK, port=valkey_port, password=password))
    program = str(valkey.server_program(Place(folder, folder, None)))
    commands = {child.name: child.argv for child in applications(env, port)}
    commands["valkey"] = [program, str(configuration)]
    return Stack(folder, keeper, env, commands, port, redis_url)


def database_url() -> str:
    """The database that this process is connected to."""
    where = connection.settings_dict
    user, password = (urllib.parse.quote(str(where[part]), safe="") for part in ("USER", "PASSWORD"))
    return f"postgres://{user}:{password}@{where['HOST']}:{where['PORT'] or 5432}/{where['NAME']}"


def _free() -> int:
    port = free_port(0)
    assert port
    return port
