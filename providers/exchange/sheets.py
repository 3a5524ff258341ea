"""The columns of the two spreadsheets, and reading a file into rows of cells."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from django.utils.translation import override as translation_override
from import_export.fields import Field
from import_export.resources import Resource
from openpyxl import load_workbook

from homeservice.foundation.rules import XLSX
from homeservice.kernel.vocabulary import CredentialCode, TransportMode
from providers.exchange.rules import (
    MOST_COLUMNS,
    MOST_ELEMENTS,
    MOST_LINES,
    MOST_ROWS,
    MOST_UNPACKED_BYTES,
    NO_COLUMN,
    NO_ROWS,
    TOO_MANY_ROWS,
    UNKNOWN_COLUMN,
    UNREADABLE,
    CellError,
    Fault,
)
from providers.exchange.widgets import LANGUAGES, Cell, Checked, Choice, Day, Level, Whole, Words, id_number, phone
from providers.workers.models import Worker

HEADING_ROW = 1
LONG_NUMBER = re.compile(r"[\dXx]{6,}")  # of a file without a heading: nobody's telephone stays in a report
RELATIONS = [(value, label) for value, label in Worker.Relation.choices if value != Worker.Relation.VOLUNTEER]


def _papers() -> list[tuple[Any, Any]]:
    return [(code, label) for code, label in CredentialCode.choices if not code.startswith("O-")]


class Sheet(Resource):  # type: ignore[misc]
    """A resource whose fields are the columns: `column_name` is the heading, `attribute` the column's name."""

    def columns(self) -> dict[str, Field]:
        return dict(self.fields)


class WorkerSheet(Sheet):
    """A row for each worker."""

    phone = Field("phone", _("Mobile number"), Checked(phone, required=True))
    real_name = Field("real_name", _("Full name"), Cell(required=True, limit=40))
    id_number = Field("id_number", _("ID number"), Checked(id_number, required=True))
    relation = Field("relation", _("Working relation"), Choice(lambda: list(RELATIONS), required=True))
    letter_date = Field("letter_date", _("Authorisation letter signed on"), Day(required=True))
    community = Field("community", _("Home community"), Cell(required=True, limit=80))
    transport = Field("transport", _("How they travel"), Choice(lambda: list(TransportMode.choices)))
    radius_km = Field("radius_km", _("Service radius (km)"), Whole())
    languages = Field("languages", _("Languages"), Words())
    education = Field("education", _("Education"), Choice(lambda: list(Worker.Education.choices)))
    skills = Field("skills", _("Skills"), Words())
    origin_province = Field("origin_province", _("Home province"), Cell(limit=20))


class CredentialSheet(Sheet):
    """A row for each paper."""

    holder = Field("holder", _("Worker's ID number or mobile number"), Cell(required=True, limit=40))
    code = Field("code", _("Kind of paper"), Choice(_papers, required=True))
    level = Field("level", _("Level"), Level())
    issuer = Field("issuer", _("Issued by"), Cell(required=True, limit=80))
    number = Field("number", _("Number of the paper"), Cell(required=True, limit=80))
    valid_from = Field("valid_from", _("Valid from"), Day(required=True))
    valid_until = Field("valid_until", _("Valid until"), Day())


SHEETS: dict[str, type[Sheet]] = {"workers": WorkerSheet, "credentials": CredentialSheet}
HINTS = {
    "phone": gettext_noop("11 digits; the worker confirms with this phone."),
    "id_number": gettext_noop("18 characters; the column is formatted as text."),
    "letter_date": gettext_noop("The day on which the worker signed the letter on paper: it comes before any entry."),
    "community": gettext_noop("The name of the community or village, or its 12-digit code."),
    "radius_km": gettext_noop("1 to 50; empty: 5."),
    "languages": gettext_noop("Separated by spaces or commas."),
    "holder": gettext_noop("Of one of your workers."),
    "level": gettext_noop("Skill level 5 to 1; for a health exam 1 for A to 4 for D; empty without levels."),
    "valid_until": gettext_noop("The last day; empty: as long as such papers hold."),
}


class _TooLong(Exception):
    """More rows, or more empty lines between them, than are read."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file's rows: what stands in each known column, with the row's number as the spreadsheet counts."""

    rows: list[tuple[int, dict[str, Any]]]
    faults: list[Fault]


def read_table(raw: bytes, content_type: str, sheet: Sheet) -> Table:
    """The rows of a file, without empty ones. Faults of the file or its heading leave no rows."""
    try:
        lines = _xlsx_lines(raw) if content_type == XLSX else _csv_lines(raw)
        heading = next(lines, [])
        found, faults = _columns_of(heading, sheet)
        if faults:
            return Table([], faults)
        rows = list(_rows(lines, found))
    except _TooLong:
        return Table([], [Fault(HEADING_ROW, "", "file_too_long", TOO_MANY_ROWS, {"count": MOST_ROWS})])
    except Exception:  # a broken or forged workbook makes its reader raise nearly anything
        return Table([], [Fault(HEADING_ROW, "", "file_unreadable", UNREADABLE)])
    return Table(rows, [] if rows else [Fault(HEADING_ROW, "", "file_empty", NO_ROWS)])


def clean_rows(table: Table, sheet: Sheet) -> tuple[list[tuple[int, dict[str, Any]]], list[Fault]]:
    """The rows whose every cell is what its column wants, and the faults of the others."""
    columns, clean, faults = sheet.columns(), [], []
    for number, cells in table.rows:
        values, wrong = {}, []
        for name, column in columns.items():
            try:
                values[name] = column.widget.clean(cells.get(name), cells)
            except CellError as error:
                wrong.append(Fault(number, name, error.code, error.message, error.params))
        faults += wrong
        if not wrong:
            clean.append((number, values))
    return clean, faults


def headings_of(sheet: Sheet) -> dict[str, str]:
    """Each column's heading in the reader's language, with a star where it must be filled in."""
    columns = sheet.columns().items()
    return {name: f"{column.column_name}{' *' if column.widget.required else ''}" for name, column in columns}


def _columns_of(heading: Iterable[Any], sheet: Sheet) -> tuple[dict[int, str], list[Fault]]:
    """Which column stands where, whatever their order, by heading in either language or by name."""
    known = _known_headings(sheet)
    found: dict[int, str] = {}
    faults = []
    for place, cell in enumerate(heading):
        words = str(cell or "").replace("*", "").replace("\ufeff", "").strip()
        if words.lower() in known:
            found[place] = known[words.lower()]
        elif words:
            shown = {"heading": LONG_NUMBER.sub("…", words[:40])}
            faults.append(Fault(HEADING_ROW, "", "column_unknown", UNKNOWN_COLUMN, shown))
    missing = [
        name for name, column in sheet.columns().items() if column.widget.required and name not in found.values()
    ]
    faults += [Fault(HEADING_ROW, name, "column_missing", NO_COLUMN) for name in missing]
    return found, faults


def _known_headings(sheet: Sheet) -> dict[str, str]:
    known = {}
    for name, column in sheet.columns().items():
        known[name] = name
        for language in LANGUAGES:
            known[in_language(column.column_name, language).lower()] = name
    return known


def in_language(text: Any, language: str) -> str:
    """A lazy text in a language of its own."""
    with translation_override(language):
        return str(text)


def _rows(lines: Iterator[list[Any]], found: dict[int, str]) -> Iterator[tuple[int, dict[str, Any]]]:
    count = 0
    for number, line in enumerate(lines, start=HEADING_ROW + 1):
        cells = {name: line[place] for place, name in found.items() if place < len(line)}
        if any(cell not in (None, "") and str(cell).strip() for cell in cells.values()):
            count += 1
            yield number, cells
        if count > MOST_ROWS or number > MOST_LINES:
            raise _TooLong


def _xlsx_lines(raw: bytes) -> Iterator[list[Any]]:
    """A row that stands a billion rows further down, or a million columns to the right, is not looked for."""
    _refuse_bomb(raw)
    book = load_workbook(BytesIO(raw), read_only=True, data_only=True)
    try:
        for line in book.worksheets[0].iter_rows(max_row=MOST_LINES + 1, max_col=MOST_COLUMNS, values_only=True):
            yield list(line)
    finally:
        book.close()


def _refuse_bomb(raw: bytes) -> None:
    """Raises ValueError for what unfolds to more bytes, or to more elements, than any table that people fill in."""
    with ZipFile(BytesIO(raw)) as packed:
        parts = packed.infolist()
        if sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
            raise ValueError("unfolds beyond all bounds")
        if sum(packed.read(part).count(b"<") for part in parts) > MOST_ELEMENTS:
            raise ValueError("has more elements than memory holds")


def _csv_lines(raw: bytes) -> Iterator[list[Any]]:
    """UTF-8 with or without BOM, else GB 18030, as Excel saves it in China."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030")
    yield from csv.reader(StringIO(text))
