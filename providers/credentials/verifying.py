"""Many papers verified at once, since the automatic checks found nothing: the reviewing desk's bulk form of `decide_credential`."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from homeservice.foundation.audit import record_all
from homeservice.kernel.errors import DomainError
from homeservice.kernel.queue import wake
from providers.credentials.models import Credential
from providers.enterprises.models import Enterprise
from providers.workers.actions import mark_papers_changed

State = Credential.State
RECOMPUTE_CODES = "providers.service_codes.recompute_changed"


@transaction.atomic
def verify_scans(*, paper_ids: Iterable[int], actor_id: int, at: datetime) -> None:
    """The papers are verified by the automatic checks, and say so; what they renew is superseded. A fixed number of queries.

    Locks the papers and those that they renew in key order. Raises `credential_decided` if one of them waits no more,
    or has no scan to compare, `credential_renews_revoked`.
    """
    wanted = set(paper_ids)
    if not wanted:
        return
    renewed = set(Credential.objects.filter(pk__in=wanted, renews__isnull=False).values_list("renews", flat=True))
    rows = list(Credential.objects.select_for_update().filter(pk__in=wanted | renewed).order_by("pk"))
    papers = [row for row in rows if row.pk in wanted]
    if len(papers) < len(wanted) or any(row.state != State.SUBMITTED or not row.scan_id for row in papers):
        raise DomainError("credential_decided", _("Somebody has decided on one of these papers already."))
    if any(row.pk in renewed and row.state == State.REVOKED for row in rows):
        raise DomainError("credential_renews_revoked", _("The paper that this one renews has been revoked."))
    _write(papers, State.VERIFIED, actor_id, at, method=Credential.Method.CHECKS)
    over = [row for row in rows if row.pk in renewed and row.state == State.VERIFIED]
    _write(over, State.SUPERSEDED, actor_id, at)
    _mark_changed(papers, at)


def _write(rows: list[Credential], state: str, actor_id: int, at: datetime, **more: str) -> None:
    changed = {"state": state, "reason": "", "decided_at": at, "decided_by_id": actor_id, **more}
    Credential.objects.filter(pk__in=[row.pk for row in rows]).update(**changed)
    for row in rows:
        for name, value in changed.items():
            setattr(row, name, value)
    Credential.history.bulk_history_create(rows, update=True)
    record_all(
        rows, at=at, actor_id=actor_id, action=f"credential_{state}",
        detail=lambda row: {"code": row.code, "method": row.method},
    )  # fmt: skip


def _mark_changed(papers: list[Credential], at: datetime) -> None:
    mark_papers_changed(worker_ids=[row.worker_id for row in papers if row.worker_id], at=at)
    firms = {row.enterprise_id for row in papers if row.enterprise_id}
    Enterprise.objects.filter(pk__in=firms).update(papers_changed_at=at)
    wake(RECOMPUTE_CODES)
