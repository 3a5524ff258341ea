"""Everything that the machine checks ask, read for many holders at once: a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from communities.accounts.models import Identity, User
from homeservice.kernel.vocabulary import CredentialCode
from providers.admission.checks import (
    EnterpriseSeen,
    Found,
    PaperSeen,
    WorkerSeen,
    findings_of_enterprise,
    findings_of_worker,
)
from providers.admission.models import ReviewCase
from providers.admission.queries import WAITING, bound_user_ids
from providers.bindings.queries import authorised_among
from providers.credentials.models import Credential, CredentialType, Requirement
from providers.enterprises.models import Enterprise, EnterpriseManager
from providers.workers.models import Worker, WorkerKind


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found of one case, and which papers were looked at."""

    findings: tuple[Found, ...]
    paper_ids: tuple[int, ...]

    @property
    def kept(self) -> list[dict[str, Any]]:
        """As a case keeps it."""
        return [{"code": str(one.code), "paper": one.paper} for one in self.findings]


def examine(cases: Sequence[ReviewCase], *, on_date: date) -> list[Examined]:
    """What the checks find of each case's holder, in the cases' order. Twelve queries, however many cases."""
    worker_ids = {case.worker_id for case in cases if case.worker_id}
    firm_ids = {case.enterprise_id for case in cases if case.enterprise_id}
    papers = _papers(worker_ids, firm_ids)
    workers, firms = _workers(worker_ids, papers), _firms(firm_ids, papers, on_date)
    answers = []
    for case in cases:
        joining = case.kind == ReviewCase.Kind.ADMISSION
        holder = case.holder
        if isinstance(holder, Worker):
            found = findings_of_worker(workers[holder.pk], on_date, joining=joining)
        else:
            found = findings_of_enterprise(firms[holder.pk], on_date, joining=joining)
        seen = papers.get((case.worker_id, case.enterprise_id), ())
        answers.append(Examined(tuple(found), tuple(paper.pk for paper in seen)))
    return answers


Papers = Mapping[tuple[int | None, int | None], tuple[PaperSeen, ...]]


def _papers(worker_ids: Collection[int], firm_ids: Collection[int]) -> Papers:
    """The papers that wait, by (worker, enterprise)."""
    whose = Q(worker_id__in=worker_ids) | Q(enterprise_id__in=firm_ids)
    rows = list(Credential.objects.filter(whose, state=WAITING).select_related("scan", "renews__scan").order_by("pk"))
    types = CredentialType.objects.in_bulk()
    twins, reused = _twins(rows), _reused_scans(rows)
    found: dict[tuple[int | None, int | None], list[PaperSeen]] = defaultdict(list)
    for row in rows:
        kind = types.get(row.code)
        found[row.worker_id, row.enterprise_id].append(
            PaperSeen(
                pk=row.pk,
                code=row.code,
                level=row.level,
                number=row.number,
                valid_until=row.valid_until,
                scan_bytes=row.scan.size_bytes if row.scan else None,
                scan_needed=kind.scan_needed if kind else True,
                must_end=kind.must_end if kind else False,
                number_pattern=kind.number_pattern if kind else "",
                twin=row.pk in twins,
                scan_reused=row.pk in reused,
                scan_old=bool(
                    row.renews and row.scan and row.renews.scan and row.scan.sha256 == row.renews.scan.sha256
                ),
                renews_revoked=bool(row.renews and row.renews.state == Credential.State.REVOKED),
            )
        )
    return {key: tuple(values) for key, values in found.items()}


def _twins(rows: Iterable[Credential]) -> set[int]:
    """Papers whose code and number somebody else handed in as well, under whatever issuer. One query."""
    wanted = {row.number_index for row in rows}
    others = Credential.objects.filter(number_index__in=wanted).exclude(state=Credential.State.REFUSED)
    holders: dict[tuple[str, str], set[Any]] = defaultdict(set)
    for code, index, worker_id, firm_id in others.values_list("code", "number_index", "worker_id", "enterprise_id"):
        holders[code, index].add((worker_id, firm_id))
    return {row.pk for row in rows if len(holders[row.code, row.number_index]) > 1}


def _reused_scans(rows: Iterable[Credential]) -> set[int]:
    """Papers whose scan, byte for byte, was handed in for another holder. One query."""
    wanted = {row.scan.sha256 for row in rows if row.scan}
    holders: dict[str, set[Any]] = defaultdict(set)
    known = Credential.objects.filter(scan__sha256__in=wanted)
    for digest, worker_id, firm_id in known.values_list("scan__sha256", "worker_id", "enterprise_id"):
        holders[digest].add((worker_id, firm_id))
    return {row.pk for row in rows if row.scan and len(holders[row.scan.sha256]) > 1}


def _workers(ids: Collection[int], papers: Papers) -> dict[int, WorkerSeen]:
    rows = list(Worker.objects.filter(pk__in=ids).select_related("user__identity"))
    authorised, bound = authorised_among(ids), bound_user_ids([row.user_id for row in rows])
    exams = _exam_classes(ids)
    return {
        row.pk: WorkerSeen(
            real_name=row.real_name,
            identity_name=_verified_name(row.user),
            id_number=row.id_number,
            birth_date=row.birth_date,
            sex=row.sex,
            authorised=row.pk in authorised,
            bound=row.user_id in bound,
            exam_class=exams.get(row.pk, 0),
            identity_number=_verified_number(row.user),
            papers=papers.get((row.pk, None), ()),
        )
        for row in rows
    }


def _exam_classes(worker_ids: Collection[int]) -> dict[int, int]:
    """The strictest health-exam class that each worker's services ask for. Two queries."""
    bound = list(WorkerKind.objects.filter(worker_id__in=worker_ids).values_list("worker_id", "kind_id"))
    asked: dict[str, int] = defaultdict(int)
    for kind, any_of in Requirement.objects.filter(kind_id__in={kind for _, kind in bound}, item_code="").values_list(
        "kind_id", "any_of"
    ):
        classes = [one.get("level") or 0 for one in any_of if one["code"] == CredentialCode.EXAM]
        asked[kind] = max(asked[kind], *classes) if classes else asked[kind]
    wanted: dict[int, int] = defaultdict(int)
    for worker_id, kind in bound:
        wanted[worker_id] = max(wanted[worker_id], asked[kind])
    return dict(wanted)


def _firms(ids: Collection[int], papers: Papers, on_date: date) -> dict[int, EnterpriseSeen]:
    posts = EnterpriseManager.objects.filter(
        enterprise_id__in=ids, rights=EnterpriseManager.Rights.LEGAL_REPRESENTATIVE
    ).select_related("user__identity")
    people = {post.enterprise_id: post.user for post in posts}
    licensed = set(
        Credential.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=on_date),
            enterprise_id__in=ids,
            code=CredentialCode.BUSINESS_LICENCE,
            state=Credential.State.VERIFIED,
        ).values_list("enterprise_id", flat=True)
    )
    return {
        row.pk: EnterpriseSeen(
            social_credit_code=row.social_credit_code,
            representative=row.legal_representative,
            identity_name=_verified_name(people.get(row.pk)),
            licence_verified=row.pk in licensed,
            papers=papers.get((None, row.pk), ()),
        )
        for row in Enterprise.objects.filter(pk__in=ids)
    }


def _verified_number(person: User) -> str:
    identity: Identity | None = getattr(person, "identity", None)
    return identity.id_number if identity and identity.state == Identity.State.VERIFIED else ""


def _verified_name(person: User | None) -> str | None:
    identity: Identity | None = getattr(person, "identity", None) if person else None
    return identity.real_name if identity and identity.state == Identity.State.VERIFIED else None
