"""Workbooks that people get: the template with its instructions, the file with its faults marked, and exports."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import tablib
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.formats.base_formats import CSV, XLSX
from import_export.resources import ModelResource
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from homeservice.foundation.spreadsheets import harmless
from homeservice.kernel.crypto import masked_id_number, masked_name, masked_phone
from providers.credentials.models import Credential
from providers.credentials.papers import level_words
from providers.exchange.models import ImportFault
from providers.exchange.rules import MOST_ROWS, CellError, fault_words
from providers.exchange.sheets import HINTS, Sheet, Table, headings_of
from providers.exchange.widgets import Choice, Day, plain_text
from providers.workers.models import Worker

HEADING = PatternFill("solid", fgColor="0F766E")
WRONG = PatternFill("solid", fgColor="FCA5A5")
WHITE = Font(bold=True, color="FFFFFF")
WIDTH = 22
BOM = b"\xef\xbb\xbf"


def template_book(sheet: Sheet) -> bytes:
    """An empty table with drop-downs, text-formatted columns, and a second sheet that explains each column."""
    book = Workbook()
    table, words = book.active, book.create_sheet(_("Instructions"))
    assert table is not None
    table.title = _("Rows")
    lists = book.create_sheet(_("Choices"))
    for place, (name, heading) in enumerate(headings_of(sheet).items(), start=1):
        letter, widget = get_column_letter(place), sheet.columns()[name].widget
        cell = table.cell(1, place, heading)
        cell.fill, cell.font = HEADING, WHITE
        table.column_dimensions[letter].width = WIDTH
        table.column_dimensions[letter].number_format = "yyyy-mm-dd" if isinstance(widget, Day) else "@"
        if isinstance(widget, Choice):
            _add_choices(table, lists, letter, place, widget.labels())
    table.freeze_panes = "A2"
    _add_instructions(words, sheet)
    return _saved(book)


def report_book(sheet: Sheet, table: Table, faults: Iterable[ImportFault]) -> bytes:
    """The rows as they were sent, with each faulty cell marked and what is wrong in a last column."""
    wrong: dict[int, dict[str, str]] = defaultdict(dict)
    for fault in faults:
        wrong[fault.row].setdefault(fault.column, fault_words(fault.message, fault.params))
    book = Workbook(write_only=True)
    page = book.create_sheet(_("Rows"))
    headings = headings_of(sheet)
    page.append([*headings.values(), _("What is wrong")])
    for number, cells in table.rows:
        page.append(_report_row(page, cells, headings, wrong.get(number, {})))
    return _saved(book)


class WorkerExport(ModelResource):  # type: ignore[misc]
    """A row for each worker; who they are is masked unless `full`."""

    name = Field(column_name="name")
    phone = Field(column_name="phone")
    id_number = Field(column_name="id_number")
    relation = Field(column_name="relation")
    state = Field(column_name="state")
    joined_date = Field("joined_date", "joined_date")
    community = Field("home_community__name", "community")
    transport = Field(column_name="transport")
    radius_km = Field(column_name="radius_km")
    languages = Field(column_name="languages")
    education = Field(column_name="education")

    class Meta:
        model = Worker
        fields = (
            "name", "phone", "id_number", "relation", "state", "joined_date", "community", "transport", "radius_km",
            "languages", "education",
        )  # fmt: skip

    def __init__(self, *, full: bool) -> None:
        super().__init__()
        self.full = full

    def dehydrate_name(self, worker: Worker) -> str:
        return harmless(worker.real_name if self.full else masked_name(worker.real_name))

    def dehydrate_phone(self, worker: Worker) -> str:
        return str(worker.user.phone) if self.full else masked_phone(worker.user.phone)

    def dehydrate_id_number(self, worker: Worker) -> str:
        number = worker.id_number or ""
        return number if self.full or not number else masked_id_number(number)

    def dehydrate_relation(self, worker: Worker) -> str:
        return worker.get_relation_display()

    def dehydrate_state(self, worker: Worker) -> str:
        return worker.get_state_display()

    def dehydrate_transport(self, worker: Worker) -> str:
        return worker.get_transport_display()

    def dehydrate_radius_km(self, worker: Worker) -> str:
        return f"{worker.service_radius_m / 1000:g}"

    def dehydrate_languages(self, worker: Worker) -> str:
        return harmless(" ".join(worker.languages))

    def dehydrate_education(self, worker: Worker) -> str:
        return worker.get_education_display() if worker.education else ""

    def headings(self) -> list[str]:
        return [
            _("Full name"), _("Mobile number"), _("ID number"), _("Working relation"), _("State"), _("Joined on"),
            _("Home community"), _("How they travel"), _("Service radius (km)"), _("Languages"), _("Education"),
        ]  # fmt: skip


class CredentialExport(ModelResource):  # type: ignore[misc]
    """A row for each paper; whose it is and its number are masked unless `full`."""

    name = Field(column_name="name")
    phone = Field(column_name="phone")
    code = Field(column_name="code")
    level = Field(column_name="level")
    issuer = Field(column_name="issuer")
    number = Field(column_name="number")
    valid_from = Field("valid_from", "valid_from")
    valid_until = Field("valid_until", "valid_until")
    state = Field(column_name="state")

    class Meta:
        model = Credential
        fields = ("name", "phone", "code", "level", "issuer", "number", "valid_from", "valid_until", "state")

    def __init__(self, *, full: bool) -> None:
        super().__init__()
        self.full = full

    def dehydrate_name(self, paper: Credential) -> str:
        name = paper.worker.real_name if paper.worker else ""
        return harmless(name if self.full else masked_name(name))

    def dehydrate_phone(self, paper: Credential) -> str:
        phone = paper.worker.user.phone if paper.worker else ""
        return str(phone) if self.full else masked_phone(phone)

    def dehydrate_code(self, paper: Credential) -> str:
        return str(paper.get_code_display())

    def dehydrate_level(self, paper: Credential) -> str:
        return level_words(paper.code, paper.level)

    def dehydrate_issuer(self, paper: Credential) -> str:
        return harmless(paper.issuer)

    def dehydrate_number(self, paper: Credential) -> str:
        return harmless(paper.number) if self.full else f"****{paper.number[-4:]}"

    def dehydrate_state(self, paper: Credential) -> str:
        return paper.get_state_display()

    def headings(self) -> list[str]:
        return [
            _("Full name"), _("Mobile number"), _("Kind of paper"), _("Level"), _("Issued by"), _("Number of the paper"),
            _("Valid from"), _("Valid until"), _("State"),
        ]  # fmt: skip


def export_file(resource: WorkerExport | CredentialExport, rows: Any, form: str) -> tuple[bytes, int]:
    """The rows as xlsx, or as csv with BOM, and how many there are."""
    data: tablib.Dataset = resource.export(rows)
    data.headers = resource.headings()
    if form == "xlsx":
        return XLSX().export_data(data), len(data)
    return BOM + str(CSV().export_data(data)).encode(), len(data)


def _report_row(page: Any, cells: dict[str, Any], headings: dict[str, str], wrong: dict[str, str]) -> list[Any]:
    line: list[Any] = []
    for name in headings:
        cell = WriteOnlyCell(page, value=harmless(_shown(cells.get(name))))
        if name in wrong:
            cell.fill, cell.comment = WRONG, Comment(wrong[name], "")
        line.append(cell)
    said = [f"{headings[name].removesuffix(' *')}: {text}" if name else text for name, text in wrong.items()]
    return [*line, harmless("\n".join(said))]


def _shown(cell: Any) -> str:
    try:
        return str(cell.date()) if hasattr(cell, "date") else plain_text(cell)
    except CellError:
        return str(cell)


def _add_choices(table: Any, lists: Any, letter: str, place: int, labels: Sequence[str]) -> None:
    for line, label in enumerate(labels, start=1):
        lists.cell(line, place, label)
    allowed = DataValidation("list", formula1=f"='{lists.title}'!${letter}$1:${letter}${len(labels)}", allow_blank=True)
    table.add_data_validation(allowed)
    allowed.add(f"{letter}2:{letter}{MOST_ROWS + 1}")


def _add_instructions(words: Any, sheet: Sheet) -> None:
    words.append([_("Column"), _("Must be filled in"), _("What to enter")])
    for name, column in sheet.columns().items():
        needed = _("yes") if column.widget.required else ""
        choices = " / ".join(column.widget.labels()) if isinstance(column.widget, Choice) else ""
        words.append([str(column.column_name), needed, _(HINTS[name]) if name in HINTS else choices])
    words.append([])
    words.append([_("At most %(count)s rows. A file with a single faulty row changes nothing.") % {"count": MOST_ROWS}])
    for letter, width in (("A", 30), ("B", 18), ("C", 80)):
        words.column_dimensions[letter].width = width
    for row in words.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()
