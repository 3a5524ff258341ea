"""Files as people send them."""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from communities.accounts.rules import check_character
from providers.credentials.models import CredentialType
from providers.exchange.sheets import SHEETS, in_language

WORKER_HEADINGS, PAPER_HEADINGS = (
    [in_language(column.column_name, "zh-hans") for column in SHEETS[name]().columns().values()]
    for name in ("workers", "credentials")
)


def id_number(serial: int, born: str = "19850101") -> str:
    """A sound ID number that no other serial has."""
    first = f"{440100 + serial // 1000}{born}{serial % 1000:03d}"
    return first + check_character(first)


def worker_row(serial: int = 1, **changes: Any) -> list[Any]:
    cells = {
        "phone": f"137{serial:08d}", "real_name": f"王{serial}", "id_number": id_number(serial), "relation": "员工制",
        "letter_date": "2026-11-01", "community": "茶山", "transport": "", "radius_km": "3", "languages": "普通话、粤语",
        "education": "", "skills": "", "origin_province": "广东",
    }  # fmt: skip
    return list({**cells, **changes}.values())


def paper_row(holder: str, number: str = "A-1", **changes: Any) -> list[Any]:
    cells = {
        "holder": holder, "code": "TR0", "level": "", "issuer": "市家政协会", "number": number, "valid_from": "2026-01-01",
        "valid_until": "",
    }  # fmt: skip
    return list({**cells, **changes}.values())


def xlsx(rows: Iterable[Sequence[Any]], headings: Sequence[str] = WORKER_HEADINGS) -> SimpleUploadedFile:
    book = Workbook(write_only=True)
    page = book.create_sheet()
    for row in [headings, *rows]:
        page.append(list(row))
    out = BytesIO()
    book.save(out)
    return SimpleUploadedFile("workers.xlsx", out.getvalue())


def text_file(
    rows: Iterable[Sequence[Any]], headings: Sequence[str] = WORKER_HEADINGS, encoding: str = "utf-8-sig"
) -> SimpleUploadedFile:
    out = StringIO()
    csv.writer(out).writerows([headings, *rows])
    return SimpleUploadedFile("workers.csv", out.getvalue().encode(encoding))


def paper_types() -> None:
    """Two kinds of papers: pre-job training without levels, a skill with three."""
    for position, (code, form, levels) in enumerate((("TR0", "training", []), ("SK-MY", "skill_level", [5, 4, 3]))):
        CredentialType.objects.get_or_create(
            code=code, defaults={"form": form, "levels": levels, "scan_needed": True, "position": position}
        )
