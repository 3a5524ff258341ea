"""Service codes 家政服务码: what colour a code has on a day and for how long, and who sees what of its holder. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from homeservice.kernel.vocabulary import Admission, CredentialCode
from providers.credentials.rules import Alternative, Paper, Period, holding, satisfies

DAY = timedelta(days=1)
CHILD_CHECK_DAYS = 365


class Colour(TextChoices):
    GREEN = "green", _("Green")
    YELLOW = "yellow", _("Yellow")
    RED = "red", _("Red")
    GREY = "grey", _("Grey")


SEVERITY: Mapping[str, int] = {Colour.GREEN: 0, Colour.YELLOW: 1, Colour.GREY: 2, Colour.RED: 3}


class Verdict(NamedTuple):
    """A colour, and what keeps it from green: codes of `WORDS`."""

    colour: Colour
    reasons: tuple[str, ...] = ()


GREEN = Verdict(Colour.GREEN)


@dataclass(frozen=True, slots=True)
class Need:
    """Something that must be in date. `what` begins the reason's code: `exam` gives `exam_missing` or `exam_lapsed`."""

    what: str
    any_of: tuple[Alternative, ...]
    max_age_days: int | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """A worker or an enterprise as its code is computed.

    `enterprise_state` is the worker's enterprise's: None when bound to none. `identity_refused`: the last word on the
    identity was no. `ever_licensed`: an enterprise's business licence was verified once.
    """

    state: str
    papers: Sequence[Paper] = ()
    needs: Sequence[Need] = ()
    enterprise_state: str | None = Admission.ADMITTED
    identity_refused: bool = False
    ever_licensed: bool = True


def any_level(what: str, code: str, max_age_days: int | None = None) -> Need:
    return Need(what, (Alternative(code, None),), max_age_days)


IDENTITY = any_level("identity", CredentialCode.ID)
EXAM = any_level("exam", CredentialCode.EXAM)
INSURANCE = any_level("insurance", CredentialCode.INSURANCE)
BUSINESS_LICENCE = any_level("business_licence", CredentialCode.BUSINESS_LICENCE)
AGENCY_LICENCE = any_level("agency_licence", CredentialCode.LABOUR_AGENCY)
# whose kinds of service are not known yet is asked what nearly every kind asks
OF_ANY_KIND = (
    EXAM,
    any_level("crime_check", CredentialCode.CRIME_CHECK),
    any_level("child_protection", CredentialCode.CHILD_PROTECTION, CHILD_CHECK_DAYS),
    any_level("pre_job_training", CredentialCode.PRE_JOB_TRAINING),
)
# of all that a kind of service asks, the code tells these (domain §2.5)
TOLD_BY_THE_CODE: Mapping[str, str] = {
    CredentialCode.EXAM: "exam",
    CredentialCode.FOOD_EXAM: "food_exam",
    CredentialCode.CRIME_CHECK: "crime_check",
    CredentialCode.CHILD_PROTECTION: "child_protection",
    CredentialCode.PRE_JOB_TRAINING: "pre_job_training",
}


def needs_of_worker(asked: Iterable[Need]) -> tuple[Need, ...]:
    """What must be in date for green: what the worker's kinds ask of what a code tells, an exam at least, and insurance."""
    found = tuple(dict.fromkeys(asked)) or OF_ANY_KIND
    exam = () if any(need.what in ("exam", "food_exam") for need in found) else (EXAM,)
    return (*exam, *found, INSURANCE)


def judge_worker(holder: Holder, on_date: date) -> Verdict:
    """The colour of a worker's code on a day.

    Red warns: blacklisted, or nobody the platform could identify. Grey: nobody who serves now. Yellow: identified, but
    something that the work needs is not in date.
    """
    if holder.state == Admission.BLACKLISTED:
        return Verdict(Colour.RED, ("blacklisted",))
    standing = _why_out_of_service(holder)
    if standing:
        return Verdict(Colour.GREY, (standing,))
    if not in_date(IDENTITY, holder.papers, on_date):
        refused = holder.identity_refused and not _of_need(IDENTITY, holder.papers)
        return Verdict(Colour.RED, ("identity_refused" if refused else _reason(IDENTITY, holder.papers, on_date),))
    return _yellow_or_green(holder, on_date)


def judge_enterprise(holder: Holder, on_date: date) -> Verdict:
    """The colour of an enterprise's code on a day: its standing first, then the licences of what it does."""
    if holder.state == Admission.BLACKLISTED:
        return Verdict(Colour.RED, ("blacklisted",))
    if holder.state != Admission.ADMITTED:
        return Verdict(Colour.GREY, (_reason_of_state(holder.state),))
    if not holder.ever_licensed:
        return Verdict(Colour.RED, ("business_licence_missing",))
    return _yellow_or_green(holder, on_date)


def last_day(judge: Callable[[Holder, date], Verdict], holder: Holder, on_date: date) -> date | None:
    """The last day on which the verdict of `on_date` stays as it is; None: until somebody changes something."""
    now = judge(holder, on_date)
    for day in sorted(day for day in _turning_days(holder) if day > on_date):
        if judge(holder, day) != now:
            return day - DAY
    return None


def in_date(need: Need, papers: Iterable[Paper], on_date: date) -> bool:
    """Whether one of the papers meets the need on the day, its age counted in."""
    return any(begins <= on_date < ends for begins, ends in _holdings(need, papers))


def got_worse(before: str, after: str) -> bool:
    return SEVERITY[after] > SEVERITY[before]


def _why_out_of_service(holder: Holder) -> str:
    if holder.state != Admission.ADMITTED:
        return _reason_of_state(holder.state)
    if holder.enterprise_state is None:
        return "not_bound"
    return "" if holder.enterprise_state == Admission.ADMITTED else "enterprise_not_admitted"


def _reason_of_state(state: str) -> str:
    return state if state in (Admission.SUSPENDED, Admission.EXITED) else "not_admitted"


def _yellow_or_green(holder: Holder, on_date: date) -> Verdict:
    open_needs = [need for need in holder.needs if not in_date(need, holder.papers, on_date)]
    reasons = dict.fromkeys(_reason(need, holder.papers, on_date) for need in open_needs)
    return Verdict(Colour.YELLOW, tuple(reasons)) if reasons else GREEN


def _reason(need: Need, papers: Sequence[Paper], on_date: date) -> str:
    """`exam_lapsed` where a fitting paper was in date before, `exam_missing` where none was."""
    lapsed = any(ends <= on_date for _begins, ends in _holdings(need, papers))
    return f"{need.what}_{'lapsed' if lapsed else 'missing'}"


def _of_need(need: Need, papers: Iterable[Paper]) -> list[Paper]:
    return [paper for paper in papers if any(satisfies(one, paper) for one in need.any_of)]


def _holdings(need: Need, papers: Iterable[Paper]) -> list[Period]:
    """From when until when (half-open) each fitting paper meets the need."""
    return [holding(paper, need.max_age_days) for paper in _of_need(need, papers)]


def _turning_days(holder: Holder) -> set[date]:
    """Every day on which a need begins or ceases to be met by some paper."""
    turning = {day for need in (IDENTITY, *holder.needs) for period in _holdings(need, holder.papers) for day in period}
    return turning - {date.max}


class Viewer(StrEnum):
    """By what right somebody looks at a worker's code (domain §2.5)."""

    ANYONE = "anyone"
    CONSUMER = "consumer"
    AUTHORISED = "authorised"
    INSTITUTION = "institution"
    REGULATOR = "regulator"


class Show(StrEnum):
    """How much of a field is shown."""

    NOTHING = "nothing"
    ALL = "all"
    VALIDITY = "validity"
    RESULT = "result"
    LIST = "list"
    MASKED = "masked"


_NO, _YES = Show.NOTHING, Show.ALL
# field: anyone, consumer with an order or at the door, worker-authorised, own institution, regulator on duty
VISIBLE: Mapping[str, tuple[Show, Show, Show, Show, Show]] = {
    "colour": (_YES, _YES, _YES, _YES, _YES),
    "photo_id": (_YES, _YES, _YES, _YES, _YES),
    "masked_name": (_YES, _YES, _YES, _YES, _YES),
    "institution": (_YES, _YES, _YES, _YES, _YES),
    "valid_until": (_YES, _YES, _YES, _YES, _YES),
    "full_name": (_NO, _YES, _YES, _YES, _YES),
    "sex": (_NO, _YES, _YES, _YES, _YES),
    "age_band": (_NO, _YES, _YES, _YES, _YES),
    "origin_province": (_NO, _YES, _YES, _YES, _YES),
    "identity": (_YES, _YES, _YES, _YES, _YES),
    "exam": (Show.VALIDITY, _YES, _YES, _YES, _YES),
    "background": (_NO, _YES, _YES, Show.RESULT, Show.RESULT),
    "skills": (Show.LIST, Show.MASKED, Show.MASKED, _YES, _YES),
    "training": (_YES, _YES, _YES, _YES, _YES),
    "record": (_YES, _YES, _YES, _YES, _YES),
    "contract": (_NO, _YES, _YES, _YES, _YES),
    "insurance": (_NO, _YES, _YES, _YES, _YES),
    # the code has no such fields for anybody: an institution finds the phone in its list of workers, an office in a case
    "id_number": (_NO, _NO, _NO, _NO, _NO),
    "phone": (_NO, _NO, _NO, _NO, _NO),
    "address": (_NO, _NO, _NO, _NO, _NO),
    "bank": (_NO, _NO, _NO, _NO, _NO),
}
OF_RIGHT = frozenset({Viewer.INSTITUTION, Viewer.REGULATOR})  # they need no authorisation of the worker's (GD Art 11)


class Identity(NamedTuple):
    verified: bool
    on_date: date | None


class InDate(NamedTuple):
    """A paper that is in date, in words, and its last day."""

    words: str
    valid_until: date | None


class Exam(NamedTuple):
    """Whether an exam of the class that the work needs is in date, and which are."""

    fits: bool
    papers: tuple[InDate, ...] = ()


class Check(NamedTuple):
    """A background check: passed, or pending. Nothing else of it is kept or shown."""

    name: str
    passed: bool
    on_date: date | None = None


class Skill(NamedTuple):
    """An occupation with its level, and the certificate's number."""

    words: str
    number: str = ""


class Training(NamedTuple):
    hours: int
    pre_job: bool


class Record(NamedTuple):
    """Star by the labour authority, the platform's rating, visits done, complaints upheld."""

    star: int | None
    rating: float | None
    orders: int
    complaints: int


@dataclass(frozen=True, slots=True)
class WorkerFacts:
    """What a worker's code could show; nobody is shown more than `visible` leaves."""

    authorised: bool
    colour: str
    valid_until: date | None
    photo_id: int | None
    masked_name: str
    full_name: str
    institution: str
    sex: str
    age_band: str
    origin_province: str
    identity: Identity
    exam: Exam
    background: tuple[Check, ...]
    skills: tuple[Skill, ...]
    training: Training
    record: Record
    contract: str
    insurance: tuple[date | None, ...]


def how_much(field: str, viewer: Viewer) -> Show:
    return VISIBLE[field][tuple(Viewer).index(viewer)]


def visible(facts: WorkerFacts, viewer: Viewer) -> dict[str, Any]:
    """What the viewer is shown, by field. Of a worker who has not authorised it, or no longer does: the state alone."""
    if not facts.authorised and viewer not in OF_RIGHT:
        return {"colour": facts.colour}
    shown = {field: how_much(field, viewer) for field in VISIBLE}
    return {field: _cut(facts, field, show) for field, show in shown.items() if show != Show.NOTHING}


def _cut(facts: WorkerFacts, field: str, show: Show) -> Any:
    if show == Show.VALIDITY:
        return Exam(facts.exam.fits)
    if show == Show.RESULT:
        return tuple(check._replace(on_date=None) for check in facts.background)
    if show == Show.LIST:
        return tuple(skill._replace(number="") for skill in facts.skills)
    if show == Show.MASKED:
        return tuple(skill._replace(number=f"****{skill.number[-4:]}") for skill in facts.skills)
    return getattr(facts, field)
