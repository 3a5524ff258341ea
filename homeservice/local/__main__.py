"""The commands behind `make`: run, test, lint, format, bench, shots."""

import fcntl
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from homeservice.local import checks, world
from homeservice.local.children import Children, Stopped, say
from homeservice.local.place import LocalError, Place, place

COMMANDS: dict[str, Callable[[Children, Place, list[str]], int]] = {
    "run": world.run,
    "shots": world.shots,
    "bench": world.bench,
    "test": checks.test,
    "lint": checks.lint,
    "format": checks.format_all,
}
PLACES = {"run": "", "shots": ""}  # both show the demo world
GUARD_WAIT_S = 15.0


def main() -> int:
    command, *arguments = sys.argv[1:] or [""]
    if command not in COMMANDS:
        say(f"usage: python -m homeservice.local {'|'.join(COMMANDS)}")
        return 2
    try:
        at = place(PLACES.get(command, command))
        with locked(at, command) as lock, Children(at, lock=lock) as children:
            return COMMANDS[command](children, at, arguments)
    except Stopped:
        say("Stopped.")
        return 130 if command != "run" else 0
    except LocalError as error:
        say(f"Error: {error}")
        return 1


@contextmanager
def locked(at: Place, command: str) -> Iterator[int]:
    """One command at a time in one place. The descriptor goes to the guard, which may outlive us for a moment."""
    with open(at.own / "lock", "a+") as lock:
        take(lock, command)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield lock.fileno()


def take(lock: TextIO, command: str) -> None:
    """Lock the file, waiting while the guard of a killed runner still stops what that one left."""
    deadline = time.monotonic() + GUARD_WAIT_S
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        lock.seek(0)
        if is_alive(int(lock.read() or 0)) or time.monotonic() > deadline:
            raise LocalError(f"`make {command}` is running in this folder already; stop it first.")
        time.sleep(0.1)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return pid > 0


if __name__ == "__main__":
    sys.exit(main())
