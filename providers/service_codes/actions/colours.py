"""Codes are issued once their holders are admitted, and change their colour: in sets, each change kept and told."""

import base64
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from communities.inbox.actions import tell
from homeservice.kernel.clock import local_day
from homeservice.kernel.vocabulary import Admission
from providers.enterprises.models import Enterprise
from providers.service_codes.models import ColourChange, ServiceCode
from providers.service_codes.queries import codes_due, enterprises_without_code, workers_without_code
from providers.service_codes.rules import SEVERITY, Colour
from providers.service_codes.standing import Judged, judged_enterprises, judged_workers
from providers.service_codes.telling import notices_of
from providers.workers.actions import mark_papers_changed
from providers.workers.models import Worker

BATCH = 500
COMPUTED = ["colour", "reasons", "valid_until", "computed_at", "computed_from"]


@dataclass(frozen=True, slots=True)
class _Kind:
    """Workers, or enterprises: the name of the code's column, whom it points to, and how they are judged."""

    column: str
    holders: "QuerySet[Any]"
    judged: Callable[[Collection[int], date], dict[int, Judged]]


WORKERS = _Kind("worker", Worker.objects.all(), judged_workers)
ENTERPRISES = _Kind("enterprise", Enterprise.objects.all(), judged_enterprises)


@transaction.atomic
def recompute(*, worker_ids: Collection[int] = (), enterprise_ids: Collection[int] = (), at: datetime) -> int:
    """Each holder who is admitted has a code, and each code the colour of the day. How many colours changed.

    Who was admitted once keeps the code. Changes are kept (`ColourChange`); holder and managers are told when a code
    is issued, gets worse or turns green again. When an enterprise goes out of service or comes back, its workers'
    codes are due as well. Locks the codes, in key order, before anything is read. A fixed number of queries.
    """
    changed = _recompute(ENTERPRISES, enterprise_ids, at) if enterprise_ids else []
    _workers_follow(changed, at)
    if worker_ids:
        changed += _recompute(WORKERS, worker_ids, at)
    return len(changed)


def recompute_changed(*, at: datetime) -> int:
    """Each code whose holder's papers changed since, or whose colour has run out, shows what is so; the admitted have
    one. How many colours changed.

    Works in batches of a transaction each, passing over those that another one works on. Safe beside others and twice.
    """
    changed = 0
    while (batch := _next_batch(at)) is not None:
        changed += batch
    return changed


def recompute_all(*, at: datetime) -> int:
    """Every code anew, once a day: rules change without any paper changing. How many colours changed."""
    enterprises = sum(recompute(enterprise_ids=ids, at=at) for ids in _batches("enterprise_id"))
    return enterprises + sum(recompute(worker_ids=ids, at=at) for ids in _batches("worker_id"))


def new_public_id() -> str:
    """128 random bits in 26 letters and digits that nobody mistakes for each other in capitals."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


@transaction.atomic
def _next_batch(at: datetime) -> int | None:
    """One batch of what is due; None when nothing is. Enterprises go first: their workers follow."""
    due = codes_due(local_day(at)).select_for_update(of=("self",), skip_locked=True, no_key=True)
    found = list(due.order_by("pk").values_list("worker_id", "enterprise_id")[:BATCH])
    enterprise_ids = [enterprise_id for _worker, enterprise_id in found if enterprise_id]
    worker_ids = [worker_id for worker_id, _enterprise in found if worker_id]
    enterprise_ids += enterprises_without_code().order_by("pk").values_list("pk", flat=True)[:BATCH]
    worker_ids += workers_without_code().order_by("pk").values_list("pk", flat=True)[:BATCH]
    if not worker_ids and not enterprise_ids:
        return None
    return recompute(worker_ids=worker_ids, enterprise_ids=enterprise_ids, at=at)


def _batches(column: str) -> Iterator[list[int]]:
    ids = list(ServiceCode.objects.filter(**{f"{column}__isnull": False}).order_by("pk").values_list(column, flat=True))
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def _recompute(kind: _Kind, ids: Collection[int], at: datetime) -> list[ColourChange]:
    issued = _issue(kind, ids, at)
    holder_id = f"{kind.column}_id"
    rows = ServiceCode.objects.select_for_update(of=("self",), no_key=True).filter(**{f"{holder_id}__in": ids})
    codes = list(rows.order_by("pk"))
    seen = dict(kind.holders.filter(pk__in=ids).values_list("pk", "papers_changed_at"))  # before the papers themselves
    judged = kind.judged(ids, local_day(at))
    changes = []
    for code in codes:
        before = "" if code.public_id in issued else code.colour
        _show(code, judged[getattr(code, holder_id)], seen[getattr(code, holder_id)], at)
        if code.colour != before:
            changes.append(ColourChange(code=code, before=before, after=code.colour, reasons=code.reasons, at=at))
    # as an upsert of rows that are there: `bulk_update` builds a CASE for each row and field, ten times as slow
    ServiceCode.objects.bulk_create(
        codes, update_conflicts=True, unique_fields=["id"], update_fields=COMPUTED, batch_size=BATCH
    )
    kept = ColourChange.objects.bulk_create(changes)
    if kept:
        tell(notices_of(kept), at=at)
    return kept


def _issue(kind: _Kind, ids: Collection[int], at: datetime) -> set[str]:
    """The public ids of the codes made just now. Two at once make one: the other one's stays."""
    without = kind.holders.filter(pk__in=ids, state=Admission.ADMITTED, service_code__isnull=True)
    made = [
        ServiceCode(
            **{f"{kind.column}_id": pk}, public_id=new_public_id(), colour=Colour.GREY, issued_at=at, computed_at=at
        )
        for pk in without.order_by("pk").values_list("pk", flat=True)
    ]
    ServiceCode.objects.bulk_create(made, ignore_conflicts=True)
    return {code.public_id for code in made}


def _show(code: ServiceCode, judged: Judged, computed_from: datetime | None, at: datetime) -> None:
    code.colour, code.reasons = judged.verdict.colour, list(judged.verdict.reasons)
    code.valid_until, code.computed_at, code.computed_from = judged.valid_until, at, computed_from


def _workers_follow(changes: Iterable[ColourChange], at: datetime) -> None:
    """Nobody serves for an enterprise that is out of service, and everybody may again when it is back."""
    in_service = SEVERITY[Colour.YELLOW]
    turned = [
        change.code.enterprise_id
        for change in changes
        if change.before and (SEVERITY[change.before] > in_service) != (SEVERITY[change.after] > in_service)
    ]
    if turned:
        workers = Worker.objects.filter(enterprise__in=turned, service_code__isnull=False)
        mark_papers_changed(worker_ids=list(workers.values_list("pk", flat=True)), at=at)
