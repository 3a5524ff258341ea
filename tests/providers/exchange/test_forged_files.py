"""Workbooks that nobody filled in: broken, forged, or made to eat time and memory. Each is told apart at once."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from homeservice.foundation.rules import XLSX
from providers.exchange.sheets import WorkerSheet, read_table
from tests.providers.exchange.files import WORKER_HEADINGS, worker_row, xlsx

SHEET = "xl/worksheets/sheet1.xml"
BEGIN = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
END = "</sheetData></worksheet>"
HEADING = "".join(
    f'<c r="{chr(65 + n)}1" t="inlineStr"><is><t>{text}</t></is></c>' for n, text in enumerate(WORKER_HEADINGS)
)


def sound() -> bytes:
    return xlsx([worker_row(1)]).read()


def with_part(name: str, content: str | None) -> bytes:
    """A sound workbook with one part replaced, or left out."""
    out = BytesIO()
    with ZipFile(BytesIO(sound())) as before, ZipFile(out, "w", ZIP_DEFLATED) as after:
        for part in before.namelist():
            if part != name:
                after.writestr(part, before.read(part))
            elif content is not None:
                after.writestr(part, content)
    return out.getvalue()


def with_rows(rows: str) -> bytes:
    return with_part(SHEET, f"{BEGIN}<row>{HEADING}</row>{rows}{END}")


def with_header_byte(local_offset: int, central_offset: int, value: int) -> bytes:
    """A sound workbook whose parts say something else of themselves: that they are encrypted, or packed otherwise."""
    raw = bytearray(sound())
    for signature, offset in ((b"PK\x03\x04", local_offset), (b"PK\x01\x02", central_offset)):
        place = raw.find(signature)
        while place >= 0:
            raw[place + offset] = value
            place = raw.find(signature, place + 4)
    return bytes(raw)


def with_broken_stream() -> bytes:
    raw = bytearray(sound())
    with ZipFile(BytesIO(bytes(raw))) as packed:
        starts = [part.header_offset + 30 + len(part.filename) for part in packed.infolist()]
    for start in starts:
        raw[start + 2 : start + 12] = bytes(byte ^ 0xFF for byte in raw[start + 2 : start + 12])
    return bytes(raw)


def entities() -> str:
    chain = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "aaaaaaaaaa"}">' for n in range(10))
    return f'<!DOCTYPE x [{chain}]>{BEGIN[21:]}<row><c t="inlineStr"><is><t>&a9;</t></is></c></row>{END}'


@pytest.mark.parametrize(
    ("forged", "code"),
    [
        (lambda: with_header_byte(6, 8, 1), "file_unreadable"),
        (lambda: with_header_byte(8, 10, 99), "file_unreadable"),
        (with_broken_stream, "file_unreadable"),
        (lambda: with_part("xl/workbook.xml", "<a/>"), "file_unreadable"),
        (lambda: with_part(SHEET, None), "file_unreadable"),
        (lambda: with_rows('<row><c r="A2" t="s"><v>99999</v></c></row>'), "file_unreadable"),
        (lambda: with_part(SHEET, entities()), "file_unreadable"),
        (lambda: with_rows('<row r="2000000000"><c r="A2000000000"><v>1</v></c></row>'), "file_too_long"),
        (lambda: with_rows('<row><c r="XFD2"/></row>' * 25_000), "file_too_long"),
        (lambda: with_rows("<row/>" * 3_100_000), "file_unreadable"),
    ],
    ids=[
        "encrypted", "packed by an unknown method", "broken stream", "no sheets", "no such sheet", "no such string",
        "entities of entities", "a row two billion further down", "rows 16,384 columns wide", "millions of empty rows",
    ],
)  # fmt: skip
def test_a_forged_workbook_is_refused_in_words_and_in_no_time(forged, code):
    table = read_table(forged(), XLSX, WorkerSheet())
    assert (table.rows, [fault.code for fault in table.faults]) == ([], [code])


def test_the_workbook_that_the_forged_ones_are_made_from_is_read():
    table = read_table(with_rows("<row><c t='inlineStr'><is><t>1</t></is></c></row>"), XLSX, WorkerSheet())
    assert ([number for number, _cells in table.rows], table.faults) == ([2], [])
