"""Runs the bench: servers by the environment (`make bench` starts them), a database of its own, a table at the end."""

import argparse
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from homeservice.kernel import clock
from tests.bench.database import fresh_database, pgbench_tps, server_version, tidy
from tests.bench.ground import counts, lay
from tests.bench.measures import Bench
from tests.bench.report import Report
from tests.faults.stack import stack

QUICK = {"rounds": 1, "seconds": 1.0, "share": 0.01, "tasks": 300, "singles": 3, "pgbench_s": 2, "pgbench_rounds": 1}
FULL = {"rounds": 3, "seconds": 5.0, "share": 1.0, "tasks": 3000, "singles": 15, "pgbench_s": 20, "pgbench_rounds": 3}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--quick", action="store_true", help="only see whether everything works; stores nothing")
    parser.add_argument("--scale", type=float, default=1.0, help="times 100,000 bookings and 268 communities")
    parser.add_argument("--clients", type=int, default=8)
    given = parser.parse_args(arguments)
    size = dict(QUICK if given.quick else FULL)
    size["share"] *= given.scale
    report = measured(given.clients, size)
    say(f"\n{report.table()}\n")
    if report.busy:
        say(f"The machine was busy before (load {report.load_before:.1f}): these figures are too low.")
    if not given.quick:
        say(f"Stored: {report.write().name}")


def measured(clients: int, size: dict[str, float]) -> Report:
    load_before, began = os.getloadavg()[0], clock.now()
    with tempfile.TemporaryDirectory() as folder, fresh_database():
        say("T: pgbench")
        tps = pgbench_tps(seconds=int(size["pgbench_s"]), rounds=int(size["pgbench_rounds"]), clients=clients)
        say("Texts and static files")
        call_command("compile_catalogue", verbosity=0)
        settings.STATIC_ROOT = f"{folder}/static"
        call_command("collectstatic", verbosity=0, interactive=False)
        say(f"The past: {size['share'] * 100_000:,.0f} bookings")
        ground = lay(size["share"])
        tidy()
        rows = counts()
        with stack(Path(folder), "web", "worker") as running:
            bench = Bench(running, ground, clients, size["seconds"], int(size["tasks"]))
            bench.start_yardstick()
            for number in range(int(size["rounds"])):
                say(f"Round {number + 1} of {size['rounds']:.0f}")
                bench.round()
            bench.at_rest(int(size["singles"]))
    figures = {**bench.figures, "T": [tps]}
    options = {"clients": clients, **size}
    return Report(began.date().isoformat(), options, figures, rows, load_before, server_version())


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
