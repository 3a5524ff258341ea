"""Files that people send: checked, stripped of what they tell about the sender, and never public."""

from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from homeservice.foundation.models import Upload
from homeservice.foundation.rules import (
    ALLOWED,
    CSV,
    EXTENSIONS,
    IMAGES,
    MAX_BYTES,
    MAX_PIXELS,
    MEGABYTE,
    STORED_SIDE_PX,
    UploadPurpose,
    content_type_of,
    looks_like_text,
    safe_file_name,
)
from homeservice.kernel import clock
from homeservice.kernel.errors import DomainError


@transaction.atomic
def store_upload(file: "UploadedFile[Any]", *, purpose: UploadPurpose, owner_id: int | None, at: datetime) -> Upload:
    """The file lies in storage under a name that says nothing, and its row says whose it is.

    Images are encoded anew, upright and at most 2400 px wide or high: no EXIF, no position, no hidden
    bytes. Raises `upload_empty`, `upload_too_large`, `upload_type` and `upload_broken`, at field `file`.
    """
    raw = _read(file)
    content_type = content_type_of(raw[:16]) or (CSV if looks_like_text(raw) else None)
    if content_type is None or content_type not in ALLOWED[purpose]:
        raise DomainError("upload_type", _type_refusal(purpose), field="file")
    content = _encoded_anew(raw, content_type) if content_type in IMAGES else raw
    key = f"{purpose}/{clock.local(at):%Y/%m}/{uuid4().hex}.{EXTENSIONS[content_type]}"
    return Upload.objects.create(
        owner_id=owner_id,
        purpose=purpose,
        file_name=safe_file_name(file.name or "", content_type),
        content_type=content_type,
        size_bytes=len(content),
        sha256=sha256(content).hexdigest(),
        storage_key=default_storage.save(key, ContentFile(content)),
        created_at=at,
    )


def confidential_file(upload: Upload) -> FileResponse:
    """The file for a reader whom the caller has let in: no browser keeps it, and nothing in it runs."""
    response = FileResponse(
        default_storage.open(upload.storage_key),
        as_attachment=upload.content_type not in IMAGES,
        filename=upload.file_name,
        content_type=upload.content_type,
    )
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _read(file: "UploadedFile[Any]") -> bytes:
    if not file.size:
        raise DomainError("upload_empty", _("The file is empty."), field="file")
    if file.size > MAX_BYTES:
        limit = MAX_BYTES // MEGABYTE
        raise DomainError(
            "upload_too_large", _("The file is larger than %(limit)s MB.") % {"limit": limit}, field="file"
        )
    return b"".join(file.chunks())


def _type_refusal(purpose: UploadPurpose) -> str:
    if CSV in ALLOWED[purpose]:
        return _("Please send a spreadsheet: xlsx or csv.")
    if ALLOWED[purpose] == frozenset(IMAGES):
        return _("Please send a JPEG, PNG or WebP picture.")
    return _("Please send a JPEG, PNG or WebP picture, or a PDF.")


def _encoded_anew(raw: bytes, content_type: str) -> bytes:
    picture_format = IMAGES[content_type]
    try:
        with Image.open(BytesIO(raw), formats=[picture_format]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise _too_many_pixels()
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((STORED_SIDE_PX, STORED_SIDE_PX))
            return _pixels_only(upright, picture_format)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise DomainError("upload_broken", _("The picture can't be opened."), field="file") from error


def _too_many_pixels() -> DomainError:
    return DomainError("upload_too_large", _("The picture has too many pixels."), field="file")


def _pixels_only(picture: Image.Image, picture_format: str) -> bytes:
    """The pixels alone: a new image carries no metadata over, whatever the format may hold."""
    mode = "RGB" if picture_format == "JPEG" or picture.mode not in ("RGBA", "LA", "P", "PA") else "RGBA"
    converted = picture.convert(mode)
    bare = Image.new(mode, converted.size)
    bare.paste(converted)
    out = BytesIO()
    bare.save(out, format=picture_format, quality=85)
    return out.getvalue()
