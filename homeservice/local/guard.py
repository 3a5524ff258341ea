"""Outlives a killed runner, to stop what it left behind. Standard library only, runs on its own.

The runner writes `+pid signal` for each process it starts and `-pid` for each that ended. When the pipe
closes, the runner is gone, however it died: what is still listed gets its signal, and after a while SIGKILL.
"""

import os
import signal
import sys
import time
from contextlib import suppress

GRACE_S = 8.0


def main() -> None:
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    running: dict[int, int] = {}
    for line in sys.stdin:
        word, *rest = line.split()
        if word[0] == "+":
            running[int(word[1:])] = int(rest[0])
        else:
            running.pop(int(word[1:]), None)
    for pid, number in reversed(running.items()):
        send(pid, number)
    deadline = time.monotonic() + GRACE_S
    while any(alive(pid) for pid in running) and time.monotonic() < deadline:
        time.sleep(0.1)
    for pid in running:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


def send(pid: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return False
    return True


if __name__ == "__main__":
    main()
