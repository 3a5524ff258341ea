"""An import: taken in, checked, taken over as a whole or not at all, dropped, forgotten."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from homeservice.foundation import audit
from homeservice.foundation.models import Upload
from homeservice.foundation.rules import UploadPurpose
from homeservice.foundation.uploads import store_upload
from homeservice.kernel.errors import DomainError
from homeservice.kernel.queue import wake
from homeservice.kernel.vocabulary import Admission
from providers.enterprises.models import Enterprise
from providers.exchange import papers, people
from providers.exchange.models import ImportFault, ImportRun
from providers.exchange.queries import due_run, tell_progress
from providers.exchange.rules import KEPT_FOR, LEASE, MOST_FAULTS_KEPT, PROGRESS_EVERY, Fault
from providers.exchange.sheets import SHEETS, Table, clean_rows, read_table

log = structlog.get_logger(__name__)

CHECK = "providers.exchange.check"
TAKE_OVER = "providers.exchange.take_over"
MOST_OPEN = 3
GONE = frozenset({Admission.EXITED, Admission.BLACKLISTED})
FORGOTTEN = "forgotten/"  # before the storage key of a file that is no longer there
CLASHED = gettext_noop("Somebody entered the same people or papers at this moment. Please send the file again.")
Plan = people.Plan | papers.Plan
State = ImportRun.State


@transaction.atomic
def start_import(
    *, enterprise: Enterprise, subject: str, file: "UploadedFile[Any]", attested: bool, actor_id: int, at: datetime
) -> ImportRun:
    """The file is kept and waits for its check.

    Raises `authorisation_missing` unless it is attested that everybody in it has signed, `imports_open` beside three
    that are being worked on, `enterprise_gone` for one that left or is blacklisted, and what `store_upload` raises.
    Locks the enterprise.
    """
    if not attested:
        message = _("The workers must sign the authorisation before anything about them is entered.")
        raise DomainError("authorisation_missing", message, field="attested")
    _refuse_gone(Enterprise.objects.select_for_update().get(pk=enterprise.pk))
    waiting = ImportRun.objects.filter(enterprise=enterprise, state__in=[State.CHECKING, State.IMPORTING])
    if waiting.count() >= MOST_OPEN:
        message = _("Please wait until one of your imports has ended.")
        raise DomainError("imports_open", message, field="file")
    run = ImportRun.objects.create(
        enterprise=enterprise,
        subject=subject,
        file=store_upload(file, purpose=UploadPurpose.IMPORT, owner_id=None, at=at),
        started_by_id=actor_id,
        started_at=at,
        due_at=at,
    )
    audit.record(at=at, actor_id=actor_id, action="import_started", subject=run, what=subject)
    wake(CHECK)
    return run


def _refuse_gone(firm: Enterprise) -> None:
    """Raises `enterprise_gone` where no single worker could be invited either."""
    if firm.state in GONE:
        raise DomainError("enterprise_gone", _("Your enterprise has left the platform: it takes on nobody."))


def check_next(*, at: datetime) -> bool:
    """The run that waits longest is checked: it has faults, or is ready. False if none waits.

    The claim is committed before the work: a process that dies is followed by another one after the lease.
    """
    run = _claim(State.CHECKING, at)
    if run is None:
        return False
    table, made = _planned(run, at)
    _keep_report(run, table, made, at)
    return True


def take_over_next(*, at: datetime) -> bool:
    """The run that waits longest is in the tables with all its rows, or has faults and none is. False if none waits."""
    run = _claim(State.IMPORTING, at)
    if run is None:
        return False
    try:
        _take_over(run, at)
    except IntegrityError as error:
        log.warning("import_clashed", run=run.pk, constraint=_constraint_of(error))
        _fail(run, [Fault(1, "", "clashed", CLASHED)], at)
    return True


@transaction.atomic
def order_take_over(*, run: ImportRun, actor_id: int, at: datetime) -> None:
    """The checked file is to be taken over. Raises `import_not_ready` for any other, `enterprise_gone`. Locks the run."""
    row = ImportRun.objects.select_for_update(of=("self",)).select_related("enterprise").get(pk=run.pk)
    _refuse_gone(row.enterprise)
    if row.state != State.READY:
        raise DomainError(
            "import_not_ready", _("Only a file without faults that was not decided on can be taken over.")
        )
    row.state, row.due_at, row.rows_done = State.IMPORTING, at, 0
    row.save(update_fields=["state", "due_at", "rows_done"])
    audit.record(at=at, actor_id=actor_id, action="import_ordered", subject=row, what=row.subject, rows=row.rows)
    wake(TAKE_OVER)


@transaction.atomic
def drop_import(*, run: ImportRun, actor_id: int, at: datetime) -> None:
    """Nothing of the file is taken over, and it is deleted at once. Raises `import_not_open`. Locks the run."""
    row = ImportRun.objects.select_for_update(of=("self",)).select_related("file").get(pk=run.pk)
    if row.state not in (State.CHECKING, State.FAULTY, State.READY):
        raise DomainError("import_not_open", _("This import has ended, or is being taken over."))
    row.state, row.due_at, row.ended_at = State.DROPPED, None, at
    row.save(update_fields=["state", "due_at", "ended_at"])
    audit.record(at=at, actor_id=actor_id, action="import_dropped", subject=row)
    _forget(row.file)


def forget_files(*, at: datetime) -> int:
    """Files of imports are deleted thirty days after they came; the reports stay. How many were deleted."""
    old = Upload.objects.filter(purpose=UploadPurpose.IMPORT, created_at__lte=at - KEPT_FOR)
    count = 0
    for upload in old.exclude(storage_key__startswith=FORGOTTEN).order_by("pk"):
        with transaction.atomic():
            _forget(upload)
        count += 1
    return count


def is_forgotten(upload: Upload) -> bool:
    """Whether the file itself has been deleted."""
    return upload.storage_key.startswith(FORGOTTEN)


def table_of(run: ImportRun) -> Table:
    """The rows of the run's file."""
    with default_storage.open(run.file.storage_key) as file:
        return read_table(file.read(), run.file.content_type, SHEETS[run.subject]())


@transaction.atomic
def _claim(state: str, at: datetime) -> ImportRun | None:
    """Locks one due run, passing over those that another process holds, and leases it."""
    run = due_run(state, at=at).select_for_update(skip_locked=True, of=("self",)).select_related("file", "enterprise")
    found = run.first()
    if found:
        ImportRun.objects.filter(pk=found.pk).update(due_at=at + LEASE)
    return found


def _planned(run: ImportRun, at: datetime) -> tuple[Table, Plan]:
    """What the file would do today. Its rows are counted as they are read."""
    if is_forgotten(run.file):
        return Table([], []), people.Plan(
            faults=[Fault(1, "", "file_gone", gettext_noop("The file has been deleted."))]
        )
    table = table_of(run)
    if table.faults:
        return table, people.Plan(faults=list(table.faults))
    ImportRun.objects.filter(pk=run.pk, state=run.state).update(rows=len(table.rows))
    clean, faults = _cleaned(run, table)
    planner = people.plan if run.subject == ImportRun.Subject.WORKERS else papers.plan
    made: Plan = planner(run.enterprise, clean, at=at)
    made.faults = sorted([*faults, *made.faults], key=lambda fault: (fault.row, fault.column))
    tell_progress(run.pk, len(table.rows))
    return table, made


def _cleaned(run: ImportRun, table: Table) -> tuple[list[tuple[int, dict[str, Any]]], list[Fault]]:
    sheet, clean, faults = SHEETS[run.subject](), [], []
    for start in range(0, len(table.rows), PROGRESS_EVERY):
        part = Table(table.rows[start : start + PROGRESS_EVERY], [])
        fine, wrong = clean_rows(part, sheet)
        clean += fine
        faults += wrong
        tell_progress(run.pk, start)
    return clean, faults


@transaction.atomic
def _keep_report(run: ImportRun, table: Table, made: Plan, at: datetime) -> None:
    row = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if row.state != State.CHECKING:
        return  # dropped meanwhile, or another process was faster
    row.rows = row.rows_done = len(table.rows)
    _count(row, made)
    row.state, row.due_at = State.FAULTY if made.faults else State.READY, None
    _write_faults(row, made.faults)
    row.ended_at = at if made.faults else None
    row.save()


@transaction.atomic
def _take_over(run: ImportRun, at: datetime) -> None:
    """One transaction: checked once more against what stands in the tables by now, then written, or nothing is."""
    row = ImportRun.objects.select_for_update(of=("self",)).select_related("file", "enterprise").get(pk=run.pk)
    if row.state != State.IMPORTING:
        return
    table, made = _planned(row, at)
    if made.faults:
        _close_faulty(row, made.faults, at)
        return
    if isinstance(made, people.Plan):
        people.enter_workers(row.enterprise, made, actor_id=row.started_by_id, at=at)
    else:
        papers.hand_in(made, actor_id=row.started_by_id, at=at)
    row.rows = row.rows_done = len(table.rows)
    _count(row, made)
    row.state, row.due_at, row.ended_at = State.DONE, None, at
    row.save()
    audit.record(at=at, actor_id=row.started_by_id, action="import_done", subject=row, what=row.subject, rows=row.rows)


@transaction.atomic
def _fail(run: ImportRun, faults: Sequence[Fault], at: datetime) -> None:
    row = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if row.state == State.IMPORTING:
        _close_faulty(row, faults, at)


def _close_faulty(row: ImportRun, faults: Sequence[Fault], at: datetime) -> None:
    row.state, row.due_at, row.ended_at, row.rows_done = State.FAULTY, None, at, 0
    _write_faults(row, faults)
    row.save()


def _count(row: ImportRun, made: Plan) -> None:
    row.rows_new, row.rows_same = len(made.new), made.same
    row.rows_changed = len(made.changed) if isinstance(made, people.Plan) else 0


def _write_faults(row: ImportRun, faults: Sequence[Fault]) -> None:
    ImportFault.objects.filter(run=row).delete()
    ImportFault.objects.bulk_create(
        [
            ImportFault(
                run=row, row=one.row, column=one.column, code=one.code, message=one.message, params=dict(one.params)
            )
            for one in faults[:MOST_FAULTS_KEPT]
        ],
        batch_size=1000,
    )
    row.faults_count = len(faults)


def _forget(upload: Upload) -> None:
    """The row stays, since the import points at it; its file goes once this is committed."""
    key = upload.storage_key
    upload.storage_key = f"{FORGOTTEN}{upload.pk}"
    upload.file_name, upload.size_bytes = "", 0
    upload.save(update_fields=["storage_key", "file_name", "size_bytes"])
    transaction.on_commit(lambda: default_storage.delete(key), robust=True)


def _constraint_of(error: IntegrityError) -> str:
    """The name alone: the database's message may hold what was typed."""
    return str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or "")
