"""Where one set of embedded servers lives, what it remembers, and as whom its servers run."""

import base64
import json
import os
import pwd
import secrets
import shutil
import socket
import stat
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
LOOPBACK = "127.0.0.1"
NOT_TO_RUN = shutil.ignore_patterns("include", "__pycache__", "*.a")


class LocalError(Exception):
    """Something on this machine is in the way; the message says what a person can do."""


@dataclass(frozen=True, slots=True)
class Account:
    """The unprivileged account that the servers run as when root starts them."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Place:
    """A set of servers. `own` holds what is the person's: secrets, ports, logs.

    `servers` holds data and binaries. PostgreSQL refuses to run as root and an unprivileged account
    cannot reach `/root`, so for root it lies in `/var/tmp`, named by a random id kept in `own`.
    """

    own: Path
    servers: Path
    account: Account | None

    def owned_folder(self, name: str) -> Path:
        """A folder that only the servers' account can open."""
        self.open_servers()
        folder = self.servers / name
        folder.mkdir(mode=0o700, exist_ok=True)
        self.give(folder)
        return folder

    def open_servers(self) -> None:
        """Make the folder, and take nobody else's for it: `/var/tmp` is everybody's."""
        self.servers.mkdir(exist_ok=True)
        found = self.servers.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise LocalError(f"{self.servers} belongs to somebody else: remove it.")
        self.servers.chmod(0o711)

    def give(self, path: Path) -> None:
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)

    def package(self, name: str) -> Path:
        """The folder of an installed package with programs, or a copy that the servers' account can reach."""
        spec = find_spec(name)
        if not spec or not spec.origin:
            raise LocalError(f"The package {name} is missing from the environment.")
        source = Path(spec.origin).parent
        if not self.account:
            return source
        self.open_servers()
        target = self.servers / f"{name}-{version(name)}"
        if not target.exists():
            unfinished = self.servers / f"{name}.new"
            shutil.rmtree(unfinished, ignore_errors=True)
            for part in (name, f"{name}.libs"):  # Linux wheels keep their libraries beside the package
                if source.with_name(part).exists():
                    shutil.copytree(source.with_name(part), unfinished / part, symlinks=True, ignore=NOT_TO_RUN)
            open_to_all(unfinished)
            unfinished.rename(target)
        return target / name

    def log(self, name: str) -> Path:
        folder = self.own / "log"
        folder.mkdir(exist_ok=True)
        return folder / f"{name}.log"

    def remove_servers(self) -> None:
        """Forget what the servers stored, and their copied programs: for throw-away servers."""
        shutil.rmtree(self.servers, ignore_errors=True)


def place(name: str = "", *, project: Path = PROJECT) -> Place:
    """The place of `make run`, or a separate one by name (`test`, `bench`), made if it isn't there."""
    own = project / ".local" / name
    own.mkdir(parents=True, exist_ok=True)
    os.chmod(project / ".local", 0o700)
    if os.geteuid() != 0:
        return Place(own, own / "servers", None)
    nobody = pwd.getpwnam("nobody")
    folder = f"homeservice-{remembered(own, 'id', lambda: secrets.token_hex(8))}"
    return Place(own, Path("/var/tmp") / folder, Account(nobody.pw_uid, nobody.pw_gid))


def open_to_all(folder: Path) -> None:
    """Let everybody read and run what lies in the folder, whatever mask it was installed under."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if runs else 0o644)


def remembered(own: Path, key: str, make: Any) -> Any:
    """The value kept under `key` in `own/remembered.json` (mode 0600); made once, when first asked for."""
    memory = own / "remembered.json"
    values: dict[str, Any] = {}
    with suppress(FileNotFoundError):
        values = json.loads(memory.read_text())
    if key not in values:
        values[key] = make()
        write_private(memory, json.dumps(values, indent=1))
    return values[key]


def forget(own: Path, key: str) -> None:
    memory = own / "remembered.json"
    values = json.loads(memory.read_text())
    values.pop(key, None)
    write_private(memory, json.dumps(values, indent=1))


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, wholly or not at all."""
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.unlink(missing_ok=True)
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    unfinished.rename(path)


def own_secrets(at: Place) -> dict[str, str]:
    """The keys of the embedded default, generated once; the environment's own go first."""

    def key() -> str:
        return base64.b64encode(secrets.token_bytes(32)).decode()

    kept = {
        "SECRET_KEY": remembered(at.own, "SECRET_KEY", lambda: secrets.token_urlsafe(64)),
        "FIELD_KEYS": remembered(at.own, "FIELD_KEYS", lambda: f"local:{key()}"),
        "BLIND_INDEX_KEY": remembered(at.own, "BLIND_INDEX_KEY", key),
        "DOOR_KEYS": remembered(at.own, "DOOR_KEYS", lambda: f"local:{key()}"),
    }
    return {name: os.environ.get(name, value) for name, value in kept.items()}


def port_for(at: Place, name: str, *, wanted: int = 0) -> int:
    """A free port on the loopback: the one used last time, else the wanted one or its neighbours, else any."""
    remembered_port = remembered(at.own, f"{name}_port", lambda: wanted)
    candidates = [remembered_port, *(range(wanted, wanted + 20) if wanted else ()), 0]
    port = next(found for candidate in candidates if (found := free_port(candidate)))
    if port != remembered_port:
        forget(at.own, f"{name}_port")
        remembered(at.own, f"{name}_port", lambda: port)
    return port


def free_port(port: int) -> int | None:
    """The port if nobody listens on it (0: any free one), else None."""
    with socket.socket() as caller:
        if port and caller.connect_ex((LOOPBACK, port)) == 0:
            return None
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return None
        return int(probe.getsockname()[1])
