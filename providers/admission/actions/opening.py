"""Cases come onto the desk: looked at by the machine first, due in working days."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from homeservice.foundation.calendar import working_days_after
from homeservice.kernel.clock import day_bounds, local_day
from homeservice.kernel.vocabulary import Admission
from providers.admission.examination import examine
from providers.admission.models import ReviewCase
from providers.admission.queries import WAITING, Holder, area_of
from providers.admission.rules import DUE_WORKING_DAYS
from providers.credentials.models import Credential
from providers.enterprises.models import Enterprise
from providers.workers.models import Worker

BATCH = 500
SERVING = (Admission.ADMITTED, Admission.SUSPENDED)


@transaction.atomic
def open_cases(holders: Sequence[Holder], kind: str, *, at: datetime, statement: str = "") -> None:
    """Each holder has an open case of the kind, examined and due in working days. One open already stays as it is.

    A fixed number of queries, however many holders.
    """
    due_at = due(kind, at)
    cases = [
        ReviewCase(
            kind=kind,
            worker=holder if isinstance(holder, Worker) else None,
            enterprise=holder if isinstance(holder, Enterprise) else None,
            area=area_of(holder),
            statement=statement,
            opened_at=at,
            due_at=due_at,
        )
        for holder in holders
    ]
    put_findings(cases, at=at)
    ReviewCase.objects.bulk_create(cases, ignore_conflicts=True, batch_size=BATCH)


def open_cases_of_waiting_papers(*, at: datetime) -> int:
    """Whoever serves already and has handed in a paper has an open PAPERS case. Safe twice; answers how many.

    Someone whose admission itself is on the desk is looked at there. Whoever moved is looked at where they are now.
    """
    _follow_moved()
    waiting = Credential.objects.filter(state=WAITING)
    opened = 0
    for model, field in ((Worker, "worker"), (Enterprise, "enterprise")):
        ids = (
            model.objects.filter(
                Exists(waiting.filter(**{field: OuterRef("pk")})),
                ~Exists(
                    ReviewCase.objects.filter(
                        ~Q(kind=ReviewCase.Kind.APPEAL), closed_at__isnull=True, **{field: OuterRef("pk")}
                    )
                ),
                state__in=SERVING,
            )
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        for few in _in_batches(list(ids)):
            holders: Any = model.objects.filter(pk__in=few).order_by("pk")
            open_cases(list(holders.select_related("enterprise") if model is Worker else holders), "papers", at=at)
            opened += len(few)
    return opened


def _follow_moved() -> None:
    """Open cases of workers who changed enterprise or home lie with the office that decides on them now."""
    now_in = Coalesce("worker__enterprise__division_id", "worker__home_community_id")
    cases = ReviewCase.objects.filter(closed_at__isnull=True, worker__isnull=False).annotate(now_in=now_in)
    for pk, area in cases.exclude(area=F("now_in")).order_by("pk").values_list("pk", "now_in"):
        open_one = ReviewCase.objects.filter(pk=pk, closed_at__isnull=True)
        open_one.update(area=area, claimed_by=None, claimed_until=None)


def put_findings(cases: Sequence[ReviewCase], *, at: datetime) -> None:
    """The cases carry what the machine finds today; they are not saved. An appeal is never clean: people weigh it."""
    examined = [case for case in cases if case.kind != ReviewCase.Kind.APPEAL]
    for case, answer in zip(examined, examine(examined, on_date=local_day(at)), strict=True):
        case.findings, case.is_clean = answer.kept, not answer.findings


def due(kind: str, at: datetime) -> datetime:
    """The end of the last working day that the desk has for such a case. One query."""
    return day_bounds(working_days_after(local_day(at), DUE_WORKING_DAYS[kind]))[1] - timedelta(seconds=1)


def _in_batches(ids: list[int]) -> list[list[int]]:
    return [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
