"""The law on holidays, and what a stored file may be. Pure."""

from collections.abc import Mapping
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DayKind(TextChoices):
    """What a day is for deadlines and prices."""

    WORKING = "working", _("Working day")
    OFF = "off", _("Day off")
    STATUTORY = "statutory", _("Statutory holiday")


def kind_of(day: date, holiday: str | None) -> DayKind:
    """A day's kind, from the kind of its `Holiday` row if it has one, else from its place in the week."""
    if holiday == "statutory":
        return DayKind.STATUTORY
    if holiday == "workday":
        return DayKind.WORKING
    if holiday == "adjusted" or day.weekday() >= 5:
        return DayKind.OFF
    return DayKind.WORKING


# The festivals of 全国年节及纪念日放假办法, in Chinese and English. Statutory are one day of each, but four of Spring
# Festival (除夕 to 初三), two of Labour Day and three of National Day: 13 in all since 2025, 11 before.
FESTIVALS: Mapping[str, tuple[str, str]] = {
    "new_year": ("元旦", "New Year's Day"),
    "spring": ("春节", "Spring Festival"),
    "qingming": ("清明节", "Tomb-Sweeping Day"),
    "labour": ("劳动节", "Labour Day"),
    "dragon_boat": ("端午节", "Dragon Boat Festival"),
    "mid_autumn": ("中秋节", "Mid-Autumn Festival"),
    "national": ("国庆节", "National Day"),
}
FIRST_YEAR = 2025  # the revision of 2024-11-10 is in force since 2025-01-01; earlier years are not loaded


class UploadPurpose(TextChoices):
    """What a file is for; it decides what it may be and who may see it."""

    WORKER_PHOTO = "worker_photo", _("Worker's photo")
    CREDENTIAL = "credential", _("Scan of a paper")
    AUTHORISATION = "authorisation", _("Scan of an authorisation letter")
    WORKER_FILE = "worker_file", _("Document of a worker's file")
    IMPORT = "import", _("Spreadsheet to import")
    VISIT_PHOTO = "visit_photo", _("Photo of a visit")
    EVIDENCE = "evidence", _("Evidence for a complaint")


MEGABYTE = 1_048_576
MAX_BYTES = 10 * MEGABYTE
MAX_PIXELS = 50_000_000  # decoded, some 150 MB: more than any phone takes
STORED_SIDE_PX = 2400
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
IMAGES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", PDF: "pdf", XLSX: "xlsx", CSV: "csv"}
ALLOWED: Mapping[UploadPurpose, frozenset[str]] = {
    UploadPurpose.WORKER_PHOTO: frozenset(IMAGES),
    UploadPurpose.CREDENTIAL: frozenset({*IMAGES, PDF}),
    UploadPurpose.AUTHORISATION: frozenset({*IMAGES, PDF}),
    UploadPurpose.WORKER_FILE: frozenset({*IMAGES, PDF}),
    UploadPurpose.IMPORT: frozenset({XLSX, CSV}),
    UploadPurpose.VISIT_PHOTO: frozenset(IMAGES),
    UploadPurpose.EVIDENCE: frozenset({*IMAGES, PDF}),
}


def content_type_of(head: bytes) -> str | None:
    """The type that the first bytes prove; what the sender calls it is not asked. None for all others.

    Plain text proves nothing by its beginning: who takes it asks `looks_like_text`.
    """
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"PK\x03\x04"):
        return XLSX
    return PDF if head.startswith(b"%PDF-") else None


def looks_like_text(raw: bytes) -> bool:
    """Whether it could be a table of text in UTF-8 or GB 18030: no control characters but tabs and line ends."""
    controls = bytes(set(range(32)) - {9, 10, 13})
    return bool(raw) and raw.translate(None, controls) == raw


def safe_file_name(name: str, content_type: str) -> str:
    """The last part of the name without control characters, ending as its type does."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    stem = "".join(character for character in last if character.isprintable()).rsplit(".", 1)[0].strip(" .")
    return f"{stem[:100] or 'file'}.{EXTENSIONS[content_type]}"
