"""Uploads in an S3-compatible store: a small one on this machine, which checks every signature and keeps the bytes."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from botocore.exceptions import ClientError
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.module_loading import import_string
from PIL import Image

from homeservice.foundation.rules import UploadPurpose
from homeservice.foundation.storage import upload_storage
from homeservice.foundation.uploads import store_upload
from tests import world

KEY, SECRET, REGION = "AKIATEST", "se/cr+et", "cn-south-1"
FOLDER = Path("/srv/media")


@dataclass
class Store:
    """What the server holds: objects by path, and how each was asked for."""

    objects: dict[str, bytes] = field(default_factory=dict)
    acls: dict[str, str] = field(default_factory=dict)
    refused: int = 0
    port: int = 0

    def address(self, secret: str = SECRET, **options: str) -> str:
        query = "&".join(
            f"{name}={value}" for name, value in {"region": REGION, "addressing": "path", **options}.items()
        )
        return f"s3://{KEY}:{quote(secret, safe='')}@127.0.0.1:{self.port}/papers?insecure=1&{query}"


def signature(method: str, target: str, headers: Any, secret: str) -> str:
    """The signature that AWS Signature Version 4 asks for, from the request as it arrived."""
    parts = urlsplit(target)
    given = dict(part.split("=", 1) for part in headers["Authorization"].removeprefix("AWS4-HMAC-SHA256 ").split(", "))
    signed = given["SignedHeaders"].split(";")
    query = "&".join(
        f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}"
        for k, v in sorted(parse_qsl(parts.query, keep_blank_values=True))
    )
    lines = "".join(f"{name}:{' '.join(headers[name].split())}\n" for name in signed)
    canonical = "\n".join([method, parts.path, query, lines, ";".join(signed), headers["x-amz-content-sha256"]])
    _key, day, region, service, end = given["Credential"].split("/")
    scope = f"{day}/{region}/{service}/{end}"
    text = f"AWS4-HMAC-SHA256\n{headers['x-amz-date']}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, end):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def handler_of(store: Store) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = urlsplit(self.path).path
            if not self._is_signed(body):
                store.refused += 1
                return self._say(403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>")
            if self.command == "PUT":
                store.objects[path] = body
                store.acls[path] = self.headers.get("x-amz-acl", "")
                return self._say(200)
            if path not in store.objects:
                return self._say(404, b"<Error><Code>NoSuchKey</Code></Error>")
            if self.command == "DELETE":
                del store.objects[path]
                return self._say(204)
            return self._say(200, store.objects[path])

        def _is_signed(self, body: bytes) -> bool:
            given = self.headers.get("Authorization", "").rpartition("Signature=")[2]
            stated = self.headers.get("x-amz-content-sha256", "")
            return stated == hashlib.sha256(body).hexdigest() and hmac.compare_digest(
                given, signature(self.command, self.path, self.headers, SECRET)
            )

        def _say(self, status: int, body: bytes = b"") -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"')
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Says nothing."""

        do_GET = do_PUT = do_HEAD = do_DELETE = _answer

    return Handler


@pytest.fixture
def store() -> Iterator[Store]:
    held = Store()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(held))
    server.daemon_threads = True
    held.port = server.server_port
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield held
    server.shutdown()
    server.server_close()
    thread.join()


def opened(address: str) -> Any:
    setting = upload_storage(address, FOLDER)
    return import_string(setting["BACKEND"])(**setting["OPTIONS"])


def close(storage: Any) -> None:
    storage.connection.meta.client.close()


def test_bytes_come_back_as_they_were_stored_and_are_private(store: Store) -> None:
    storage = opened(store.address(prefix="uploads"))
    name = storage.save("credential/2026/11/一.png", ContentFile(b"\x89PNG" + bytes(range(256)) * 100))
    (path,) = store.objects
    assert (store.acls, store.refused) == ({path: "private"}, 0)
    assert path.startswith("/papers/uploads/credential/2026/11/")
    with storage.open(name) as file:
        assert file.read() == b"\x89PNG" + bytes(range(256)) * 100
    again = storage.save("credential/2026/11/一.png", ContentFile(b"another"))
    assert (again != name, storage.exists(name)) == (True, True)
    storage.delete(name)
    assert storage.exists(name) is False
    close(storage)


def test_a_wrong_secret_stores_nothing(store: Store) -> None:
    storage = opened(store.address("other"))
    with pytest.raises(ClientError, match="403"):
        storage.save("a.png", ContentFile(b"x"))
    assert (store.objects, store.refused > 0) == ({}, True)
    close(storage)


def test_no_upload_has_an_address_that_could_be_handed_out(store: Store) -> None:
    storage = opened(store.address())
    with pytest.raises(NotImplementedError):
        storage.url("a.png")


@pytest.mark.django_db
def test_a_scan_goes_into_the_store_and_out_through_the_view_alone(
    store: Store, monkeypatch: pytest.MonkeyPatch, sign_in: Any
) -> None:
    storage = opened(store.address())
    monkeypatch.setattr(default_storage, "_wrapped", storage)
    worker = world.worker(world.enterprise())
    out = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, "PNG")
    scan = store_upload(
        SimpleUploadedFile("exam.png", out.getvalue()), purpose=UploadPurpose.CREDENTIAL, owner_id=worker.user_id, at=world.NOW
    )  # fmt: skip
    paper = world.credential(worker, "HX", level=1, scan=scan)
    answer = sign_in(worker.user).get(reverse("credential_scan", args=[paper.pk]))
    assert answer.getvalue() == store.objects[f"/papers/{scan.storage_key}"]
    assert hashlib.sha256(store.objects[f"/papers/{scan.storage_key}"]).hexdigest() == scan.sha256
    assert answer["Cache-Control"] == "no-store"
    close(storage)


def test_without_an_address_files_lie_in_the_folder() -> None:
    assert upload_storage("", FOLDER) == {
        "BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FOLDER},
    }  # fmt: skip


def test_the_address_says_everything_that_the_store_needs() -> None:
    setting = upload_storage("s3://key:se%2Fcret@oss.example.cn/bucket?region=cn-1&encryption=AES256", FOLDER)
    assert setting["OPTIONS"] == {
        "access_key": "key", "secret_key": "se/cret", "bucket_name": "bucket",
        "endpoint_url": "https://oss.example.cn", "region_name": "cn-1", "addressing_style": "virtual", "location": "",
        "object_parameters": {"ServerSideEncryption": "AES256"},
    }  # fmt: skip


@pytest.mark.parametrize(
    "address",
    ["ftp://key:hidden@host/bucket", "s3://host/bucket", "s3://key:hidden@host/", "s3://key:hidden@host/a/b",
     "s3://key:hidden@host/bucket?acl=public"],
)  # fmt: skip
def test_a_wrong_address_stops_the_start_and_never_names_the_secret(address: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        upload_storage(address, FOLDER)
    assert "hidden" not in str(refused.value)
