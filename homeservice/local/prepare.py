"""Fills the database before the first page: tables, texts, divisions, holidays, catalogue, demo world.

Runs as a process of its own between the servers' start and the web's: `python -m homeservice.local.prepare`.
What is there already is not done again, so that a second start is quick.
"""

import hashlib
import json
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string

from homeservice.local.place import PROJECT, write_private

DIVISIONS = "communities/divisions/data/guangdong.csv.gz"
CATALOGUE = ("providers/catalogue/data", "providers/credentials/data")  # items, and what they require
LETTERS = ("providers/bindings/data",)
POLICIES = ("bookings/money/data", "bookings/dispatch/data")


@dataclass(frozen=True, slots=True)
class Step:
    """One command, done again only when its `inputs` change or its `table` is empty."""

    title: str
    command: str
    arguments: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    table: str = ""


def static_files() -> Iterable[Path]:
    return (path for path in (PROJECT / "homeservice" / "static").rglob("*") if path.is_file())


STEPS = (
    Step("Tables", "migrate", ("--no-input", "--verbosity=0")),
    Step("Texts", "compile_catalogue"),
    Step("Static files", "collectstatic", ("--no-input", "--clear", "--verbosity=0")),
    Step("Divisions of Guangdong", "load_divisions", (DIVISIONS,), (DIVISIONS,), "communities.Division"),
    Step("Holidays", "load_holidays", (), (), "foundation.Holiday"),
    Step("Kinds of papers", "load_credential_types", (), ("providers/credentials/data",), "providers.CredentialType"),
    Step("Catalogue of services", "load_catalogue", (), CATALOGUE, "providers.ServiceItem"),
    Step("Limits of working time", "load_work_limits", (), ("providers/workers/data",), "providers.WorkLimit"),
    Step("Authorisation letters", "load_authorisation_letters", (), LETTERS, "providers.AuthorisationLetter"),
    Step("Credit rules", "load_credit_rules", (), ("providers/credit/data",), "providers.CreditRule"),
    Step("Order terms", "load_terms", (), ("bookings/contracts/data",), "bookings.Terms"),
    Step("Price and dispatch rules", "load_policies", (), POLICIES, "bookings.PricePolicy"),
    Step("Demo world", "build_demo", (), (), "bookings.Booking"),
)


def main() -> None:
    """Do each step that is needed and tell how long it took; then write the logins for the runner to show."""
    own = Path(sys.argv[1])
    django.setup()
    record = Record(own / "prepared.json")
    known = get_commands()
    steps = [step for step in STEPS if step.command in known]
    for number, step in enumerate(steps, start=1):
        mark = f"[{number}/{len(steps)}] {step.title}"
        if not is_needed(step, record):
            print(f"{mark}: there", flush=True)
        else:
            print(f"{mark} …", flush=True)
            began = time.monotonic()
            call_command(step.command, *step.arguments)
            record.write(step, fingerprint(step))
            print(f"{mark}: done in {time.monotonic() - began:.1f} s", flush=True)
    write_private(own / "logins.txt", logins_text() if "build_demo" in known else "")


def logins_text() -> str:
    """One line for each role of the demo world. The page shows the codes, of the second factor, too."""
    secret = import_string("homeservice.demo.logins.TOTP_SECRET")
    lines = ["Sign in with a phone; the page shows the code:\n"]
    for login in import_string("homeservice.demo.logins.logins")():
        second = f"  (second factor: shown as well; secret {secret})" if login.second_factor else ""
        lines.append(f"  {login.phone}  {login.what}{second}\n")
    return "".join(lines)


class Record:
    """Which step was done with which inputs, for this database."""

    def __init__(self, path: Path) -> None:
        self.path = path
        where = settings.DATABASES["default"]
        self.database = f"{where['HOST']}/{where['NAME']}"
        self.done: dict[str, str] = {}
        with suppress(FileNotFoundError):
            self.done = json.loads(path.read_text())

    def read(self, step: Step) -> str:
        return self.done.get(f"{self.database} {step.command}", "")

    def write(self, step: Step, print_of_inputs: str) -> None:
        self.done[f"{self.database} {step.command}"] = print_of_inputs
        write_private(self.path, json.dumps(self.done, indent=1))


def is_needed(step: Step, record: Record) -> bool:
    if step.command == "migrate":
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if step.command == "collectstatic" and not settings.STATIC_ROOT.exists():
        return True
    if step.table and not apps.get_model(step.table)._default_manager.exists():
        return True
    return record.read(step) != fingerprint(step)


def fingerprint(step: Step) -> str:
    """A digest of what the step reads. Static files by size and time: they are many."""
    whole = hashlib.sha256(repr(step).encode())
    if step.command == "collectstatic":
        for path in sorted(static_files()):
            whole.update(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}".encode())
        whole.update((PROJECT / "requirements.txt").read_bytes())
    if step.command == "compile_catalogue":
        return str(time.time_ns())
    for path in sorted(file for name in step.inputs for file in files_of(PROJECT / name)):
        whole.update(path.read_bytes())
    return whole.hexdigest()


def files_of(path: Path) -> Iterable[Path]:
    return [path] if path.is_file() else (file for file in path.rglob("*") if file.is_file())


if __name__ == "__main__":
    main()
