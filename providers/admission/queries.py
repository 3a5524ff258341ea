"""Reading admissions: the facts that the steps ask for, the queue of the desk, what happened to whom."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from homeservice.kernel.scope import Scope, own, within
from homeservice.kernel.vocabulary import CredentialCode
from providers.admission.models import AdmissionEvent, ReviewCase
from providers.admission.rules import ENTERPRISE, WORKER
from providers.bindings.models import Binding
from providers.bindings.queries import authorised_among
from providers.credentials.models import Credential
from providers.enterprises.models import Enterprise
from providers.workers.models import Worker

WAITING = Credential.State.SUBMITTED
Holder = Worker | Enterprise


def bound_user_ids(user_ids: Collection[int]) -> set[int]:
    """The people whom a binding in force ties to an enterprise."""
    return set(Binding.objects.in_force().filter(user_id__in=user_ids).values_list("user_id", flat=True))


def facts_of(holders: Sequence[Holder], on_date: date) -> dict[int, dict[str, Any]]:
    """What the guards of the steps ask of each holder, by key; all are workers, or all are enterprises."""
    if holders and isinstance(holders[0], Worker):
        return _facts_of_workers([one for one in holders if isinstance(one, Worker)], on_date)
    return _facts_of_firms([one.pk for one in holders], on_date)


def _facts_of_workers(workers: Sequence[Worker], on_date: date) -> dict[int, dict[str, Any]]:
    ids = [worker.pk for worker in workers]
    authorised, bound = authorised_among(ids), bound_user_ids([worker.user_id for worker in workers])
    papers = _best_state(Q(worker_id__in=ids, code=CredentialCode.ID), "worker_id", on_date)
    return {
        worker.pk: {
            "of": WORKER, "today": on_date, "authorised": worker.pk in authorised, "bound": worker.user_id in bound,
            "identity_paper": papers.get(worker.pk, ""), "birth_date": worker.birth_date,
        }
        for worker in workers
    }  # fmt: skip


def _facts_of_firms(ids: Sequence[int], on_date: date) -> dict[int, dict[str, Any]]:
    licences = _best_state(Q(enterprise_id__in=ids, code=CredentialCode.BUSINESS_LICENCE), "enterprise_id", on_date)
    return {pk: {"of": ENTERPRISE, "today": on_date, "business_licence": licences.get(pk, "")} for pk in ids}


def _best_state(which: Q, holder: str, on_date: date) -> dict[int, str]:
    """`verified` before `submitted`, of the papers that are not over, by holder. One query."""
    in_force = Q(valid_until__isnull=True) | Q(valid_until__gte=on_date)
    rows = Credential.objects.filter(which, in_force, state__in=[WAITING, Credential.State.VERIFIED])
    return dict(rows.order_by("state").values_list(holder, "state"))  # alphabetically the better one comes last


# the desk


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the queue is narrowed to. `org` is a type of organisation, `q` a part of the enterprise's name."""

    kind: str = ""
    checks: str = ""
    overdue: bool = False
    org: str = ""
    q: str = ""
    mine: bool = False


def open_cases_in(scope: Scope) -> QuerySet[ReviewCase]:
    """The open cases that the reviewer may see."""
    return ReviewCase.objects.visible_to(scope).filter(closed_at__isnull=True)


def queue(scope: Scope, wanted: Wanted, *, at: datetime) -> QuerySet[ReviewCase]:
    """The open cases that fit, the one that is due first on top. One query."""
    rows = open_cases_in(scope).filter(_narrowed(wanted, scope, at))
    holders = rows.select_related("worker__enterprise", "enterprise", "claimed_by")
    return holders.order_by("due_at", "pk")


def counts(scope: Scope, *, at: datetime) -> dict[str, int]:
    """How many open cases there are, by what the queue can be narrowed to. One query."""
    kinds = {kind: Count("pk", filter=Q(kind=kind)) for kind in ReviewCase.Kind.values}
    return open_cases_in(scope).aggregate(
        all=Count("pk"),
        fine=Count("pk", filter=Q(is_clean=True)),
        flagged=Count("pk", filter=Q(is_clean=False)),
        overdue=Count("pk", filter=Q(due_at__lt=at)),
        mine=Count("pk", filter=Q(claimed_by_id=scope.user_id, claimed_until__gt=at)),
        **kinds,
    )


def _narrowed(wanted: Wanted, scope: Scope, at: datetime) -> Q:
    fits = Q()
    if wanted.kind:
        fits &= Q(kind=wanted.kind)
    if wanted.checks:
        fits &= Q(is_clean=wanted.checks == "clean")
    if wanted.overdue:
        fits &= Q(due_at__lt=at)
    if wanted.mine:
        fits &= Q(claimed_by_id=scope.user_id, claimed_until__gt=at)
    if wanted.org:
        fits &= Q(enterprise__org_type=wanted.org) | Q(worker__enterprise__org_type=wanted.org)
    if wanted.q:
        fits &= Q(enterprise__name__icontains=wanted.q) | Q(worker__enterprise__name__icontains=wanted.q)
    return fits


def papers_of_case(case: ReviewCase) -> list[Credential]:
    """The papers that wait, and those decided on since the case was opened, in the order of the codes. One query."""
    whose = Q(worker_id=case.worker_id, enterprise_id=case.enterprise_id)
    rows = Credential.objects.filter(whose, Q(state=WAITING) | Q(decided_at__gte=case.opened_at))
    return list(rows.select_related("scan", "decided_by").order_by("code", "pk"))


def events_of(holder: Holder) -> list[AdmissionEvent]:
    """Every step of the holder's admission, the latest first. One query."""
    whose = Q(worker=holder) if isinstance(holder, Worker) else Q(enterprise=holder)
    return list(AdmissionEvent.objects.filter(whose).order_by("-at", "-pk"))


def open_case_of(holder: Holder, kind: str) -> ReviewCase | None:
    """The holder's open case of a kind."""
    whose = Q(worker=holder) if isinstance(holder, Worker) else Q(enterprise=holder)
    return ReviewCase.objects.filter(whose, kind=kind, closed_at__isnull=True).first()


# lists of the desk


def reviewed_enterprises(scope: Scope) -> QuerySet[Enterprise]:
    """The enterprises whose admission the reviewer decides: never the one that they act for."""
    rows: QuerySet[Enterprise] = Enterprise.objects.visible_to(scope).exclude(pk=scope.enterprise_id)
    if not scope.everything:
        rows = rows.filter(within("division__area_code", scope.review_areas))
    return rows.select_related("division", "liaison")


def reviewed_workers(scope: Scope) -> QuerySet[Worker]:
    """The workers whose admission the reviewer decides: those of their enterprises, and those of none who live there.

    Never the reviewer, nor those of the enterprise that they act for.
    """
    rows: QuerySet[Worker] = Worker.objects.visible_to(scope).exclude(
        own(scope, worker="pk", enterprise=("enterprise",))
    )
    if not scope.everything:
        of_firm = within("enterprise__division__area_code", scope.review_areas)
        alone = Q(enterprise__isnull=True) & within("home_community__area_code", scope.review_areas)
        rows = rows.filter(of_firm | alone)
    return rows.select_related("enterprise", "home_community", "user")


def states_counted(rows: QuerySet[Any]) -> Mapping[str, int]:
    """How many of the rows are in each state. One query."""
    return dict(rows.order_by().values_list("state").annotate(count=Count("pk")))


def area_of(holder: Holder) -> str:
    """Whose reviewing staff decides: the enterprise's division; the home community of a worker without one."""
    if isinstance(holder, Enterprise):
        return holder.division_id
    return holder.enterprise.division_id if holder.enterprise else holder.home_community_id
