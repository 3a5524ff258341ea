"""How codes stand on a day: everything that the colour is computed from, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import Q

from homeservice.kernel.vocabulary import CredentialCode
from providers.credentials.models import Credential, Requirement
from providers.credentials.rules import Alternative, Paper
from providers.enterprises.models import Enterprise
from providers.listings.models import Listing
from providers.service_codes import rules
from providers.service_codes.models import ServiceCode
from providers.service_codes.rules import Holder, Need, Verdict
from providers.workers.models import Worker, WorkerKind

NOT_CURRENT = (Credential.State.REFUSED, Credential.State.REVOKED)
_TOLD = frozenset(rules.TOLD_BY_THE_CODE)
_COUNTED = (*rules.TOLD_BY_THE_CODE, CredentialCode.INSURANCE)


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict on a day, and the last day on which it stays as it is."""

    verdict: Verdict
    valid_until: date | None


def judged_workers(worker_ids: Collection[int], on_date: date) -> dict[int, Judged]:
    """How the code of each worker stands on the day. Four queries, however many."""
    return {
        pk: _judged(rules.judge_worker, holder, on_date) for pk, holder in _worker_holders(worker_ids, on_date).items()
    }


def judged_enterprises(enterprise_ids: Collection[int], on_date: date) -> dict[int, Judged]:
    """How the code of each enterprise stands on the day. Four queries, however many."""
    holders = _enterprise_holders(enterprise_ids, on_date)
    return {pk: _judged(rules.judge_enterprise, holder, on_date) for pk, holder in holders.items()}


def judged_now(code: ServiceCode, on_date: date) -> Judged:
    """How one code stands on the day, whatever was computed before: pages never show a stale colour."""
    if code.worker_id is not None:
        return judged_workers([code.worker_id], on_date)[code.worker_id]
    enterprise_id = cast(int, code.enterprise_id)  # the database holds that a code has one holder
    return judged_enterprises([enterprise_id], on_date)[enterprise_id]


def _judged(judge: Any, holder: Holder, on_date: date) -> Judged:
    return Judged(judge(holder, on_date), rules.last_day(judge, holder, on_date))


def _worker_holders(worker_ids: Collection[int], on_date: date) -> dict[int, Holder]:
    workers = Worker.objects.filter(pk__in=worker_ids).values_list("pk", "state", "enterprise__state")
    papers, refused = _papers(Q(worker__in=worker_ids), "worker_id", (CredentialCode.ID, *_COUNTED))
    needs = needs_of_workers(worker_ids, on_date)
    return {
        pk: Holder(
            state=state,
            papers=papers[pk],
            needs=rules.needs_of_worker(needs[pk]),
            enterprise_state=enterprise_state,
            identity_refused=(pk, CredentialCode.ID) in refused,
        )
        for pk, state, enterprise_state in workers
    }


def needs_of_workers(worker_ids: Collection[int], on_date: date) -> dict[int, list[Need]]:
    """What each worker's kinds ask of what a code tells. Two queries."""
    bound = list(WorkerKind.objects.filter(worker__in=worker_ids).order_by("kind").values_list("worker_id", "kind_id"))
    asked = Requirement.objects.filter(
        _in_force(on_date), kind__in={kind for _worker, kind in bound}, holder=Requirement.Holder.WORKER, item_code="",
        condition=Requirement.Condition.ALWAYS,
    )  # fmt: skip
    of_kind: dict[str, list[Need]] = defaultdict(list)
    for row in asked.order_by("kind", "pk"):
        what = next((rules.TOLD_BY_THE_CODE[one["code"]] for one in row.any_of if one["code"] in _TOLD), "")
        if what:
            of_kind[row.kind_id].append(_need(what, row))
    needs: dict[int, list[Need]] = defaultdict(list)
    for worker_id, kind in bound:
        needs[worker_id] += of_kind[kind]
    return needs


def _enterprise_holders(enterprise_ids: Collection[int], on_date: date) -> dict[int, Holder]:
    rows = Enterprise.objects.filter(pk__in=enterprise_ids).values_list("pk", "state", "org_type")
    papers, _refused = _papers(Q(enterprise__in=enterprise_ids), "enterprise_id", ())
    needs = _needs_of_offers(enterprise_ids, on_date)
    return {
        pk: Holder(
            state=state,
            papers=papers[pk],
            needs=(rules.BUSINESS_LICENCE, *_of_type(org_type), *dict.fromkeys(needs[pk])),
            ever_licensed=any(paper.code == CredentialCode.BUSINESS_LICENCE for paper in papers[pk]),
        )
        for pk, state, org_type in rows
    }


def _needs_of_offers(enterprise_ids: Collection[int], on_date: date) -> dict[int, list[Need]]:
    """The licences that the services which each enterprise offers ask for. Two queries."""
    offers = list(
        Listing.objects.filter(enterprise__in=enterprise_ids, active=True)
        .order_by("enterprise", "item")
        .values_list("enterprise_id", "item_id", "item__kind_id")
    )
    asked = Requirement.objects.filter(
        _in_force(on_date), kind__in={kind for *_, kind in offers}, holder=Requirement.Holder.ENTERPRISE,
        condition=Requirement.Condition.ALWAYS,
    )  # fmt: skip
    found = [(row.kind_id, row.item_code, _need("licence", row)) for row in asked.order_by("pk")]
    needs: dict[int, list[Need]] = defaultdict(list)
    for enterprise_id, item, kind in offers:
        needs[enterprise_id] += [need for of, code, need in found if of == kind and code in ("", item)]
    return needs


def _of_type(org_type: str) -> tuple[Need, ...]:
    return (rules.AGENCY_LICENCE,) if org_type == Enterprise.OrgType.AGENCY else ()


def _in_force(on_date: date) -> Q:
    return Q(valid_from__lte=on_date) & (Q(valid_until__isnull=True) | Q(valid_until__gte=on_date))


def _need(what: str, row: Requirement) -> Need:
    return Need(what, tuple(Alternative(one["code"], one.get("level")) for one in row.any_of), row.max_age_days)


def _papers(whose: Q, holder: str, codes: Sequence[str]) -> tuple[dict[int, list[Paper]], set[tuple[int, str]]]:
    """The papers of each holder that the gate asks, too, and (holder, code) of those whose paper was refused. One query."""
    wanted = Q(state__in=Credential.COUNTING) | Q(state__in=NOT_CURRENT, code=CredentialCode.ID)
    rows = Credential.objects.filter(whose, wanted)
    if codes:
        rows = rows.filter(code__in=codes)
    counting: dict[int, list[Paper]] = defaultdict(list)
    refused: set[tuple[int, str]] = set()
    for pk, state, *paper in rows.values_list(holder, "state", "code", "level", "valid_from", "valid_until"):
        if state in Credential.COUNTING:
            counting[pk].append(Paper(*paper))
        else:
            refused.add((pk, paper[0]))
    return counting, refused
