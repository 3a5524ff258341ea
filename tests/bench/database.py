"""A database for one run, and what pgbench says of the server that it is on."""

import os
import re
import shutil
import statistics
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

NAME = "homeservice_bench"
YARDSTICK_NAME = "homeservice_pgbench"
TPS = re.compile(r"tps = ([\d.]+) \(without")


@contextmanager
def fresh_database() -> Iterator[None]:
    """Django works on an empty, migrated database; it is dropped afterwards."""
    home = connection.settings_dict["NAME"]
    _recreate(NAME)
    _move_to(NAME)
    try:
        call_command("migrate", verbosity=0, interactive=False)
        yield
    finally:
        _move_to(home)
        _run(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")


def pgbench_tps(*, seconds: int, rounds: int, clients: int) -> float:
    """T: transactions a second of the built-in TPC-B, prepared, at scale 16; the median of the rounds."""
    _recreate(YARDSTICK_NAME)
    try:
        _pgbench("--initialize", "--quiet", "--scale", "16")
        options = ["--protocol", "prepared", "--time", str(seconds), "--client", str(clients), "--jobs", "2"]
        return statistics.median(float(TPS.findall(_pgbench(*options))[0]) for _ in range(rounds))
    finally:
        _run(f"DROP DATABASE IF EXISTS {YARDSTICK_NAME} WITH (FORCE)")


def tidy() -> None:
    """Statistics and visibility maps as after a night's autovacuum, and a checkpoint behind us."""
    _run("VACUUM (ANALYZE)")
    _run("CHECKPOINT")


def server_version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])  # type: ignore[index]


def _pgbench(*options: str) -> str:
    where = connection.settings_dict
    env = {
        **os.environ, "PGHOST": str(where["HOST"]), "PGPORT": str(where["PORT"]), "PGUSER": str(where["USER"]),
        "PGPASSWORD": str(where["PASSWORD"]), "PGDATABASE": YARDSTICK_NAME,
    }  # fmt: skip
    return subprocess.run([_program(), *options], env=env, check=True, capture_output=True, text=True).stdout


def _program() -> str:
    """`pgbench` of the embedded server, which `make bench` names by PG_PROGRAMS, else the machine's own."""
    beside = Path(os.environ.get("PG_PROGRAMS", "")) / "pgbench"
    return str(beside) if beside.exists() else shutil.which("pgbench") or "pgbench"


def _recreate(name: str) -> None:
    _run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    _run(f"CREATE DATABASE {name}")


def _move_to(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
