"""Files that people send: what is refused, what is stripped, and who may see them."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from homeservice.foundation import rules, uploads
from homeservice.foundation.models import OF_A_RECORD, Upload
from homeservice.foundation.rules import UploadPurpose, content_type_of, safe_file_name
from homeservice.foundation.uploads import store_upload
from homeservice.kernel.errors import DomainError
from tests import world

pytestmark = pytest.mark.django_db

GPS_IFD, ORIENTATION = 0x8825, 0x0112


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path: Path) -> None:
    options = {"location": tmp_path}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options},
    }


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB") -> bytes:
    """A picture that tells where it was taken and is to be turned by a quarter."""
    image = Image.new(mode, size, "teal")
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[GPS_IFD] = {1: "N", 2: (23.0, 7.0, 48.0)}
    out = BytesIO()
    image.save(out, format=kind, exif=exif)
    return out.getvalue()


def send(raw: bytes, name: str = "photo.jpg", purpose: UploadPurpose = UploadPurpose.EVIDENCE, owner_id: int = 1):
    return store_upload(SimpleUploadedFile(name, raw), purpose=purpose, owner_id=owner_id, at=world.NOW)


def stored(upload: Upload) -> bytes:
    with default_storage.open(upload.storage_key) as file:
        return file.read()


def asked(client: Client, upload: Upload) -> int:
    """The status with which the file's address answers."""
    response = client.get(f"/files/{upload.pk}/")
    response.getvalue()  # the file is closed when it has been read
    return response.status_code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_upright_without_what_it_tells_about_the_sender(kind: str) -> None:
    raw = picture(kind)
    assert Image.open(BytesIO(raw)).getexif().get_ifd(GPS_IFD)
    upload = send(raw)
    kept = Image.open(BytesIO(stored(upload)))
    assert (kept.format, kept.size, dict(kept.getexif())) == (kind, (40, 60), {})
    assert upload.size_bytes == len(stored(upload))


def test_transparency_survives() -> None:
    kept = Image.open(BytesIO(stored(send(picture("PNG", mode="RGBA")))))
    assert kept.mode == "RGBA"


def test_a_large_picture_is_made_smaller() -> None:
    kept = Image.open(BytesIO(stored(send(picture(size=(100, 4800))))))
    assert max(kept.size) == rules.STORED_SIDE_PX


def test_a_pdf_is_kept_as_it_is_where_papers_are_welcome_and_refused_where_a_face_is() -> None:
    raw = b"%PDF-1.7\n%%EOF"
    assert stored(send(raw, "证书.pdf")) == raw
    with pytest.raises(DomainError) as refused:
        send(raw, "face.jpg", UploadPurpose.WORKER_PHOTO)
    assert refused.value.code == "upload_type"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "upload_empty"),
        (b"<script>alert(1)</script>", "upload_type"),
        (b"GIF89a....", "upload_type"),
        (b"MZ\x90\x00", "upload_type"),
        (b"\xff\xd8\xff\xe0 not a picture", "upload_broken"),
        (picture()[:200], "upload_broken"),
        (picture("PNG")[:60], "upload_broken"),
    ],
)
def test_what_is_not_a_sound_picture_is_refused_by_its_bytes_whatever_it_is_called(raw: bytes, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        send(raw, "photo.jpg")
    assert (refused.value.code, refused.value.field) == (code, "file")
    assert not Upload.objects.exists()


def test_a_file_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_BYTES", 100)
    with pytest.raises(DomainError) as refused:
        send(picture())
    assert refused.value.code == "upload_too_large"


@pytest.mark.parametrize("size", [(20_000, 2_501), (20_000, 5_000), (20_000, 10_000)])
def test_a_small_file_that_unfolds_into_a_huge_picture_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(DomainError) as refused:
        send(picture("PNG", size=size, mode="L"))
    assert refused.value.code == "upload_too_large"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.png"),
        ("C:\\照片\\我.PNG", "我.png"),
        ("a\x00b\n.exe", "ab.png"),
        ("", "file.png"),
        ("名" * 300 + ".png", "名" * 100 + ".png"),
    ],
)
def test_a_file_name_keeps_its_last_part_only(name: str, kept: str) -> None:
    assert safe_file_name(name, "image/png") == kept


def test_only_known_types_are_recognised() -> None:
    assert content_type_of(b"RIFF\x00\x00\x00\x00WEBPVP8 ") == "image/webp"
    assert content_type_of(b"RIFF\x00\x00\x00\x00WAVE") is None
    assert content_type_of(b"") is None


@pytest.mark.parametrize("purpose", list(UploadPurpose))
def test_the_owner_sees_the_file_unless_it_is_of_a_record_and_a_stranger_only_a_workers_photo(
    purpose: UploadPurpose, sign_in: Callable[..., Client]
) -> None:
    alice, charlie = world.user("爱丽丝"), world.user("查理")
    file = b"name\r\n" if purpose == UploadPurpose.IMPORT else picture()
    upload = send(file, purpose=purpose, owner_id=alice.pk)
    assert asked(sign_in(alice), upload) == (404 if purpose in OF_A_RECORD else 200)
    assert asked(sign_in(charlie), upload) == (200 if purpose == UploadPurpose.WORKER_PHOTO else 404)


def test_an_administrator_sees_it_with_the_second_factor_only(sign_in: Callable[..., Client]) -> None:
    upload = send(picture())
    admin = world.user("管理员", is_staff=True, is_superuser=True)
    assert asked(sign_in(admin), upload) == 404
    assert asked(sign_in(admin, second_factor=True), upload) == 200


def test_nobody_sees_a_file_without_signing_in(client: Client) -> None:
    upload = send(picture(), purpose=UploadPurpose.WORKER_PHOTO)
    assert asked(client, upload) == 302


def test_a_file_is_for_this_browser_alone_and_runs_nothing(sign_in: Callable[..., Client]) -> None:
    alice = world.user("爱丽丝")
    upload = send(b"%PDF-1.7\n%%EOF", "a.pdf", owner_id=alice.pk)
    client = sign_in(alice)
    response = client.get(f"/files/{upload.pk}/")
    assert b"".join(response.streaming_content) == b"%PDF-1.7\n%%EOF"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="a.pdf"'
    assert response["Cache-Control"] == "private, max-age=3600"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    unchanged = client.get(f"/files/{upload.pk}/", headers={"If-None-Match": response["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
