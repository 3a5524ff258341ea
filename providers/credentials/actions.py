"""Papers handed in, renewed, issued and decided on; workers bound to kinds through the gate."""

from datetime import date, datetime
from typing import Any, TypeAlias

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from communities.accounts.rules import checked_text
from communities.inbox.actions import tell
from homeservice.foundation import audit
from homeservice.foundation.models import Upload
from homeservice.foundation.rules import UploadPurpose
from homeservice.foundation.uploads import store_upload
from homeservice.kernel.clock import local_day
from homeservice.kernel.errors import DomainError
from homeservice.kernel.queue import wake
from providers.bindings.queries import is_authorised
from providers.catalogue.models import ServiceKind
from providers.credentials.messages import notices_of_decision
from providers.credentials.models import Credential, number_index
from providers.credentials.papers import (
    PaperType,
    checked_number,
    end_of_validity,
    why_not_paper,
    why_not_renewal,
    why_not_scan,
)
from providers.credentials.queries import assess
from providers.credentials.registry import paper_type
from providers.credentials.rules import BLOCK, ORDINARY
from providers.enterprises.actions import mark_licences_changed
from providers.enterprises.models import Enterprise
from providers.workers.actions import mark_papers_changed
from providers.workers.models import Worker, WorkerKind

ISSUER_MAX, REASON_MAX = 80, 200
OPEN_CASES = "providers.admission.open_cases"
Scan: TypeAlias = "UploadedFile[Any] | Upload | None"


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
    scan: Scan,
    actor_id: int,
    at: datetime,
) -> Credential:
    """The paper waits for the platform's check; it counts for the gate only once verified.

    `scan` is a file, or one that `store_upload` keeps already. Raises `authorisation_missing` for a worker without the
    signed letter, `credential_unknown`, `credential_twice`, what the rules of `papers` raise, and what `store_upload` raises.
    """
    kind = paper_type(code)
    paper = _paper(holder, kind, level, issuer, number, valid_from, valid_until, today=local_day(at))
    paper.state = Credential.State.SUBMITTED
    _hand_in(paper, kind, scan, actor_id, at)
    return paper


@transaction.atomic
def renew_credential(
    *,
    credential: Credential,
    valid_from: date,
    valid_until: date | None,
    scan: Scan,
    actor_id: int,
    at: datetime,
) -> Credential:
    """The same paper with a new validity waits for the check; until then, and to its last day, the present one counts.

    Raises `credential_not_renewable` unless the present one is verified and has an end, `credential_renewed` if its
    renewal is on file, `authorisation_missing`, and what `papers.why_not_renewal` and `store_upload` raise.
    """
    before = Credential.objects.select_for_update().get(pk=credential.pk)
    if before.state != Credential.State.VERIFIED:
        message = _("Only a verified paper can be renewed. Hand in a new one instead.")
        raise DomainError("credential_not_renewable", message)
    kind = paper_type(before.code)
    refusal = why_not_renewal(kind, before.valid_until, valid_from, valid_until, today=local_day(at))
    if refusal:
        raise refusal
    paper = Credential(
        worker_id=before.worker_id,
        enterprise_id=before.enterprise_id,
        code=before.code,
        level=before.level,
        issuer=before.issuer,
        number=before.number,
        number_index=before.number_index,
        valid_from=valid_from,
        valid_until=end_of_validity(kind, valid_from, valid_until),
        state=Credential.State.SUBMITTED,
        renews=before,
    )
    _hand_in(paper, kind, scan, actor_id, at)
    return paper


@transaction.atomic
def issue_credential(
    *,
    holder: Worker | Enterprise,
    code: str,
    level: int | None = None,
    issuer: str,
    number: str,
    valid_from: date,
    valid_until: date | None = None,
    method: str = Credential.Method.ISSUED_HERE,
    actor_id: int | None,
    at: datetime,
) -> Credential:
    """A paper that counts at once: the platform itself saw or issued what it proves. `actor_id` None: no person did.

    Raises what `submit_credential` raises, but for scans.
    """
    kind = paper_type(code)
    paper = _paper(holder, kind, level, issuer, number, valid_from, valid_until, today=local_day(at))
    paper.state, paper.method = Credential.State.VERIFIED, method
    paper.decided_at, paper.decided_by_id = at, actor_id
    _save_new(paper)
    _note(paper, "issued", actor_id=actor_id, at=at)
    return paper


@transaction.atomic
def decide_credential(
    *, credential: Credential, state: str, reason: str, method: str = "", actor_id: int, at: datetime
) -> None:
    """The paper is verified, refused or revoked, and the log says by whom, how and why. Locks it and those of its number.

    A verified renewal supersedes what it renews; revoking takes those before it along. Raises `credential_decided`
    unless it is submitted (or verified, to be revoked), `credential_reason_needed` for a refusal without words,
    `credential_method_missing` for a check that doesn't say how, `credential_renews_revoked`.
    """
    row, chain = _locked(credential)
    revoking = state == Credential.State.REVOKED
    if row.state != (Credential.State.VERIFIED if revoking else Credential.State.SUBMITTED):
        raise DomainError("credential_decided", _("Somebody has decided on this paper already."))
    if state == Credential.State.VERIFIED:
        _refuse_check(row, chain, method)
    elif not reason.strip():
        raise DomainError("credential_reason_needed", _("Say why, so that it can be mended."), field="reason")
    said = checked_text(reason, "reason", limit=REASON_MAX, required=False)
    follows = _following(row, chain, state)
    _set_state(row, state, said, method, actor_id, at)
    for other in follows:
        after = Credential.State.REVOKED if revoking else Credential.State.SUPERSEDED
        _set_state(other, after, said if revoking else "", other.method, actor_id, at)
    tell(notices_of_decision(row), at=at)


@transaction.atomic
def bind_worker_to_kind(*, worker: Worker, kind: ServiceKind, at: datetime) -> WorkerKind:
    """The worker is found for the kind's items from now on. Binding twice changes nothing. Locks the worker.

    Raises `gate_blocks` with the findings as a fact when the gate forbids the kind today.
    """
    Worker.objects.select_for_update().get(pk=worker.pk)
    answer = assess(worker.pk, kind, ORDINARY, local_day(at))
    if answer.verdict == BLOCK:
        message = _("Not yet: %(reasons)s") % {"reasons": answer.reasons}
        raise DomainError("gate_blocks", message, field="kind", findings=answer.blocking)
    bound, created = WorkerKind.objects.get_or_create(worker=worker, kind=kind)
    if created:
        mark_papers_changed(worker_ids=[worker.pk], at=at)
    return bound


@transaction.atomic
def unbind_worker_from_kind(*, worker: Worker, kind: ServiceKind, at: datetime) -> None:
    """The worker is not found for the kind any more; bookings already assigned stay."""
    WorkerKind.objects.filter(worker=worker, kind=kind).delete()
    mark_papers_changed(worker_ids=[worker.pk], at=at)


def not_authorised() -> DomainError:
    """The signature comes before any upload (domain §2.2)."""
    message = _("The worker must sign the authorisation before anything about them is entered.")
    return DomainError("authorisation_missing", message)


def mark_holder_changed(paper: Credential, *, at: datetime) -> None:
    """Whatever shows the paper is computed anew."""
    if paper.worker_id:
        mark_papers_changed(worker_ids=[paper.worker_id], at=at)
    elif paper.enterprise:
        mark_licences_changed(enterprise=paper.enterprise, at=at)


def _paper(
    holder: Worker | Enterprise,
    kind: PaperType,
    level: int | None,
    issuer: str,
    number: str,
    valid_from: date,
    valid_until: date | None,
    *,
    today: date,
) -> Credential:
    """The row as it would stand on file, once its type has nothing against it."""
    of_enterprise = isinstance(holder, Enterprise)
    refusal = why_not_paper(kind, level, valid_from, valid_until, of_enterprise=of_enterprise, today=today)
    if refusal:
        raise refusal
    checked = checked_number(kind, number, today=today)
    return Credential(
        worker=holder if isinstance(holder, Worker) else None,
        enterprise=holder if isinstance(holder, Enterprise) else None,
        code=kind.code,
        level=level,
        issuer=checked_text(issuer, "issuer", limit=ISSUER_MAX),
        number=checked,
        number_index=number_index(checked),
        valid_from=valid_from,
        valid_until=end_of_validity(kind, valid_from, valid_until),
    )


def _hand_in(paper: Credential, kind: PaperType, scan: Scan, actor_id: int, at: datetime) -> None:
    if paper.worker_id and not is_authorised(paper.worker_id):
        raise not_authorised()
    refusal = why_not_scan(kind, scanned=True) if scan and kind.sensitive else None
    if refusal:
        raise refusal
    if isinstance(scan, UploadedFile):
        paper.scan = store_upload(scan, purpose=UploadPurpose.CREDENTIAL, owner_id=actor_id, at=at)
    else:
        paper.scan = scan
    paper.submitted_at, paper.submitted_by_id = at, actor_id
    _save_new(paper)
    _note(paper, "submitted", actor_id=actor_id, at=at)
    wake(OPEN_CASES)


def _save_new(paper: Credential) -> None:
    """Puts the paper on file; what the database refuses is said in words."""
    try:
        with transaction.atomic():
            paper.save()
    except IntegrityError as error:
        for constraint, refusal in _refusals().items():
            if constraint in str(error):
                raise refusal from error
        raise


def _refusals() -> dict[str, DomainError]:
    """The database's refusals, by the constraint's name."""
    twice = _("A paper of this issuer with this number is on file already.")
    renewed = _("The renewal of this paper has been handed in already.")
    level = _("This kind of paper has no such level.")
    return {
        "credential_number_once": DomainError("credential_twice", twice, field="number"),
        "credential_renewed_once": DomainError("credential_renewed", renewed),
        "credential_level_of_its_code": DomainError("credential_level", level, field="level"),
    }


def _locked(credential: Credential) -> tuple[Credential, list[Credential]]:
    """The paper and all of its number that were not refused, locked in key order, so that two deciders never wait
    for each other in a circle."""
    same = Credential.objects.select_for_update().filter(
        code=credential.code, issuer=credential.issuer, number_index=credential.number_index
    )
    chain = list(same.exclude(state=Credential.State.REFUSED).order_by("pk"))
    row = next((one for one in chain if one.pk == credential.pk), None)
    if row is None:
        raise DomainError("credential_decided", _("Somebody has decided on this paper already."))
    return row, chain


def _refuse_check(row: Credential, chain: list[Credential], method: str) -> None:
    if method not in Credential.Method.values:
        raise DomainError("credential_method_missing", _("Say how it was checked."), field="method")
    if method == Credential.Method.SCAN and not row.scan_id:
        message = _("There is no scan to compare. Check the original or the public register.")
        raise DomainError("credential_method_missing", message, field="method")
    before = next((one for one in chain if one.pk == row.renews_id), None)
    if row.renews_id and (before is None or before.state == Credential.State.REVOKED):
        raise DomainError("credential_renews_revoked", _("The paper that this one renews has been revoked."))


def _following(row: Credential, chain: list[Credential], state: str) -> list[Credential]:
    """The papers whose state changes with this one's: what it renews, or all that it carries on."""
    if state == Credential.State.VERIFIED:
        return [one for one in chain if one.pk == row.renews_id and one.state == Credential.State.VERIFIED]
    if state == Credential.State.REVOKED:
        return [one for one in chain if one.state == Credential.State.SUPERSEDED]
    return []


def _set_state(row: Credential, state: str, reason: str, method: str, actor_id: int, at: datetime) -> None:
    row.state, row.reason, row.method = state, reason, method
    row.decided_at, row.decided_by_id = at, actor_id
    row.save(update_fields=["state", "reason", "method", "decided_at", "decided_by"])
    _note(row, state, actor_id=actor_id, at=at)


def _note(paper: Credential, event: str, *, actor_id: int | None, at: datetime) -> None:
    """The log has it, and what shows the paper is computed anew."""
    audit.record(
        at=at,
        actor_id=actor_id,
        action=f"credential_{event}",
        subject=paper,
        purpose=paper.reason,
        code=paper.code,
        method=paper.method,
    )
    mark_holder_changed(paper, at=at)
