"""Papers handed in and decided on, workers bound to kinds, and the enforcement table loaded."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from homeservice.foundation import audit
from homeservice.foundation.rules import UploadPurpose
from homeservice.foundation.uploads import store_upload
from homeservice.kernel.clock import local_day
from homeservice.kernel.errors import DomainError
from providers.catalogue.actions import Loaded
from providers.catalogue.models import ServiceItem, ServiceKind
from providers.catalogue.rules import changed_fields
from providers.credentials.models import Credential, Requirement, number_index
from providers.credentials.papers import end_of_validity, why_not_paper
from providers.credentials.queries import assess_for_kind
from providers.credentials.rules import BLOCK
from providers.credentials.table import faults_of, rows_of
from providers.enterprises.models import Enterprise
from providers.workers.models import Worker, WorkerKind

RowKey = tuple[str, str, str, date]


@transaction.atomic
def submit_credential(
    *,
    holder: Worker | Enterprise,
    code: str,
    level: int | None,
    issuer: str,
    number: str,
    valid_from: date,
    valid_until: date | None,
    scan: "UploadedFile[Any] | None",
    actor_id: int,
    at: datetime,
) -> Credential:
    """The paper waits for the platform's check; it counts for the gate only once verified.

    Raises `credential_wrong_holder`, `credential_level`, `credential_not_yet`, `credential_validity_backwards`,
    `credential_lapsed`, `credential_twice`, and what `store_upload` raises.
    """
    of_enterprise = isinstance(holder, Enterprise)
    refusal = why_not_paper(code, level, valid_from, valid_until, of_enterprise=of_enterprise, today=local_day(at))
    if refusal:
        raise refusal
    stored = store_upload(scan, purpose=UploadPurpose.CREDENTIAL, owner_id=actor_id, at=at) if scan else None
    try:
        with transaction.atomic():
            return Credential.objects.create(
                worker=holder if isinstance(holder, Worker) else None,
                enterprise=holder if isinstance(holder, Enterprise) else None,
                code=code,
                level=level,
                issuer=issuer.strip(),
                number=number.strip(),
                number_index=number_index(number.strip()),
                valid_from=valid_from,
                valid_until=end_of_validity(code, valid_from, valid_until),
                state=Credential.State.SUBMITTED,
                scan=stored,
            )
    except IntegrityError as error:
        if "credential_number_once" not in str(error):
            raise
        message = _("A paper of this issuer with this number is on file already.")
        raise DomainError("credential_twice", message, field="number") from error


@transaction.atomic
def decide_credential(*, credential: Credential, state: str, reason: str, actor_id: int, at: datetime) -> None:
    """The paper is verified, refused or revoked, and the log says by whom. Locks the paper.

    Raises `credential_decided` unless it is submitted (or verified, to be revoked), `credential_reason_needed`
    for a refusal without words.
    """
    row = Credential.objects.select_for_update().get(pk=credential.pk)
    revoking = state == Credential.State.REVOKED
    if row.state != (Credential.State.VERIFIED if revoking else Credential.State.SUBMITTED):
        raise DomainError("credential_decided", _("Somebody has decided on this paper already."))
    if state != Credential.State.VERIFIED and not reason.strip():
        raise DomainError("credential_reason_needed", _("Say why, so that it can be mended."), field="reason")
    row.state, row.reason = state, reason.strip()
    row.save(update_fields=["state", "reason"])
    audit.record(at=at, actor_id=actor_id, action=f"credential_{state}", subject=row, code=row.code)


@transaction.atomic
def bind_worker_to_kind(*, worker: Worker, kind: ServiceKind, at: datetime) -> WorkerKind:
    """The worker is found for the kind's items from now on. Binding twice changes nothing. Locks the worker.

    Raises `gate_blocks` with the findings as a fact when the gate forbids the kind today.
    """
    Worker.objects.select_for_update().get(pk=worker.pk)
    answer = assess_for_kind(worker.pk, kind, local_day(at))
    if answer.verdict == BLOCK:
        message = _("Not yet: %(reasons)s") % {"reasons": answer.reasons}
        raise DomainError("gate_blocks", message, field="kind", findings=answer.blocking)
    bound, _created = WorkerKind.objects.get_or_create(worker=worker, kind=kind)
    return bound


@transaction.atomic
def unbind_worker_from_kind(*, worker: Worker, kind: ServiceKind) -> None:
    """The worker is not found for the kind any more; bookings already assigned stay."""
    WorkerKind.objects.filter(worker=worker, kind=kind).delete()


@transaction.atomic
def load_requirements(*, document: Mapping[str, Any]) -> Loaded:
    """Every row of the enforcement table is in force as the document says, or nothing has changed.

    Rows that the document doesn't name stay: an office may have added them. Raises `bad_requirements`, whose
    `faults` fact names each row that is wrong.
    """
    kinds = set(ServiceKind.objects.values_list("code", flat=True))
    items = dict(ServiceItem.objects.values_list("code", "kind_id"))
    faults = faults_of(document, kinds, items)
    if faults:
        raise DomainError("bad_requirements", "\n".join(faults), faults=faults)
    wanted = {_key(row): row for row in rows_of(document)}
    before = {(row.kind_id, row.item_code, row.reason_code, row.valid_from): row for row in Requirement.objects.all()}
    done: Counter[str] = Counter()
    for key, values in wanted.items():
        row = before.get(key) or Requirement()
        if row._state.adding or changed_fields(row, values):
            done["new" if row._state.adding else "changed"] += 1
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
    return Loaded(len(wanted), done["new"], done["changed"])


def _key(row: Mapping[str, Any]) -> RowKey:
    return row["kind_id"], row["item_code"], row["reason_code"], row["valid_from"]
