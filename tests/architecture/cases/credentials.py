"""Papers: handed in by the worker or the enterprise, looked at by reviewing staff of the area as well."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from homeservice.foundation.rules import UploadPurpose
from homeservice.foundation.uploads import store_upload
from tests import world
from tests.architecture.walk import MANAGER, REVIEWER, WORKER, Case, Walk, alike, plain, worker

READERS = MANAGER | WORKER | REVIEWER | frozenset({"admin"})


def furnish(walk: Walk) -> None:
    """The worker of Alice's booking has an exam with a scan and an end."""
    out = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, "PNG")
    file = SimpleUploadedFile("exam.png", out.getvalue())
    scan = store_upload(file, purpose=UploadPurpose.CREDENTIAL, owner_id=walk.town.worker.user_id, at=world.NOW)
    walk.more["exam"] = world.credential(
        walk.town.worker, "HX", level=2, valid_until=world.MONDAY.replace(year=2027), scan=scan
    )


def _exam(walk: Walk) -> list[int]:
    return [walk.more["exam"].pk]


CASES: dict[str, Case] = {
    **plain("worker_paper_new", "enterprise_licence_new", "api_credential_types"),
    **alike(Case(_exam, READERS), "credential_history", "credential_scan"),
    "credential_revoke": Case(_exam, REVIEWER | frozenset({"admin"})),
    "credential_renew": Case(_exam, MANAGER | WORKER),
    "api_worker_credentials": Case(worker, frozenset({"program of manager"})),
}
