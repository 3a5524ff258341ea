"""A worker's badge as a PDF of one A6 page: what anyone may see of the code, and the QR code that leads to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from homeservice.foundation.documents import pdf
from homeservice.foundation.models import Upload
from homeservice.kernel.clock import at_local
from homeservice.kernel.errors import DomainError
from providers.service_codes.qr import svg

TEMPLATE = Path(__file__).parent / "data" / "badge.typ"
PHOTO_PX = (450, 570)


@dataclass(frozen=True, slots=True)
class Face:
    """What stands on a badge. `photo` is a JPEG, or nothing."""

    masked_name: str
    institution: str
    complaint_phone: str
    lines: tuple[str, ...]
    address: str
    printed_on: date
    photo: bytes = b""


def face_of(shown: dict[str, Any], *, complaint_phone: str, address: str, photo: Upload | None, on_date: date) -> Face:
    """The face for what anyone may see (`shown`). Raises `not_authorised` where that is the state alone."""
    if "masked_name" not in shown:
        raise DomainError("not_authorised", _("There is no badge without your authorisation."))
    skills = [skill.words for skill in shown["skills"][:3]]
    lines = [_("Identity verified"), *skills] if shown["identity"].verified else skills
    return Face(
        masked_name=shown["masked_name"],
        institution=shown["institution"],
        complaint_phone=complaint_phone,
        lines=tuple(lines),
        address=address,
        printed_on=on_date,
        photo=_small(photo) if photo and shown["photo_id"] == photo.pk else b"",
    )


def printed(face: Face, by: Callable[..., bytes] = pdf) -> bytes:
    """The badge as the bytes of a PDF, or of what `by` makes. The same face gives the same bytes."""
    files = {"qr.svg": svg(face.address), **({"photo.jpg": face.photo} if face.photo else {})}
    return by(TEMPLATE, _words(face), at=at_local(face.printed_on, time()), files=files)


def _words(face: Face) -> dict[str, Any]:
    return {
        "lang": (get_language() or "zh")[:2],
        "title": _("Home-service code"),
        "subtitle": _("Community home services of Guangdong"),
        "name": face.masked_name,
        "institution": face.institution,
        "lines": face.lines,
        "photo": bool(face.photo),
        "without_photo": _("No photo"),
        "scan": _("Scan to see the present state of the code"),
        "complaints": _("Complaints: %(phone)s") % {"phone": face.complaint_phone} if face.complaint_phone else "",
        "printed": _("Printed on %(day)s") % {"day": face.printed_on.isoformat()},
        "note": _("This badge proves nothing by itself: only a code that is green now is valid."),
    }


def _small(photo: Upload) -> bytes:
    """The photo as a JPEG of the size that is printed."""
    with default_storage.open(photo.storage_key) as file, Image.open(file) as picture:
        out = BytesIO()
        ImageOps.fit(picture.convert("RGB"), PHOTO_PX).save(out, "JPEG", quality=85)
        return out.getvalue()
