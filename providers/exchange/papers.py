"""Rows of papers: checked against their types, each other and the database, and handed in as a whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import translation
from django.utils.translation import gettext_noop
from simple_history.utils import bulk_create_with_history

from communities.accounts.models import phone_index
from communities.accounts.rules import mainland_mobile
from homeservice.foundation import audit
from homeservice.kernel.clock import local_day
from homeservice.kernel.errors import DomainError
from homeservice.kernel.queue import wake
from homeservice.kernel.vocabulary import Admission
from providers.bindings.models import Binding
from providers.credentials.models import Credential, number_index
from providers.credentials.papers import PaperType, checked_number, end_of_validity, why_not_paper
from providers.credentials.registry import types_for
from providers.enterprises.models import Enterprise
from providers.exchange.rules import TWICE, Fault
from providers.workers.actions import id_number_index, mark_papers_changed
from providers.workers.models import Worker

BATCH = 1000
OPEN_CASES = "providers.admission.open_cases"
COLUMNS = frozenset({"code", "level", "number", "valid_from", "valid_until"})

NOT_YOURS = gettext_noop("None of your workers has this number.")
UNKNOWN_TYPE = gettext_noop("The platform does not take this kind of paper.")
LEVELS = gettext_noop("Choose one of: %(choices)s.")
ON_FILE = gettext_noop("A paper of this issuer with this number is on file already.")


@dataclass(slots=True)
class Plan:
    """What taking over would do."""

    new: list[Credential] = field(default_factory=list)
    same: int = 0
    faults: list[Fault] = field(default_factory=list)


def plan(enterprise: Enterprise, rows: Sequence[tuple[int, dict[str, Any]]], *, at: datetime) -> Plan:
    """What the rows would hand in, and all that is wrong with them. Four queries, whatever their number."""
    made, today = Plan(), local_day(at)
    types = {row.code: row.rules for row in types_for(of_enterprise=False)}
    holders = _holders(enterprise, rows)
    papers: list[tuple[int, Credential]] = []
    for number, values in rows:
        paper, wrong = _paper(number, values, holders.get(number), types, today)
        made.faults += wrong
        if paper:
            papers.append((number, paper))
    _keep_new(made, papers)
    return made


def hand_in(made: Plan, *, actor_id: int, at: datetime) -> None:
    """The papers wait for their check, as if each had been handed in by itself. The caller holds the transaction."""
    for paper in made.new:
        paper.submitted_at, paper.submitted_by_id = at, actor_id
    papers = bulk_create_with_history(made.new, Credential, batch_size=BATCH, default_date=at)
    audit.record_all(
        papers, at=at, actor_id=actor_id, action="credential_submitted",
        detail=lambda paper: {"code": paper.code, "method": ""},
    )  # fmt: skip
    mark_papers_changed(worker_ids=sorted({paper.worker_id for paper in papers if paper.worker_id}), at=at)
    wake(OPEN_CASES)


def _paper(
    number: int, values: Mapping[str, Any], worker_id: int | None, types: Mapping[str, PaperType], today: date
) -> tuple[Credential | None, list[Fault]]:
    kind, faults = types.get(values["code"]), []
    if worker_id is None:
        faults.append(Fault(number, "holder", "not_your_worker", NOT_YOURS))
    if kind is None:
        return None, [*faults, Fault(number, "code", "credential_unknown", UNKNOWN_TYPE)]
    with translation.override("en"):  # faults are kept as their English sources
        faults += _faults_of(number, kind, values, today)
        if faults:
            return None, faults
        checked = checked_number(kind, values["number"], today=today)
    return Credential(
        worker_id=worker_id, code=kind.code, level=values["level"], issuer=values["issuer"], number=checked,
        number_index=number_index(checked), valid_from=values["valid_from"],
        valid_until=end_of_validity(kind, values["valid_from"], values["valid_until"]),
        state=Credential.State.SUBMITTED,
    ), []  # fmt: skip


def _faults_of(number: int, kind: PaperType, values: Mapping[str, Any], today: date) -> Iterable[Fault]:
    refusal = why_not_paper(
        kind, values["level"], values["valid_from"], values["valid_until"], of_enterprise=False, today=today
    )
    if refusal and refusal.code == "credential_level" and kind.levels:
        yield Fault(number, "level", refusal.code, LEVELS, {"choices": ", ".join(str(one) for one in kind.levels)})
    elif refusal:
        yield Fault(number, refusal.field if refusal.field in COLUMNS else "", refusal.code, str(refusal.message))
    try:
        checked_number(kind, values["number"], today=today)
    except DomainError as error:
        yield Fault(number, "number", error.code, str(error.message))


def _keep_new(made: Plan, papers: Sequence[tuple[int, Credential]]) -> None:
    """Those that are on file exactly so change nothing; those of somebody else, or otherwise dated, are faults."""
    indexes = {paper.number_index for _number, paper in papers}
    on_file = Credential.objects.filter(number_index__in=indexes, renews__isnull=True)
    known = {_key(row): row for row in on_file.exclude(state=Credential.State.REFUSED)}
    first: dict[Any, int] = {}
    for number, paper in papers:
        before = known.get(_key(paper))
        if _key(paper) in first:
            made.faults.append(Fault(number, "number", "twice", TWICE, {"row": first[_key(paper)]}))
        elif before is None:
            made.new.append(paper)
        elif _same(before, paper):
            made.same += 1
        else:
            made.faults.append(Fault(number, "number", "credential_twice", ON_FILE))
        first.setdefault(_key(paper), number)


def _key(paper: Credential) -> tuple[str, str, str]:
    return paper.code, paper.issuer, paper.number_index


def _same(before: Credential, after: Credential) -> bool:
    return all(
        getattr(before, name) == getattr(after, name) for name in ("worker_id", "level", "valid_from", "valid_until")
    )


def _holders(enterprise: Enterprise, rows: Iterable[tuple[int, Mapping[str, Any]]]) -> dict[int, int]:
    """The worker of each row: one who works for the enterprise, or whom it has entered and who has yet to sign."""
    numbers = {number: id_number_index(_number(values["holder"])) for number, values in rows}
    phones = {number: _phone(values["holder"]) for number, values in rows}
    invited = Binding.objects.filter(user=OuterRef("user"), enterprise=enterprise, state=Binding.State.PROPOSED)
    entered = Q(enterprise__isnull=True, state=Admission.AWAITING_AUTHORISATION) & Exists(
        invited.filter(proposed_by=Binding.Side.ENTERPRISE)
    )
    wanted = Q(id_number_index__in=set(numbers.values())) | Q(
        user__phone_index__in={one for one in phones.values() if one}
    )
    found = Worker.objects.filter(Q(enterprise=enterprise) | entered).filter(wanted)
    by_number, by_phone = {}, {}
    for pk, number_of, phone_of in found.values_list("pk", "id_number_index", "user__phone_index"):
        by_number[number_of], by_phone[phone_of] = pk, pk
    by_number.pop("", None)
    matched = {number: by_number.get(index) or by_phone.get(phones[number]) for number, index in numbers.items()}
    return {number: pk for number, pk in matched.items() if pk}


def _number(text: str) -> str:
    return "".join(text.split()).upper()


def _phone(text: str) -> str:
    try:
        return phone_index(mainland_mobile(text))
    except DomainError:
        return ""
