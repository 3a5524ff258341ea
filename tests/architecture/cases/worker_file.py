"""Joining, the worker's file with one entry, facts and papers."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from homeservice.foundation.rules import UploadPurpose
from homeservice.foundation.uploads import store_upload
from providers.worker_file.models import FileEntry
from tests import world
from tests.architecture.walk import ALICE, MANAGER, WORKER, Case, Walk, alike, plain, worker


def furnish(walk: Walk) -> None:
    """The manager put the labour contract into the worker's file."""
    out = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, "PNG")
    manager = walk.people["manager"]
    scan = store_upload(
        SimpleUploadedFile("contract.png", out.getvalue()), purpose=UploadPurpose.WORKER_FILE, owner_id=manager.pk,
        at=world.NOW,
    )  # fmt: skip
    walk.more["file_entry"] = FileEntry.objects.create(
        worker=walk.town.worker, part=5, kind="labour_contract", title="劳动合同", scan=scan, recorded_by=manager,
        recorded_at=world.NOW,
    )  # fmt: skip


def _entry(walk: Walk) -> list[Any]:
    return [walk.more["file_entry"].pk]


def _invitation(walk: Walk) -> list[Any]:
    return [walk.more["binding_invitation"].pk]


CASES: dict[str, Case] = {
    "worker_join": Case(_invitation, ALICE),
    "worker_apply": Case(),
    "worker_apply_to": Case(lambda walk: [walk.town.enterprise.pk]),
    **alike(Case(_invitation, MANAGER), "enterprise_binding_in_person", "enterprise_binding_code"),
    **plain("worker_file", "worker_file_entry_new", "worker_facts", "worker_photo", "worker_papers"),
    **alike(Case(worker, MANAGER), "enterprise_worker_file", "enterprise_file_entry_new", "enterprise_worker_facts"),
    "file_entry_remove": Case(_entry, MANAGER),
    "file_entry_scan": Case(_entry, MANAGER | WORKER),
    "api_enterprise_workers": Case(),
}
