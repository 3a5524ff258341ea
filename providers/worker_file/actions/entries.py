"""Entries of a worker's file: added with a scan, taken out of sight with a reason, never deleted."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from communities.accounts.rules import checked_text
from homeservice.foundation import audit
from homeservice.foundation.rules import UploadPurpose
from homeservice.foundation.uploads import store_upload
from homeservice.kernel.clock import local_day
from homeservice.kernel.errors import DomainError
from providers.bindings.queries import is_authorised
from providers.worker_file.models import FileEntry
from providers.worker_file.rules import PART_OF, why_not_dates
from providers.workers.models import Worker

TITLE_MAX, ORGANISATION_MAX, NOTE_MAX, REASON_MAX = 80, 80, 1000, 200


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in an entry. The part of the file follows from the kind."""

    kind: str
    title: str
    organisation: str = ""
    from_date: date | None = None
    to_date: date | None = None
    note: str = ""


@transaction.atomic
def add_entry(
    *, worker: Worker, entry: Entry, scan: "UploadedFile[Any] | None", actor_id: int, at: datetime
) -> FileEntry:
    """The entry stands in the worker's file.

    Raises `entry_kind`, `title_…`, `organisation_…`, `note_…`, `entry_backwards`, `entry_future`,
    `authorisation_missing`, and what `store_upload` raises.
    """
    if entry.kind not in PART_OF:
        raise DomainError("entry_kind", _("Please choose."), field="kind")
    refusal = why_not_dates(entry.kind, entry.from_date, entry.to_date, today=local_day(at))
    if refusal:
        raise refusal
    if not is_authorised(worker.pk):
        message = _("The worker must sign the authorisation before anything about them is entered.")
        raise DomainError("authorisation_missing", message)
    row = FileEntry(
        worker=worker, part=PART_OF[entry.kind], kind=entry.kind, from_date=entry.from_date, to_date=entry.to_date,
        title=checked_text(entry.title, "title", limit=TITLE_MAX),
        organisation=checked_text(entry.organisation, "organisation", limit=ORGANISATION_MAX, required=False),
        note=checked_text(entry.note, "note", limit=NOTE_MAX, required=False),
        recorded_by_id=actor_id, recorded_at=at,
    )  # fmt: skip
    if scan:
        row.scan = store_upload(scan, purpose=UploadPurpose.WORKER_FILE, owner_id=actor_id, at=at)
    row.save()
    audit.record(at=at, actor_id=actor_id, action="file_entry_added", subject=row, kind=row.kind)
    return row


@transaction.atomic
def remove_entry(*, entry: FileEntry, reason: str, actor_id: int, at: datetime) -> None:
    """Nobody sees the entry any more; it and the reason are kept. Raises `entry_removed`, `reason_…`. Locks the entry."""
    said = checked_text(reason, "reason", limit=REASON_MAX)
    row = FileEntry.objects.select_for_update().get(pk=entry.pk)
    if row.removed_at:
        raise DomainError("entry_removed", _("This entry has been removed already."))
    row.removed_at, row.removed_reason = at, said
    row.save(update_fields=["removed_at", "removed_reason"])
    audit.record(at=at, actor_id=actor_id, action="file_entry_removed", subject=row, purpose=said)
