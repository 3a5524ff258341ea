"""Scans that were chosen on a form which was refused: kept for a day, so that nobody has to choose them again."""

from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Exists, OuterRef

from homeservice.foundation.models import Upload
from homeservice.foundation.rules import UploadPurpose
from homeservice.foundation.uploads import store_upload
from providers.credentials.models import Credential

SALT = "providers.credentials.kept_scan"
KEPT = timedelta(days=1)
BATCH = 500


def keep_scan(*, file: "UploadedFile[Any]", actor_id: int, at: datetime) -> Upload:
    """The file is stored before the paper that it belongs to. Raises what `store_upload` raises."""
    return store_upload(file, purpose=UploadPurpose.CREDENTIAL, owner_id=actor_id, at=at)


def token_of(upload: Upload) -> str:
    """What the form carries to name a kept scan; of no use to anybody else."""
    return signing.dumps([upload.pk, upload.owner_id], salt=SALT)


def kept_scan(token: str, *, actor_id: int) -> Upload | None:
    """The scan that the token names, if it is this person's, younger than a day and belongs to no paper yet."""
    try:
        upload_id, owner_id = signing.loads(token, salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        return None
    own = Upload.objects.filter(pk=upload_id, owner_id=actor_id, purpose=UploadPurpose.CREDENTIAL)
    return own.filter(~_of_a_paper()).first() if owner_id == actor_id else None


@transaction.atomic
def forget_scans(*, at: datetime) -> int:
    """Scans older than two days that belong to no paper are gone, row and file. Answers how many. Safe twice."""
    stale = Upload.objects.filter(~_of_a_paper(), purpose=UploadPurpose.CREDENTIAL, created_at__lt=at - 2 * KEPT)
    rows = list(stale.order_by("pk").select_for_update(skip_locked=True)[:BATCH])
    Upload.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for row in rows:
        transaction.on_commit(lambda key=row.storage_key: default_storage.delete(key))  # type: ignore[misc]
    return len(rows)


def _of_a_paper() -> Exists:
    return Exists(Credential.objects.filter(scan=OuterRef("pk")))
