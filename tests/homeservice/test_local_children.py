"""Processes are kept alive, stopped in order, and never outlive who started them."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUNNER = """
import os, sys
from pathlib import Path
from homeservice.local.children import Child, Children, Stopped
from homeservice.local.place import LocalError, Place

own = Path(sys.argv[1])
lock = open(own / "lock", "a")
try:
    with Children(Place(own, own, None), lock=lock.fileno()) as children:
        for name in ("web", "worker"):
            children.start(Child(name, ["sh", "-c", sys.argv[2]], dict(os.environ), grace_s=1))
        print("started", flush=True)
        children.keep()
except Stopped:
    print("stopped", flush=True)
except LocalError as error:
    print("gave up:", error, flush=True)
    sys.exit(1)
"""

pytestmark = pytest.mark.processes


class Run:
    """A runner with two children in a process of its own."""

    def __init__(self, own: Path, script: str) -> None:
        self.own = own
        command = [sys.executable, "-c", RUNNER, str(own), script]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.lines = self.process.stdout

    def until(self, text: str) -> str:
        """Read lines up to one that holds the text."""
        return next(line for line in self.lines if text in line)

    def pids(self) -> list[int]:
        return [int(pid) for pid in json.loads((self.own / "running.json").read_text())]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[[str], Run]]:
    own = tmp_path / "my place"
    own.mkdir()
    with ExitStack() as runners:

        def start(script: str) -> Run:
            runner = Run(own, script)
            runners.enter_context(runner.process)
            runners.callback(runner.process.terminate)
            return runner

        yield start


def ended(pids: list[int], *, within_s: float = 12) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if not any(is_running(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything(run: Callable[[str], Run], number: signal.Signals) -> None:
    runner = run("exec sleep 60")
    runner.until("started")
    pids = runner.pids()

    runner.process.send_signal(number)

    assert runner.until("stopped")
    assert runner.process.wait(5) == 0
    assert len(pids) == 2
    assert ended(pids)


def test_a_child_that_ignores_the_request_is_killed_after_its_grace(run: Callable[[str], Run]) -> None:
    runner = run("trap '' TERM; while :; do sleep 1; done")
    runner.until("started")
    pids = runner.pids()

    runner.process.send_signal(signal.SIGINT)

    assert runner.process.wait(10) == 0
    assert ended(pids)


def test_killing_the_runner_leaves_nothing_behind(run: Callable[[str], Run]) -> None:
    runner = run("exec sleep 60")
    runner.until("started")
    pids = runner.pids()

    runner.process.kill()
    runner.process.wait()

    assert ended(pids)


def test_a_crashed_child_is_reported_and_started_again(run: Callable[[str], Run]) -> None:
    runner = run("exec sleep 60")
    runner.until("started")
    before = runner.pids()
    os.kill(before[1], signal.SIGKILL)

    assert runner.until("worker ended") == "worker ended with status -9; starting it again\n"

    deadline = time.monotonic() + 5
    while (after := runner.pids()) == before or len(after) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    runner.process.send_signal(signal.SIGTERM)
    assert runner.process.wait(5) == 0
    assert ended(after)


def test_a_child_that_keeps_crashing_stops_the_rest(run: Callable[[str], Run]) -> None:
    runner = run("exit 3")

    assert "ended 5 times within a minute (last status 3)" in runner.until("gave up")
    assert runner.process.wait(5) == 1
