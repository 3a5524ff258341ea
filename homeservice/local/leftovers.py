"""What an earlier runner left, when it and its guard were both killed: found by number and command line."""

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from homeservice.local.place import LocalError, write_private

GRACE_S = 10.0


class Register:
    """The running processes, kept in a file: number, stop signal, command line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.running: dict[str, tuple[int, str]] = {}

    def add(self, pid: int, stop_signal: int, argv: list[str]) -> None:
        self.running[str(pid)] = (int(stop_signal), " ".join(argv))
        write_private(self.path, json.dumps(self.running))

    def remove(self, pid: int) -> None:
        self.running.pop(str(pid), None)
        write_private(self.path, json.dumps(self.running))

    def stop_leftovers(self) -> None:
        """Stop what an earlier runner registered and still runs. Raises `LocalError` if something won't end."""
        left: dict[str, tuple[int, str]] = {}
        with suppress(FileNotFoundError):
            left = json.loads(self.path.read_text())
        ours = [(int(pid), stop) for pid, (stop, command) in left.items() if command_line(int(pid)) == command]
        for pid, stop in ours:
            os.kill(pid, stop)
        deadline = time.monotonic() + GRACE_S
        while any(command_line(pid) for pid, _ in ours) and time.monotonic() < deadline:
            time.sleep(0.1)
        for pid, _ in ours:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
        self.path.unlink(missing_ok=True)


def command_line(pid: int) -> str:
    """How the process was called; empty if there is none. Small Linux images lack `ps`, macOS lacks /proc."""
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").replace(b"\0", b" ").decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return ""
    shown = subprocess.run(["ps", "-ww", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False)
    return shown.stdout.strip()


def clear_stale_pid_file(pid_file: Path) -> None:
    """Remove PostgreSQL's pid file if its number now is somebody else's: the server would refuse to start.

    A crashed server's file with a dead number it mends itself; one that still runs is never touched.
    """
    try:
        pid = int(pid_file.read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return
    command = command_line(pid)
    if "postgres" in command:
        raise LocalError(f"Another PostgreSQL (process {pid}) serves {pid_file.parent}; stop it first.")
    if command:
        pid_file.unlink()
