"""What a machine can say of papers before a person looks at them. Pure: facts in, findings out."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from communities.accounts.rules import parsed_id_number
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import CredentialCode
from providers.enterprises.rules import credit_code
from providers.workers.rules import LEAST_AGE_YEARS, years_old

SCAN_LEAST_BYTES = 20_000  # less than this no page with a seal can be read
ENDS_SOON = timedelta(days=30)


class Check(TextChoices):
    """What may be found, in the words of the desk."""

    CREDIT_CODE = "credit_code", _("The credit code does not add up")
    LICENCE_NUMBER = "licence_number", _("The business licence bears another credit code")
    LICENCE_MISSING = "licence_missing", _("No business licence was handed in")
    REPRESENTATIVE = "representative", _("The legal representative is not the verified person of the account")
    NOT_IDENTIFIED = "not_identified", _("The person's identity is not verified")
    NAME = "name", _("The name differs from the verified identity")
    ID_NUMBER = "id_number", _("The ID number does not add up")
    BIRTH_DATE = "birth_date", _("The birth date differs from the ID number")
    SEX = "sex", _("The sex differs from the ID number")
    UNDER_AGE = "under_age", _("The worker is not yet 18 years old")
    NOT_AUTHORISED = "not_authorised", _("No authorisation is in force")
    NOT_BOUND = "not_bound", _("No binding is in force")
    NO_PAPERS = "no_papers", _("No papers wait to be checked")
    SCAN_MISSING = "scan_missing", _("The scan is missing")
    NO_SCAN = "no_scan", _("Without a scan: look at the original or the public register")
    SCAN_SMALL = "scan_small", _("The scan is too small to be read")
    SCAN_REUSED = "scan_reused", _("The same scan was handed in for somebody else")
    SCAN_OLD = "scan_old", _("The scan is that of the paper before its renewal")
    NUMBER_SHAPE = "number_shape", _("The number does not look like one of this paper")
    OTHER_ID_NUMBER = "other_id_number", _("The identity paper bears another ID number than the worker's")
    OTHER_IDENTITY = "other_identity", _("The ID number differs from the verified identity")
    TWIN = "twin", _("Somebody else handed in a paper with this number")
    RENEWS_REVOKED = "renews_revoked", _("The paper that this one renews has been revoked")
    LAPSED = "lapsed", _("The paper has expired")
    ENDS_SOON = "ends_soon", _("The paper ends within 30 days")
    END_MISSING = "end_missing", _("The last day of validity is missing")
    EXAM_CLASS = "exam_class", _("The health exam is of a lower class than the worker's services ask for")


class Found(NamedTuple):
    """One finding, about the holder or (`paper`, its key) about one paper."""

    code: str
    paper: int | None = None


@dataclass(frozen=True, slots=True)
class PaperSeen:
    """A paper that waits to be checked. `scan_bytes` None: there is no scan."""

    pk: int
    code: str
    level: int | None
    number: str
    valid_until: date | None
    scan_bytes: int | None
    scan_needed: bool = True
    must_end: bool = False
    number_pattern: str = ""
    twin: bool = False
    scan_reused: bool = False
    scan_old: bool = False
    renews_revoked: bool = False


@dataclass(frozen=True, slots=True)
class WorkerSeen:
    """`identity_name` None: the person's identity is not verified. `exam_class`: what the services ask for, or 0."""

    real_name: str
    identity_name: str | None
    id_number: str
    birth_date: date
    sex: str
    authorised: bool
    bound: bool
    exam_class: int = 0
    papers: tuple[PaperSeen, ...] = ()
    identity_number: str = ""


@dataclass(frozen=True, slots=True)
class EnterpriseSeen:
    """`licence_verified`: a business licence in force was verified earlier."""

    social_credit_code: str
    representative: str
    identity_name: str | None
    licence_verified: bool = False
    papers: tuple[PaperSeen, ...] = ()


def findings_of_worker(seen: WorkerSeen, today: date, *, joining: bool) -> list[Found]:
    """What is wrong with the papers; `joining` asks about the person as well."""
    found = [Found(code) for code in _person(seen, today)] if joining else []
    for paper in seen.papers:
        found += [Found(code, paper.pk) for code in _paper(paper, today)]
        if paper.code == CredentialCode.ID and seen.id_number and _bare(paper.number) != seen.id_number:
            found.append(Found(Check.OTHER_ID_NUMBER, paper.pk))
        if paper.code == CredentialCode.EXAM and (paper.level or 0) < seen.exam_class:
            found.append(Found(Check.EXAM_CLASS, paper.pk))
    return _with_papers(found, seen.papers, joining)


def findings_of_enterprise(seen: EnterpriseSeen, today: date, *, joining: bool) -> list[Found]:
    """What is wrong with the licences; `joining` asks about the enterprise as well."""
    found = [Found(code) for code in _firm(seen)] if joining else []
    for paper in seen.papers:
        found += [Found(code, paper.pk) for code in _paper(paper, today)]
        if paper.code == CredentialCode.BUSINESS_LICENCE and _bare(paper.number) != seen.social_credit_code:
            found.append(Found(Check.LICENCE_NUMBER, paper.pk))
    return _with_papers(found, seen.papers, joining)


def grouped(findings: list[Mapping[str, object]]) -> dict[int | None, list[str]]:
    """The words of kept findings by paper; None holds what concerns the holder."""
    words: dict[int | None, list[str]] = {}
    for one in findings:
        paper = one.get("paper")
        code = str(one["code"])
        label = str(Check(code).label) if code in Check.values else code
        words.setdefault(paper if isinstance(paper, int) else None, []).append(label)
    return words


def _with_papers(found: list[Found], papers: tuple[PaperSeen, ...], joining: bool) -> list[Found]:
    return found if papers or joining else [*found, Found(Check.NO_PAPERS)]


def _person(seen: WorkerSeen, today: date) -> Iterator[str]:
    if seen.identity_name is None:
        yield Check.NOT_IDENTIFIED
    elif seen.identity_name != seen.real_name:
        yield Check.NAME
    if seen.id_number and seen.identity_number not in ("", seen.id_number):
        yield Check.OTHER_IDENTITY
    if seen.id_number:
        yield from _id_number(seen, today)
    if years_old(seen.birth_date, today) < LEAST_AGE_YEARS:
        yield Check.UNDER_AGE
    if not seen.authorised:
        yield Check.NOT_AUTHORISED
    if not seen.bound:
        yield Check.NOT_BOUND


def _id_number(seen: WorkerSeen, today: date) -> Iterator[str]:
    try:
        says = parsed_id_number(seen.id_number, today=today)
    except DomainError:
        yield Check.ID_NUMBER
        return
    if says.birth_date != seen.birth_date:
        yield Check.BIRTH_DATE
    if says.sex != seen.sex:
        yield Check.SEX


def _firm(seen: EnterpriseSeen) -> Iterator[str]:
    try:
        credit_code(seen.social_credit_code)
    except DomainError:
        yield Check.CREDIT_CODE
    if seen.identity_name is None or seen.identity_name != seen.representative:
        yield Check.REPRESENTATIVE
    handed_in = any(paper.code == CredentialCode.BUSINESS_LICENCE for paper in seen.papers)
    if not seen.licence_verified and not handed_in:
        yield Check.LICENCE_MISSING


def _paper(paper: PaperSeen, today: date) -> Iterator[str]:
    if paper.scan_bytes is None:
        yield Check.SCAN_MISSING if paper.scan_needed else Check.NO_SCAN
    elif paper.scan_bytes < SCAN_LEAST_BYTES:
        yield Check.SCAN_SMALL
    if paper.scan_reused:
        yield Check.SCAN_REUSED
    if paper.scan_old:
        yield Check.SCAN_OLD
    if paper.number_pattern and not re.fullmatch(paper.number_pattern, _bare(paper.number)):
        yield Check.NUMBER_SHAPE
    if paper.twin:
        yield Check.TWIN
    if paper.renews_revoked:
        yield Check.RENEWS_REVOKED
    yield from _validity(paper, today)


def _validity(paper: PaperSeen, today: date) -> Iterator[str]:
    if paper.valid_until is None:
        if paper.must_end:
            yield Check.END_MISSING
    elif paper.valid_until < today:
        yield Check.LAPSED
    elif paper.valid_until < today + ENDS_SOON:
        yield Check.ENDS_SOON


def _bare(number: str) -> str:
    return "".join(number.split()).upper()
