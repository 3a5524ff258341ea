"""A worker's badge as a PDF of one A6 page: what anyone may see of the code, and the QR code that leads to it."""

import base64
import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import typst
from django.core.files.storage import default_storage
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from homeservice.foundation.models import Upload
from homeservice.kernel.errors import DomainError
from providers.service_codes.qr import svg

HERE = Path(__file__).parent / "data"
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


def drawn(face: Face, *, kind: Literal["pdf", "png"] = "pdf") -> bytes:
    """The badge as the bytes of a PDF, or of a picture (`png`). The same face gives the same bytes."""
    return bytes(
        typst.compile(
            HERE.joinpath("badge.typ").read_bytes(),
            format=kind,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs=_inputs(face),
            ppi=200 if kind == "png" else None,
            timestamp=0,
        )
    )


@cache
def _fonts() -> typst.Fonts:
    """Read once a process: it has a glyph for nearly every name."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(HERE / "fonts")])


def _inputs(face: Face) -> dict[str, str]:
    return {
        "lang": (get_language() or "zh")[:2],
        "title": _("Home-service code"),
        "subtitle": _("Community home services of Guangdong"),
        "name": face.masked_name,
        "institution": face.institution,
        "lines": json.dumps(face.lines),
        "photo": _as_svg(face.photo) if face.photo else "",
        "without_photo": _("No photo"),
        "qr": svg(face.address).decode(),
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


def _as_svg(jpeg: bytes) -> str:
    """A picture that travels as text: inputs are strings, and no file has to be written."""
    width, height = PHOTO_PX
    content = base64.b64encode(jpeg).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{width}" '
        f'height="{height}"><image width="{width}" height="{height}" xlink:href="data:image/jpeg;base64,{content}"/></svg>'
    )
