"""A worker's file, put together from papers, entries and events; and whose entries somebody may open or remove."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from homeservice.kernel.crypto import masked_id_number
from homeservice.kernel.scope import Scope
from homeservice.kernel.vocabulary import EnterpriseRight
from providers.bindings.models import Authorisation, Binding
from providers.bindings.queries import authorisations_of, authorised_among, bindings_of
from providers.credentials.models import Credential, CredentialType
from providers.credit.queries import scores_of_workers
from providers.credit.rules import Score
from providers.service_codes.models import ColourChange
from providers.service_codes.queries import training_hours
from providers.worker_file import rules
from providers.worker_file.models import FileEntry
from providers.worker_file.rules import Completeness, Held, completeness
from providers.workers.models import Worker

Form = CredentialType.Form
PART_OF_FORM: Mapping[str, int] = {
    Form.IDENTITY: rules.IDENTITY,
    Form.SKILL_LEVEL: rules.CAREER,
    Form.TRAINING: rules.CAREER,
    Form.LICENCE: rules.CAREER,
    Form.SPECIAL_OPERATION: rules.CAREER,
    Form.SPECIALTY: rules.CAREER,
    Form.EXAM: rules.HEALTH,
    Form.RECORD_CHECK: rules.BACKGROUND,
    Form.INSURANCE: rules.INSURANCE,
    Form.CITY_CARD: rules.OTHER,
}


@dataclass(frozen=True, slots=True)
class Part:
    """One of the eight parts: its papers, its entries, and what is missing."""

    no: int
    title: str
    papers: tuple[Credential, ...]
    entries: tuple[FileEntry, ...]
    missing: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class File:
    """Everything that the file shows. `hours` of passed courses; `colours` of the service code, newest first."""

    worker: Worker
    parts: tuple[Part, ...]
    completeness: Completeness
    bindings: tuple[Binding, ...]
    authorisations: tuple[Authorisation, ...]
    colours: tuple[ColourChange, ...]
    hours: int
    score: Score

    @property
    def masked_id_number(self) -> str:
        return masked_id_number(self.worker.id_number or "")


def file_of(worker: Worker, on_date: date) -> File:
    """The eight parts of the worker's file as they stand on the day. Eight queries."""
    papers, entries = _papers(worker), _entries(worker)
    authorisations = authorisations_of(worker)
    found = completeness(
        Held(
            papers=frozenset(paper.code for paper in papers if _counts(paper, on_date)),
            entries=frozenset(entry.kind for entry in entries),
            relation=worker.relation,
            has_photo=worker.photo_id is not None,
            has_education=bool(worker.education),
            is_authorised=any(one.withdrawn_at is None for one in authorisations),
        )
    )
    return File(
        worker=worker,
        parts=_parts(papers, entries, found),
        completeness=found,
        bindings=tuple(row for row in bindings_of(worker.user) if row.answered_at and row.state != "declined"),
        authorisations=tuple(authorisations),
        colours=tuple(ColourChange.objects.filter(code__worker=worker).order_by("-at", "-pk")),
        hours=training_hours(worker.user_id),
        score=scores_of_workers([worker.pk], on_date)[worker.pk],
    )


def completeness_of(workers: Sequence[Worker], on_date: date) -> dict[int, Completeness]:
    """How complete the file of each of many is, without showing any of it. Three queries."""
    ids = [worker.pk for worker in workers]
    papers: dict[int, set[str]] = defaultdict(set)
    valid = Q(valid_until__isnull=True) | Q(valid_until__gte=on_date)
    counting = Credential.objects.counting().filter(valid, worker__in=ids, valid_from__lte=on_date)
    for worker_id, code in counting.values_list("worker_id", "code"):
        papers[worker_id].add(code)
    kinds: dict[int, set[str]] = defaultdict(set)
    rows = FileEntry.objects.filter(worker__in=ids, removed_at__isnull=True)
    for worker_id, kind in rows.values_list("worker_id", "kind"):
        kinds[worker_id].add(kind)
    authorised = authorised_among(ids)
    return {
        one.pk: completeness(
            Held(
                frozenset(papers[one.pk]), frozenset(kinds[one.pk]), one.relation, one.photo_id is not None,
                bool(one.education), one.pk in authorised,
            )
        )
        for one in workers
    }  # fmt: skip


def entries_open_to(scope: Scope) -> QuerySet[FileEntry]:
    """The entries that the person may read: their own, or those of the workers they staff who are authorised."""
    rows: QuerySet[FileEntry] = FileEntry.objects.visible_to(scope).filter(removed_at__isnull=True)
    mine = Q(worker_id=scope.worker_id or 0)
    if EnterpriseRight.STAFFING in scope.enterprise_rights:
        authorised = Authorisation.objects.filter(worker=OuterRef("worker"), withdrawn_at__isnull=True)
        mine |= Q(Exists(authorised), worker__enterprise_id=scope.enterprise_id or 0)
    return rows.filter(mine).select_related("worker", "scan")


def entries_removable_by(scope: Scope) -> QuerySet[FileEntry]:
    """Those that the person, or somebody of the enterprise they staff, has written: nobody strikes another's word."""
    written = Q(recorded_by_id=scope.user_id or 0, worker_id=scope.worker_id or 0)
    if EnterpriseRight.STAFFING in scope.enterprise_rights:
        written |= Q(
            recorded_by__enterprise_post__enterprise_id=scope.enterprise_id or 0,
            worker__enterprise_id=scope.enterprise_id or 0,
        )
    return entries_open_to(scope).filter(written)


def _parts(papers: Sequence[Credential], entries: Sequence[FileEntry], found: Completeness) -> tuple[Part, ...]:
    forms = dict(CredentialType.objects.values_list("code", "form"))
    return tuple(
        Part(
            no=part.value,
            title=str(part.label),
            papers=tuple(one for one in papers if PART_OF_FORM.get(forms.get(one.code, ""), rules.OTHER) == part.value),
            entries=tuple(one for one in entries if one.part == part.value),
            missing=found.missing.get(part.value, ()),
        )
        for part in FileEntry.Part
    )


def _papers(worker: Worker) -> list[Credential]:
    return list(Credential.objects.counting().filter(worker=worker).order_by("code", "-valid_from", "-pk"))


def _entries(worker: Worker) -> list[FileEntry]:
    rows = FileEntry.objects.filter(worker=worker, removed_at__isnull=True).select_related("recorded_by")
    return list(rows.order_by("part", "-from_date", "-recorded_at", "-pk"))


def _counts(paper: Credential, on_date: date) -> bool:
    return paper.valid_from <= on_date and (paper.valid_until is None or paper.valid_until >= on_date)
