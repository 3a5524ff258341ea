"""The figures as a table, as JSON, and beside the bars that the design sets."""

import json
import os
import platform
import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path

from homeservice.local.place import PROJECT

FOLDER = PROJECT / "docs" / "bench"
BUSY_SHARE = 0.25  # of the cores, by others, before we begin
PACKAGES = ("Django", "granian", "celery", "redis", "psycopg2-binary", "djangorestframework")

# name, what it is, yardstick, bar
ROWS = (
    ("menu", "menu page, 30 entries, signed in", "W", 0.2),
    ("slots", "a week of free slots near an address, 50 workers", "W", 0.2),
    ("place", "place a booking over HTTP, committed, 8 clients", "T", 0.1),
    ("dispatch", "dispatch, placed → assigned, one worker process", "N", 1.0),
    ("unchanged", "booking page unchanged, 304 (the demand board is not there yet)", "W", 0.7),
    ("booking_page", "booking page in full", "W", None),
    ("gate", "the credential gate, worker-days: 2,000 workers × 14 days asked at once", "W", None),
)
YARDSTICKS = {
    "W": "W: Django page with one indexed query",
    "N": "N: empty Celery task, one worker process",
    "T": "T: pgbench TPC-B, -s 16 -M prepared",
}


@dataclass(slots=True)
class Report:
    """One run: on what, when, how large, and the rounds of each figure."""

    date: str
    options: Mapping[str, float]
    figures: Mapping[str, Sequence[float]]
    rows_in_tables: Mapping[str, int]
    load_before: float
    postgres: str
    machine: dict[str, object] = field(default_factory=lambda: machine())

    @property
    def busy(self) -> bool:
        return self.load_before > BUSY_SHARE * (os.cpu_count() or 1)

    def median(self, name: str) -> float:
        return statistics.median(self.figures[name])

    def ratios(self) -> dict[str, float]:
        return {name: self.median(name) / self.median(unit) for name, _text, unit, _bar in ROWS}

    def table(self) -> str:
        """A Markdown table, readable on a terminal as well."""
        lines = ["| what | per second | one takes | ratio | bar |", "|---|--:|--:|--:|--:|"]
        for name, text in YARDSTICKS.items():
            lines.append(f"| **{text}** | {self.median(name):,.0f} | {self._one(name)} | | |")
        ratios = self.ratios()
        for name, text, unit, bar in ROWS:
            wanted = f"≥ {bar} {unit}" if bar else ""
            lines.append(
                f"| {text} | {self.median(name):,.0f} | {self._one(name)} | {ratios[name]:.2f} {unit} | {wanted} |"
            )
        return "\n".join(lines)

    def markdown(self) -> str:
        versions = ", ".join(f"{name} {found}" for name, found in self.machine["versions"].items())  # type: ignore[attr-defined]
        note = (
            "**The machine was busy with other work (load "
            f"{self.load_before:.1f} before the run): figures are too low and ratios are rough.**\n\n"
            if self.busy
            else ""
        )
        rows = ", ".join(f"{count:,} {table.split('_', 1)[1]}" for table, count in self.rows_in_tables.items())
        return (
            f"# Bench of {self.date}\n\n{note}{self.machine['cpu']}, {self.machine['cores']} cores, "
            f"{self.machine['memory_gb']} GB; {self.machine['system']}; Python {self.machine['python']}, PostgreSQL "
            f"{self.postgres}, {versions}.\n\n{self.table()}\n\nMedians of {len(self.figures['W'])} rounds with "
            f"{self.options['clients']:.0f} clients on the same machine; web and worker are one process each, with the options "
            f'of `make run`. "One takes" is the median at that load. An order that comes alone is assigned '
            f"{self.median('lag_ms'):,.0f} ms after it is placed (median; longest {max(self.figures['lag_ms']):,.0f} ms).\n\n"
            f"Rows when it began: {rows}.\n"
        )

    def write(self) -> Path:
        """Both files; answers the Markdown's path."""
        FOLDER.mkdir(exist_ok=True)
        name = f"{self.date}-{slug(str(self.machine['cpu']))}-{self.machine['cores']}-cores"
        page = FOLDER / f"{name}.md"
        page.write_text(self.markdown())
        kept = asdict(self) | {"busy": self.busy, "ratios": self.ratios()}
        page.with_suffix(".json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
        return page

    def _one(self, name: str) -> str:
        took = self.figures.get(f"{name}_ms")
        return f"{statistics.median(took):,.1f} ms" if took else ""


def machine() -> dict[str, object]:
    """What it ran on; no name of the machine or of its place."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cpu": cpu(), "cores": os.cpu_count(), "memory_gb": round(memory / 2**30), "system": platform.system(),
        "python": platform.python_version(), "versions": {name: version(name) for name in PACKAGES},
    }  # fmt: skip


def cpu() -> str:
    """The processor's model, as the system names it."""
    about = Path("/proc/cpuinfo")
    named = re.search(r"model name\s*:\s*(.+)", about.read_text()) if about.exists() else None
    return named.group(1).strip() if named else platform.processor() or platform.machine()


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"\((?:r|tm)\)|cpu|processor", "", text.lower())).strip("-")
