"""Service codes: scanned by anybody, shown by their worker, looked after by the enterprise, looked into on duty."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from homeservice.foundation.rules import UploadPurpose
from homeservice.foundation.uploads import store_upload
from providers.service_codes import door
from providers.service_codes.actions import Visitor, open_door, recompute
from providers.service_codes.models import ServiceCode
from providers.service_codes.visitors import photo_reference, scan_reference
from tests import world
from tests.architecture.walk import MANAGER, NOBODY, WORKER, Case, Walk, alike, plain, worker
from tests.bookings.visits.crew import SOON


def furnish(walk: Walk) -> None:
    """The worker has a code and a photo; one token of theirs was used by a browser that nobody here has."""
    one, firm = walk.town.worker, walk.town.enterprise
    out = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, "PNG")
    file = SimpleUploadedFile("me.png", out.getvalue())
    one.photo = store_upload(file, purpose=UploadPurpose.WORKER_PHOTO, owner_id=one.user_id, at=world.NOW)
    one.save(update_fields=["photo"])
    recompute(worker_ids=[one.pk], enterprise_ids=[firm.pk], at=world.NOW)
    code = ServiceCode.objects.get(worker=one)
    scan = open_door(token=_token(code, b"u"), bearer_digest="b" * 64, visitor=Visitor("v" * 64), at=SOON)
    walk.more |= {"code": code, "door_token": _token(code, b"n"), "door_scan": scan}


def _token(code: ServiceCode, letter: bytes) -> str:
    return door.issue(code_id=code.pk, nonce=letter * door.NONCE_BYTES, at=SOON, keys=settings.DOOR_KEYS)


def _code(walk: Walk) -> list[Any]:
    return [walk.more["code"].public_id]


def _scan(walk: Walk) -> list[Any]:
    return [scan_reference(walk.more["door_scan"].pk)]


CASES: dict[str, Case] = {
    **alike(Case(_code), "service_code", "api_service_code"),
    "service_code_photo": Case(lambda walk: [photo_reference(walk.town.worker.photo_id)]),
    "service_code_door": Case(lambda walk: [walk.more["door_token"]]),
    "service_code_seen": Case(_scan, NOBODY),  # only the browser that scanned
    **plain("worker_code", "enterprise_code"),
    **alike(Case(seen_by=WORKER), "worker_scans", "worker_badge"),
    **alike(Case(worker, MANAGER), "enterprise_worker_code", "enterprise_worker_badge"),
    "review_code": Case(_code, frozenset({"reviewer", "supervisor"}), lambda _walk: {"purpose": "投诉核查"}),
    "api_worker_code": Case(seen_by=frozenset({"program of worker"})),
}
