"""The gate asked of many workers at once: three queries, however many workers, days and papers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import lazy

from providers.bindings.models import Authorisation
from providers.catalogue.models import ServiceItem, ServiceKind, in_language
from providers.credentials import rules
from providers.credentials.models import Credential, Requirement
from providers.credentials.rules import Alternative, Assessment, Context, Finding, Need, Paper, Period, Standing
from providers.enterprises.models import Enterprise
from providers.workers.models import Worker, WorkerKind

in_readers_language = lazy(in_language, str)


class Subject(NamedTuple):
    """A worker as the gate sees one: own standing, and whose papers count beside one's own."""

    standing: Standing
    enterprise_id: int | None


@dataclass(frozen=True, slots=True)
class Gaps:
    """What blocks a worker now, and what will within `SOON` unless somebody renews it."""

    blocking: tuple[Finding, ...]
    coming: tuple[Finding, ...]

    @classmethod
    def between(cls, now: Assessment, later: Assessment) -> "Gaps":
        known = set(now.reason_codes)
        return cls(now.blocking, tuple(one for one in later.findings if one.reason_code not in known))


SOON = timedelta(days=30)
Holders = tuple[dict[int, list[Paper]], dict[int, list[Paper]]]


def qualified_periods(
    worker_ids: Sequence[int],
    item: ServiceItem,
    from_date: date,
    to_date: date,
    context: Context = rules.ORDINARY,
) -> dict[int, list[Period]]:
    """For each worker the stretches `(first day, day after the last)` within [from_date, to_date) on which
    the gate does not block the item. Every id is a key; one who may not do it on any day has []. Three queries.
    """
    needs = rules.blocking_needs(needs_of(item), context)
    subjects = _subjects(worker_ids)
    of_worker, of_enterprise = _papers(needs, subjects)
    window = (from_date, to_date)
    return {
        worker_id: rules.permitted_periods(
            needs,
            of_worker.get(worker_id, ()),
            of_enterprise.get(subjects[worker_id].enterprise_id or 0, ()),
            window=window,
            standing=subjects[worker_id].standing,
        )
        if worker_id in subjects
        else []
        for worker_id in worker_ids
    }


def qualified_on(
    worker_ids: Sequence[int], item: ServiceItem, on_date: date, context: Context = rules.ORDINARY
) -> set[int]:
    """The workers whom the gate does not block from the item on one day. Three queries."""
    periods = qualified_periods(worker_ids, item, on_date, on_date + rules.DAY, context)
    return {worker_id for worker_id, spans in periods.items() if spans}


def assess_workers(
    worker_ids: Sequence[int], item: ServiceItem, on_date: date, context: Context = rules.ORDINARY
) -> dict[int, Assessment]:
    """The gate's whole answer for each worker on one day, with findings. Three queries."""
    return _assessments(worker_ids, needs_of(item), on_date, context)


def assess(worker_id: int, item_or_kind: ServiceItem | ServiceKind, context: Context, on_date: date) -> Assessment:
    """May this worker do the item in these circumstances on that day; or be bound to the kind: what each item of it
    requires, without the items' own extras. Three queries. Raises `KeyError` for an unknown worker.
    """
    if isinstance(item_or_kind, ServiceItem):
        return _assessments([worker_id], needs_of(item_or_kind), on_date, context)[worker_id]
    return _assessments([worker_id], _needs(Q(kind=item_or_kind, item_code="")), on_date, context)[worker_id]


def assess_kinds(worker_id: int, on_date: date, context: Context = rules.ORDINARY) -> dict[str, Assessment]:
    """`assess` for every kind of the catalogue at once, by kind code. Four queries."""
    by_kind: dict[str, list[Need]] = {code: [] for code in ServiceKind.objects.values_list("code", flat=True)}
    for row in Requirement.objects.filter(item_code="").order_by("pk"):
        by_kind[row.kind_id].append(_need(row))
    subject = _subjects([worker_id])[worker_id]
    everything = [need for needs in by_kind.values() for need in needs]
    of_worker, of_enterprise = _papers(everything, {worker_id: subject})
    mine, ours = of_worker.get(worker_id, ()), of_enterprise.get(subject.enterprise_id or 0, ())
    return {
        code: rules.assess(needs, mine, ours, on_date=on_date, context=context, standing=subject.standing)
        for code, needs in by_kind.items()
    }


def papers_of(holder: Worker | Enterprise) -> list[Credential]:
    """All papers of a worker or an enterprise, by kind, the newest first, with their scans."""
    whose = Q(worker=holder) if isinstance(holder, Worker) else Q(enterprise=holder)
    return list(Credential.objects.filter(whose).order_by("code", "-valid_from", "-pk"))


def spoken_papers(worker_ids: Sequence[int], on_date: date) -> dict[int, list[str]]:
    """What a resident may know of each worker's papers that hold on a day, in plain words. One query.

    Never a number, an issuer or a report (domain §2.5).
    """
    rows = (
        Credential.objects.counting()
        .filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=on_date),
            worker_id__in=worker_ids,
            valid_from__lte=on_date,
        )
        .order_by("code", "level", "pk")
    )
    spoken: dict[int, list[str]] = {worker_id: [] for worker_id in worker_ids}
    for row in rows:
        words = row.spoken
        if row.worker_id in spoken and words not in spoken[row.worker_id]:
            spoken[row.worker_id].append(words)
    return spoken


def gaps_of(worker_ids: Sequence[int], on_date: date) -> dict[int, Gaps]:
    """What keeps each worker from the kinds they are bound to, today or within 30 days. Four queries."""
    soon = on_date + SOON
    subjects = _subjects(worker_ids)
    bound: dict[int, list[str]] = {worker_id: [] for worker_id in subjects}
    for worker_id, kind in (
        WorkerKind.objects.filter(worker__in=worker_ids).order_by("kind").values_list("worker_id", "kind_id")
    ):
        bound[worker_id].append(kind)
    by_kind: dict[str, list[Need]] = defaultdict(list)
    kinds = {kind for of_one in bound.values() for kind in of_one}
    for row in Requirement.objects.filter(kind__in=kinds, item_code="").order_by("pk"):
        by_kind[row.kind_id].append(_need(row))
    of_worker, of_enterprise = _papers([need for needs in by_kind.values() for need in needs], subjects)
    return {
        worker_id: Gaps.between(
            *(
                rules.assess(
                    _once(need for kind in bound[worker_id] for need in by_kind[kind]),
                    of_worker.get(worker_id, ()),
                    of_enterprise.get(subject.enterprise_id or 0, ()),
                    on_date=day,
                    standing=subject.standing,
                )
                for day in (on_date, soon)
            )
        )
        for worker_id, subject in subjects.items()
    }


def _once(needs: Iterable[Need]) -> list[Need]:
    """Each reason once: most kinds ask for the same papers."""
    return list({need.reason_code: need for need in needs}.values())


def assess_enterprise(
    enterprise: Enterprise, item: ServiceItem, on_date: date, context: Context = rules.ORDINARY
) -> Assessment:
    """Whether an enterprise may offer the item: its own licences and state. Asked when a listing is published."""
    needs = [need for need in needs_of(item) if need.holder == Requirement.Holder.ENTERPRISE]
    papers = [paper for _worker, _firm, paper in _verified(Q(enterprise=enterprise), needs)]
    standing = Standing(enterprise_state=enterprise.state)
    return rules.assess(needs, (), papers, on_date=on_date, context=context, standing=standing)


def assess_offers(
    offers: Iterable[tuple[Enterprise, ServiceItem]], on_date: date, context: Context = rules.ORDINARY
) -> dict[tuple[int, str], Assessment]:
    """`assess_enterprise` for many offers at once, by (enterprise id, item code). Two queries."""
    wanted = {(enterprise.pk, item.code): (enterprise, item) for enterprise, item in offers}
    kinds = {item.kind_id for _enterprise, item in wanted.values()}
    rows = Requirement.objects.filter(kind__in=kinds, holder=Requirement.Holder.ENTERPRISE).order_by("pk")
    asked = [(row.kind_id, row.item_code, _need(row)) for row in rows]
    whose = Q(enterprise_id__in={enterprise_id for enterprise_id, _code in wanted})
    papers: dict[int, list[Paper]] = defaultdict(list)
    for _worker, enterprise_id, paper in _verified(whose, [need for _kind, _code, need in asked]):
        papers[enterprise_id].append(paper)
    return {
        key: rules.assess(
            [need for kind, code, need in asked if kind == item.kind_id and code in ("", item.code)],
            (),
            papers.get(enterprise.pk, ()),
            on_date=on_date,
            context=context,
            standing=Standing(enterprise_state=enterprise.state),
        )
        for key, (enterprise, item) in wanted.items()
    }


def needs_of(item: ServiceItem) -> list[Need]:
    """Everything that the enforcement table asks for the item: its kind's rows and its own. One query."""
    return _needs(Q(kind_id=item.kind_id, item_code__in=["", item.code]))


def _needs(which: Q) -> list[Need]:
    return [_need(row) for row in Requirement.objects.filter(which).order_by("pk")]


def _need(row: Requirement) -> Need:
    return Need(
        reason_code=row.reason_code,
        holder=row.holder,
        any_of=tuple(Alternative(one["code"], one.get("level")) for one in row.any_of),
        condition=row.condition,
        effect=row.effect,
        basis=row.basis,
        text=in_readers_language(row.text_zh, row.text_en),
        mend=in_readers_language(row.mend_zh, row.mend_en),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        max_age_days=row.max_age_days,
        groups=frozenset(row.groups),
    )


def _assessments(
    worker_ids: Sequence[int], needs: list[Need], on_date: date, context: Context
) -> dict[int, Assessment]:
    asked = rules.needs_asked(needs, on_date=on_date, context=context)
    subjects = _subjects(worker_ids)
    of_worker, of_enterprise = _papers(asked, subjects)
    return {
        worker_id: rules.judge(
            asked,
            of_worker.get(worker_id, ()),
            of_enterprise.get(subject.enterprise_id or 0, ()),
            on_date=on_date,
            standing=subject.standing,
        )
        for worker_id, subject in subjects.items()
    }


def _subjects(worker_ids: Iterable[int]) -> dict[int, Subject]:
    signed = Exists(Authorisation.objects.filter(worker=OuterRef("pk"), withdrawn_at__isnull=True))
    rows = Worker.objects.filter(pk__in=worker_ids).values_list(
        "pk", "enterprise_id", "state", "enterprise__state", "birth_date", signed
    )
    return {pk: Subject(Standing(*standing), firm) for pk, firm, *standing in rows}


def _papers(needs: Iterable[Need], subjects: dict[int, Subject]) -> Holders:
    """The verified papers that the needs speak of, by worker and by enterprise. One query."""
    firms = {subject.enterprise_id for subject in subjects.values() if subject.enterprise_id}
    whose = Q(worker_id__in=list(subjects)) | Q(enterprise_id__in=firms)
    of_worker: dict[int, list[Paper]] = defaultdict(list)
    of_enterprise: dict[int, list[Paper]] = defaultdict(list)
    for worker_id, enterprise_id, paper in _verified(whose, needs):
        if worker_id is not None:
            of_worker[worker_id].append(paper)
        else:
            of_enterprise[enterprise_id].append(paper)
    return of_worker, of_enterprise


def _verified(whose: Q, needs: Iterable[Need]) -> Iterable[tuple[int | None, int, Paper]]:
    codes = {alternative.code for need in needs for alternative in need.any_of}
    rows = (
        Credential.objects.counting()
        .filter(whose, code__in=codes)
        .values_list("worker_id", "enterprise_id", "code", "level", "valid_from", "valid_until")
    )
    return ((worker_id, firm_id, Paper(*paper)) for worker_id, firm_id, *paper in rows)
