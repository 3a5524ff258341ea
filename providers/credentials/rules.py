"""The credential gate: may this worker, of this enterprise, do this job on that day?

Pure: needs (the rows of the enforcement table for one item), papers and the job's circumstances in, a
verdict out. `assess` answers for one day with reasons; `permitted_periods` answers for a stretch of
days without them. Both stand on `holding`, and a property test keeps them in step.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from homeservice.kernel.vocabulary import CHILD_GROUPS, CareLevel, Circumstance
from providers.workers.rules import LEAST_AGE_YEARS

DAY = timedelta(days=1)
RANKED_UPWARD = frozenset({"HX"})  # exam classes 1..4: a larger one is stricter; skills count down from 5 to 1

ALLOW, WARN, BLOCK = "allow", "warn", "block"
Period = tuple[date, date]
Text = str | Promise  # in the reader's language when it is shown


class Paper(NamedTuple):
    """A verified credential. `valid_until` is its last day; None means no end."""

    code: str
    level: int | None
    valid_from: date
    valid_until: date | None


class Alternative(NamedTuple):
    """One paper that would do; `level` None means any."""

    code: str
    level: int | None


@dataclass(frozen=True, slots=True)
class Need:
    """One row of the enforcement table that concerns the item."""

    reason_code: str
    holder: str
    any_of: tuple[Alternative, ...]
    condition: str
    effect: str
    basis: str
    text: Text
    mend: Text
    valid_from: date
    valid_until: date | None = None
    max_age_days: int | None = None
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Context:
    """The job's circumstances: `acts` of `Circumstance`, `groups` of the people served (`Group`).

    A child among those served is a child present, and `at_height` is the act of that name: either way to say it will do.
    """

    child_present: bool = False
    care_level: int = 0
    at_height: bool = False
    acts: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()


ORDINARY = Context()


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands before all papers: the worker's own state and that of the enterprise.

    `enterprise_state` None: bound to no enterprise. `birth_date` None: age is not asked.
    `authorised`: the worker's letter of authorisation is in force.
    """

    worker_state: str = "admitted"
    enterprise_state: str | None = "admitted"
    birth_date: date | None = None
    authorised: bool = True

    @property
    def forbids(self) -> bool:
        """Whether it forbids everything, whatever the day."""
        return not (self.worker_state == self.enterprise_state == "admitted" and self.authorised)


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason to warn or block. `cause`: missing, lapsed, not_yet, level, too_old or standing."""

    reason_code: str
    effect: str
    basis: str
    cause: str
    text: Text
    mend: Text
    holder: str = "worker"
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """The gate's answer for one day: allow, warn or block, and why."""

    verdict: str
    findings: tuple[Finding, ...] = field(default=())

    @property
    def blocking(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.effect == BLOCK)

    @property
    def reasons(self) -> str:
        """What blocks, in one line, for people."""
        return str(_("; ")).join(str(finding.text) for finding in self.blocking)

    @property
    def reason_codes(self) -> tuple[str, ...]:
        return tuple(finding.reason_code for finding in self.findings)


def assess(
    needs: Iterable[Need],
    worker_papers: Sequence[Paper],
    enterprise_papers: Sequence[Paper],
    *,
    on_date: date,
    context: Context = ORDINARY,
    standing: Standing | None = None,
) -> Assessment:
    """The verdict for one day. `standing` None asks for papers only (publishing a listing, say)."""
    asked = needs_asked(needs, on_date=on_date, context=context)
    return judge(asked, worker_papers, enterprise_papers, on_date=on_date, standing=standing)


def needs_asked(needs: Iterable[Need], *, on_date: date, context: Context) -> list[Need]:
    """What is asked of everybody in the circumstances of the day: decided once for all workers.

    Of needs for the very same paper the one that blocks, by law if one does: a child in the home makes a rule of the
    platform the law's, and nobody is told of one missing paper twice.
    """
    found: dict[tuple[str, tuple[Alternative, ...], int | None], Need] = {}
    for need in needs:
        if applies(need, context) and _in_force(need, on_date):
            same = need.holder, need.any_of, need.max_age_days
            if same not in found or _strength(need) > _strength(found[same]):
                found[same] = need
    return list(found.values())


def judge(
    asked: Iterable[Need],
    worker_papers: Sequence[Paper],
    enterprise_papers: Sequence[Paper],
    *,
    on_date: date,
    standing: Standing | None = None,
) -> Assessment:
    """The verdict on the papers for what `needs_asked` left."""
    findings = list(_standing_findings(standing, on_date)) if standing else []
    for need in asked:
        papers = worker_papers if need.holder == "worker" else enterprise_papers
        if not any(_holds_on(need, paper, on_date) for paper in papers):
            findings.append(_finding(need, papers, on_date))
    effects = {finding.effect for finding in findings}
    verdict = BLOCK if BLOCK in effects else WARN if WARN in effects else ALLOW
    return Assessment(verdict, tuple(findings))


def permitted_periods(
    needs: Iterable[Need],
    worker_papers: Sequence[Paper],
    enterprise_papers: Sequence[Paper],
    *,
    window: Period,
    standing: Standing | None = None,
) -> list[Period]:
    """The parts of the half-open window on which `assess` would not block.

    `needs` are those that `blocking_needs` left: blocking ones that apply to the job.
    """
    start, end = _standing_window(standing, window)
    if start >= end:
        return []
    permitted = [(start, end)]
    mine, ours = _by_code(worker_papers), _by_code(enterprise_papers)
    for need in needs:
        spans = _spans(need, mine if need.holder == "worker" else ours, start, end)
        if spans is not None:
            permitted = _intersection(permitted, spans)
            if not permitted:
                break
    return permitted


def blocking_needs(needs: Iterable[Need], context: Context) -> list[Need]:
    """The needs that can block the job at all: decided once for all workers. Those for the very same paper, of the
    same time, are one."""
    blocking = (need for need in needs if need.effect == BLOCK and applies(need, context))
    asked = {(one.holder, one.any_of, one.max_age_days, one.valid_from, one.valid_until): one for one in blocking}
    return list(asked.values())


def applies(need: Need, context: Context) -> bool:
    """Whether the need's condition is met by the job's circumstances."""
    if need.condition == "always":
        return True
    if need.condition == "child":
        return context.child_present or not CHILD_GROUPS.isdisjoint(context.groups)
    if need.condition == "care_level_2":
        return context.care_level >= CareLevel.MODERATE
    if need.condition == "group":
        return not need.groups.isdisjoint(context.groups)
    if need.condition == Circumstance.HEIGHT and context.at_height:
        return True
    return need.condition in context.acts


def satisfies(alternative: Alternative, paper: Paper) -> bool:
    """Whether the paper is of the code and of the level or better."""
    if alternative.code != paper.code:
        return False
    if alternative.level is None:
        return True
    if paper.level is None:
        return False
    if alternative.code in RANKED_UPWARD:
        return paper.level >= alternative.level
    return paper.level <= alternative.level


def birthday(born: date, years: int) -> date:
    """The day on which the person becomes so many years old; 1 March for one born on 29 February."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def _strength(need: Need) -> tuple[bool, bool]:
    return need.effect == BLOCK, need.basis == "law"


def _in_force(need: Need, on_date: date) -> bool:
    return need.valid_from <= on_date and (need.valid_until is None or on_date <= need.valid_until)


def holding(paper: Paper, max_age_days: int | None) -> Period:
    """The half-open period on which the paper holds, its age counted in."""
    last_day = paper.valid_until or date.max  # some registers write 9999-12-31 for "no end"
    end = last_day if last_day == date.max else last_day + DAY
    if max_age_days is not None:
        end = min(end, paper.valid_from + timedelta(days=max_age_days + 1))
    return paper.valid_from, end


def _fits(need: Need, paper: Paper) -> bool:
    return any(satisfies(alternative, paper) for alternative in need.any_of)


def _holds_on(need: Need, paper: Paper, on_date: date) -> bool:
    start, end = holding(paper, need.max_age_days)
    return start <= on_date < end and _fits(need, paper)


def _by_code(papers: Sequence[Paper]) -> dict[str, list[Paper]]:
    """The papers by code: the gate is asked for a thousand workers at a time, so each need looks only at its own."""
    found: dict[str, list[Paper]] = {}
    for paper in papers:
        found.setdefault(paper.code, []).append(paper)
    return found


def _spans(need: Need, papers: Mapping[str, list[Paper]], start: date, end: date) -> list[Period] | None:
    """The days of [start, end) on which the need is met or not in force; None: on all of them."""
    spans: list[Period] = []
    for alternative in need.any_of:
        for paper in papers.get(alternative.code, ()):
            if satisfies(alternative, paper):
                first, last = holding(paper, need.max_age_days)
                if first <= start and end <= last:
                    return None
                spans.append((max(first, start), min(last, end)))
    return _union(spans + _days_out_of_force(need, start, end))


def _days_out_of_force(need: Need, start: date, end: date) -> list[Period]:
    spans: list[Period] = []
    if need.valid_from > start:
        spans.append((start, min(need.valid_from, end)))
    if need.valid_until is not None and need.valid_until < end:
        spans.append((max(need.valid_until + DAY, start), end))
    return spans


def _union(spans: list[Period]) -> list[Period]:
    """Sorted, non-empty and merged where they touch or overlap."""
    merged: list[Period] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _intersection(left: list[Period], right: list[Period]) -> list[Period]:
    both = [(max(a, c), min(b, d)) for a, b in left for c, d in right]
    return [span for span in both if span[0] < span[1]]


def _standing_window(standing: Standing | None, window: Period) -> Period:
    """The window without the days on which the worker's own standing forbids everything."""
    start, end = window
    if standing is None:
        return start, end
    if standing.forbids:
        return start, start
    if standing.birth_date is not None:
        start = max(start, birthday(standing.birth_date, LEAST_AGE_YEARS))
    return start, end


def _standing_findings(standing: Standing, on_date: date) -> Iterable[Finding]:
    if not standing.authorised:
        yield NOT_AUTHORISED
    if standing.worker_state != "admitted":
        yield _NOT_ADMITTED
    if standing.enterprise_state is None:
        yield _NO_ENTERPRISE
    elif standing.enterprise_state != "admitted":
        yield ENTERPRISE_NOT_ACTIVE
    if standing.birth_date is not None and on_date < birthday(standing.birth_date, LEAST_AGE_YEARS):
        yield _UNDER_AGE


def _finding(need: Need, papers: Sequence[Paper], on_date: date) -> Finding:
    cause, since = _cause(need, papers, on_date)
    return Finding(need.reason_code, need.effect, need.basis, cause, need.text, need.mend, need.holder, since)


def _cause(need: Need, papers: Sequence[Paper], on_date: date) -> tuple[str, date | None]:
    """What is wrong with the best paper there is, and since (or until) when."""
    fitting = [paper for paper in papers if _fits(need, paper)]
    if not fitting:
        codes = {alternative.code for alternative in need.any_of}
        return ("level" if any(paper.code in codes for paper in papers) else "missing"), None
    past = [holding(paper, need.max_age_days)[1] for paper in fitting if paper.valid_from <= on_date]
    if not past:
        return "not_yet", min(paper.valid_from for paper in fitting)
    dated = any(p.valid_until is None or p.valid_until >= on_date for p in fitting if p.valid_from <= on_date)
    return ("too_old" if dated else "lapsed"), max(past)


NOT_AUTHORISED = Finding(
    "worker_not_authorised", BLOCK, "platform", "standing",
    _("The worker's letter of authorisation is missing or withdrawn."), _("The worker signs the letter (again)."),
)  # fmt: skip
_NOT_ADMITTED = Finding(
    "worker_not_admitted", BLOCK, "platform", "standing",
    _("The worker is not admitted to the platform, or suspended."),
    _("Complete the admission, or ask the platform's office about the suspension."),
)  # fmt: skip
_NO_ENTERPRISE = Finding(
    "worker_without_enterprise", BLOCK, "law", "standing",
    _("The worker is bound to no enterprise."), _("Bind the worker to an enterprise first."),
)  # fmt: skip
ENTERPRISE_NOT_ACTIVE = Finding(
    "enterprise_not_active", BLOCK, "law", "standing",
    _("The enterprise is not admitted, is suspended or has left: it takes no new orders."),
    _("Complete the enterprise's admission, or clear up the reason of the suspension with the authority."), "enterprise",
)  # fmt: skip
_UNDER_AGE = Finding(
    "worker_under_age", BLOCK, "platform", "standing",
    _("The worker is not yet 18 years old."), _("Work in homes begins at 18."),
)  # fmt: skip
