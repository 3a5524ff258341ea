"""Load the official list of divisions from a .csv or .csv.gz file."""

import csv
import gzip
import zlib
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError

from communities.divisions.actions import load_divisions, settle_table
from communities.divisions.rules import COLUMNS, BadRow
from homeservice.kernel.errors import DomainError

GUANGDONG = Path(__file__).resolve().parents[2] / "divisions" / "data" / "guangdong.csv.gz"
SHOWN_ROWS = 20
BAR_WIDTH = 30


class Command(BaseCommand):
    help = "Load divisions from FILE (.csv or .csv.gz; the bundled list of Guangdong by default). Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=GUANGDONG, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with _opened(path) as file:
                loaded = load_divisions(lines=_lines(file), on_progress=self._show_progress)
        except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as error:
            raise CommandError(f"{path} can't be read: {error}. Nothing was loaded.") from error
        except DomainError as error:
            raise CommandError(_told(path, error)) from error
        if loaded.new or loaded.changed:
            settle_table()
        self.stdout.write(f"{loaded.rows} divisions in {path.name}: {loaded.new} new, {loaded.changed} changed.")
        if loaded.unnamed:
            self.stdout.write(f"{loaded.unnamed} known divisions are not in the file and stay as they were.")

    def _show_progress(self, done: int, total: int) -> None:
        """A bar that redraws itself on a terminal; nothing where the output is kept."""
        if self.stdout.isatty():
            filled = BAR_WIDTH * done // total
            end = "\n" if done == total else ""
            self.stdout.write(f"\r[{'#' * filled}{'.' * (BAR_WIDTH - filled)}] {done}/{total}", ending=end)
            self.stdout.flush()


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return cast(TextIO, gzip.open(path, "rt", encoding="utf-8-sig", newline=""))
    return path.open(encoding="utf-8-sig", newline="")


def _lines(file: TextIO) -> Iterator[tuple[int, list[str]]]:
    """The line number and cells of each row below the header; empty lines are passed over."""
    reader = csv.reader(file)
    header = next(reader, [])
    if tuple(header) != COLUMNS:
        wrong = BadRow(1, f"the header must be {','.join(COLUMNS)}")
        raise DomainError("bad_division_rows", "The header is not the expected one.", rows=[wrong])
    for cells in reader:
        if cells:
            yield reader.line_num, cells


def _told(path: Path, error: DomainError) -> str:
    rows = error.facts["rows"]
    more = [f"... and {len(rows) - SHOWN_ROWS} more"] if len(rows) > SHOWN_ROWS else []
    return "\n".join([f"{path}: {error} Nothing was loaded.", *map(str, rows[:SHOWN_ROWS]), *more])
