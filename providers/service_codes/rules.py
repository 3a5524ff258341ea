"""The colour of a service code 家政服务码: from standing and papers, for any day, and for how long it stays. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from homeservice.kernel.vocabulary import Admission, CredentialCode
from providers.credentials.rules import Alternative, Paper, satisfies

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
    return any(_begins(paper) <= on_date < _ends(need, paper) for paper in _of_need(need, papers))


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
    lapsed = any(_ends(need, paper) <= on_date for paper in _of_need(need, papers))
    return f"{need.what}_{'lapsed' if lapsed else 'missing'}"


def _of_need(need: Need, papers: Iterable[Paper]) -> list[Paper]:
    return [paper for paper in papers if any(satisfies(one, paper) for one in need.any_of)]


def _begins(paper: Paper) -> date:
    return paper.valid_from


def _ends(need: Need, paper: Paper) -> date:
    """The first day on which the paper does not meet the need any more."""
    last = paper.valid_until or date.max
    end = date.max if last == date.max else last + DAY
    if need.max_age_days is None:
        return end
    return min(end, paper.valid_from + timedelta(days=need.max_age_days + 1))


def _turning_days(holder: Holder) -> set[date]:
    """Every day on which a need begins or ceases to be met by some paper."""
    turning = {
        day
        for need in (IDENTITY, *holder.needs)
        for paper in _of_need(need, holder.papers)
        for day in (_begins(paper), _ends(need, paper))
    }
    return turning - {date.max}


def words_of(reason: str) -> "Words":
    return WORDS.get(reason, UNKNOWN)


class Words(NamedTuple):
    """What a reason says, and what mends it, in the reader's language."""

    text: Promise
    mend: Promise


MEANING: Mapping[str, Promise] = {
    Colour.GREEN: _("Identity, health exam and insurance are in date."),
    Colour.YELLOW: _("The identity is verified, but a paper is missing or out of date."),
    Colour.RED: _(
        "The identity is not verified, or the platform has excluded the holder. Please do not let them serve you."
    ),
    Colour.GREY: _("Not in service on the platform at present."),
}
MEANING_OF_ENTERPRISES: Mapping[str, Promise] = {
    Colour.GREEN: _("Its licences are in date."),
    Colour.YELLOW: _("A licence that it needs is missing or out of date."),
    Colour.RED: _("Without a business licence, or excluded by the platform. Please do not order there."),
    Colour.GREY: _("Not in service on the platform at present."),
}
_CLEAR_UP = _("Clear up the reason with the office that decided it, or appeal.")
_HAND_IN = _("Hand in the new paper under “Papers”: once it is verified the code turns by itself.")
UNKNOWN = Words(_("Something is missing."), _("Ask the platform's office."))
WORDS: Mapping[str, Words] = {
    "blacklisted": Words(_("Excluded from the platform."), _CLEAR_UP),
    "suspended": Words(_("Suspended."), _CLEAR_UP),
    "exited": Words(_("Left the platform."), _("Apply for admission again to come back.")),
    "not_admitted": Words(_("Not admitted at present."), _("Hand in what is missing for the admission.")),
    "not_bound": Words(_("Bound to no enterprise."), _("Bind yourself to an enterprise: both sides confirm.")),
    "enterprise_not_admitted": Words(
        _("The enterprise is not in service at present."), _("Ask the enterprise, or bind yourself to another one.")
    ),
    "identity_missing": Words(_("The identity is not verified."), _HAND_IN),
    "identity_lapsed": Words(_("The identity document has expired."), _HAND_IN),
    "identity_refused": Words(_("The identity check failed."), _("Ask why at the reviewing office, and hand in the right one.")),
    "exam_missing": Words(_("No health exam of the class that the work needs."), _HAND_IN),
    "exam_lapsed": Words(_("The health exam has expired."), _HAND_IN),
    "food_exam_missing": Words(_("No food handler's health exam."), _HAND_IN),
    "food_exam_lapsed": Words(_("The food handler's health exam has expired."), _HAND_IN),
    "insurance_missing": Words(_("No insurance."), _HAND_IN),
    "insurance_lapsed": Words(_("The insurance has ended."), _HAND_IN),
    "crime_check_missing": Words(_("No crime-background check."), _HAND_IN),
    "crime_check_lapsed": Words(_("The crime-background check is too old."), _HAND_IN),
    "child_protection_missing": Words(_("No child-protection record check."), _HAND_IN),
    "child_protection_lapsed": Words(_("The child-protection record check is more than a year old."), _HAND_IN),
    "pre_job_training_missing": Words(_("Pre-job training is not passed."), _("Enrol in pre-job training near home.")),
    "pre_job_training_lapsed": Words(_("Pre-job training has to be repeated."), _("Enrol in pre-job training near home.")),
    "business_licence_missing": Words(_("No valid business licence."), _HAND_IN),
    "business_licence_lapsed": Words(_("The business licence has expired."), _HAND_IN),
    "agency_licence_missing": Words(_("No labour-agency licence, which an agency needs."), _HAND_IN),
    "agency_licence_lapsed": Words(_("The labour-agency licence has expired."), _HAND_IN),
    "licence_missing": Words(_("No licence for a service that it offers."), _HAND_IN),
    "licence_lapsed": Words(_("The licence for a service that it offers has expired."), _HAND_IN),
}  # fmt: skip
