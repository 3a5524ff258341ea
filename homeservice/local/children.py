"""Starts processes, watches them, starts again what crashed, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from homeservice.local.leftovers import Register
from homeservice.local.place import PROJECT, Account, LocalError, Place

TICK_S = 0.1
CRASHES_ALLOWED = 5
CRASHES_WITHIN_S = 60.0


class Stopped(Exception):
    """A person or the system asked us to stop."""


@dataclass(slots=True)
class Child:
    """A process to keep alive. With `log` its output goes there, else to the terminal, line by line by name."""

    name: str
    argv: list[str]
    env: Mapping[str, str]
    cwd: Path = PROJECT
    account: Account | None = None
    stop_signal: int = signal.SIGTERM
    grace_s: float = 10.0
    log: Path | None = None
    process: "subprocess.Popen[bytes] | None" = None
    crashes: list[float] = field(default_factory=list)


class Children:
    """All processes of one command. Use as a context: on leaving, whatever still runs is stopped.

    SIGINT, SIGTERM and SIGHUP only set a mark that `check` turns into `Stopped`, so that no process is
    ever started without being listed. A crashed child is reported and started again; after the fifth
    crash within a minute everything stops.
    """

    def __init__(self, at: Place, *, lock: int) -> None:
        """`lock` is a locked file's descriptor: the guard holds it, too, until nothing runs any more."""
        self.register = Register(at.own / "running.json")
        self.children: list[Child] = []
        self.asked_to_stop = False
        self.lock = lock

    def __enter__(self) -> "Children":
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop_soon)
        self.register.stop_leftovers()
        command = [sys.executable, "-I", str(Path(__file__).with_name("guard.py"))]
        self.guard = subprocess.Popen(
            command, stdin=subprocess.PIPE, start_new_session=True, text=True, pass_fds=[self.lock]
        )
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()
        with suppress(BrokenPipeError):
            self._pipe().close()
        self.guard.wait()

    def start(self, child: Child) -> Child:
        """Start it in a session of its own, so that Ctrl-C reaches only us and we stop it in order."""
        self.check()
        self._launch(child)
        self.children.append(child)
        return child

    def run(self, child: Child) -> int:
        """Run a command to its end, on our terminal if it has no log; its exit status."""
        self.check()
        with open(child.log or os.devnull, "ab") as log:
            process = self._spawn(child, log if child.log else None)
        self.children.append(child)
        while process.poll() is None:
            self.check()
            time.sleep(TICK_S / 2)
        self._ended(child)
        self.children.remove(child)
        return process.returncode

    def wait_for(self, ready: Callable[[], bool], what: str, *, within_s: float) -> None:
        """Return when `ready()` holds; meanwhile crashed children are started again."""
        deadline = time.monotonic() + within_s
        while not ready():
            self.watch()
            if time.monotonic() > deadline:
                raise LocalError(
                    f"{what} is not ready after {within_s:.0f} seconds; see the lines above and .local/log."
                )
            time.sleep(TICK_S)

    def keep(self) -> None:
        """Watch until asked to stop."""
        while True:
            self.watch()
            time.sleep(TICK_S)

    def watch(self) -> None:
        """Start again what ended by itself. Raises `LocalError` if that happens too often, `Stopped` if asked to."""
        self.check()
        for child in self.children:
            if child.process and child.process.poll() is not None:
                self._revive(child)

    def check(self) -> None:
        if self.asked_to_stop:
            raise Stopped

    def stop(self, *children: Child) -> None:
        """Stop the given ones, or all: first what uses the servers, then the servers (those with a log)."""
        chosen = children or tuple(self.children)
        for servers in (False, True):
            tier = [child for child in chosen if bool(child.log) is servers]
            for child in tier:
                if child.process and child.process.poll() is None:
                    child.process.send_signal(child.stop_signal)
            for child in tier:
                self._await_end(child)
                self.children.remove(child)

    def _await_end(self, child: Child) -> None:
        if not child.process:
            return
        with suppress(subprocess.TimeoutExpired):
            child.process.wait(child.grace_s)
        self._ended(child)

    def _ended(self, child: Child) -> None:
        """Nothing of its process group survives, and the guard forgets it."""
        if child.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()
            self._tell(f"-{child.process.pid}")
            self.register.remove(child.process.pid)
            child.process = None

    def _revive(self, child: Child) -> None:
        assert child.process
        status = child.process.returncode
        self._ended(child)
        now = time.monotonic()
        child.crashes = [at for at in child.crashes if now - at < CRASHES_WITHIN_S] + [now]
        if len(child.crashes) >= CRASHES_ALLOWED:
            raise LocalError(f"{child.name} ended {CRASHES_ALLOWED} times within a minute (last status {status}).")
        say(f"{child.name} ended with status {status}; starting it again")
        time.sleep((len(child.crashes) - 1) / 2)
        self._launch(child)

    def _launch(self, child: Child) -> None:
        if child.log:
            with open(child.log, "ab") as log:
                self._spawn(child, log)
            return
        process = self._spawn(child, subprocess.PIPE)
        threading.Thread(target=_copy_lines, args=(child.name, process.stdout), daemon=True).start()

    def _spawn(self, child: Child, output: IO[bytes] | int | None) -> "subprocess.Popen[bytes]":
        user = {"user": child.account.uid, "group": child.account.gid, "extra_groups": []} if child.account else {}
        child.process = subprocess.Popen(
            child.argv,
            env=child.env,
            cwd=child.cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=None if output is None else subprocess.STDOUT,
            start_new_session=True,
            **user,  # type: ignore[call-overload]
        )
        self._tell(f"+{child.process.pid} {int(child.stop_signal)}")
        self.register.add(child.process.pid, child.stop_signal, child.argv)
        return child.process

    def _tell(self, line: str) -> None:
        with suppress(BrokenPipeError):
            print(line, file=self._pipe(), flush=True)

    def _pipe(self) -> IO[str]:
        assert self.guard.stdin
        return self.guard.stdin

    def _stop_soon(self, number: int, frame: FrameType | None) -> None:
        self.asked_to_stop = True


def _copy_lines(name: str, output: IO[bytes]) -> None:
    for line in output:
        say(f"{name:>8} | {line.decode(errors='replace').rstrip()}")


def say(text: str) -> None:
    """One line to the person at the terminal, if the terminal is still there."""
    with suppress(OSError):
        print(text, flush=True)
