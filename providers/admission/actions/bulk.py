"""Clean cases are accepted many at a time, in a fixed number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from homeservice.kernel.clock import local_day
from homeservice.kernel.errors import DomainError
from providers.admission.actions.stepping import take_steps
from providers.admission.examination import Examined, examine
from providers.admission.models import ReviewCase
from providers.admission.queries import facts_of
from providers.admission.rules import BULK_MOST, staff, why_not_admit
from providers.credentials.verifying import verify_scans
from providers.enterprises.models import Enterprise
from providers.workers.models import Worker

Kind = ReviewCase.Kind


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """What became of one case: accepted, or why not."""

    case: ReviewCase
    refusal: DomainError | None = None


@transaction.atomic
def accept_cases(*, case_ids: Iterable[int], actor_id: int, at: datetime) -> list[BulkOutcome]:
    """Those of the cases that are still clean are accepted; the answer says of each, in order, what became of it.

    The machine looks at all of them again first: a paper may have come, or run out, since. Cases that somebody
    holds, that were decided, or that are not clean any more stay as they are. Raises `too_many_cases`. Locks the
    cases, then their papers, then the holders, each in key order.
    """
    wanted = sorted(set(case_ids))
    if len(wanted) > BULK_MOST:
        message = _("At most %(count)s cases at a time.") % {"count": BULK_MOST}
        raise DomainError("too_many_cases", message)
    rows = ReviewCase.objects.select_for_update(of=("self",)).filter(pk__in=wanted)
    cases = list(rows.select_related("worker__enterprise", "enterprise").order_by("pk"))
    answers = examine(cases, on_date=local_day(at))
    refusals = _refusals(cases, answers, actor_id, at)
    good = [(case, answer) for case, answer in zip(cases, answers, strict=True) if case.pk not in refusals]
    verify_scans(paper_ids=[pk for _case, answer in good for pk in answer.paper_ids], actor_id=actor_id, at=at)
    _admit([case for case, _answer in good if case.kind == Kind.ADMISSION], actor_id, at)
    ReviewCase.objects.filter(pk__in=[case.pk for case, _answer in good]).update(
        closed_at=at, closed_by_id=actor_id, outcome=ReviewCase.Outcome.ACCEPTED, findings=[], is_clean=True
    )
    return [BulkOutcome(case, refusals.get(case.pk)) for case in cases]


def why_not_bulk(case: ReviewCase, clean: bool, actor_id: int, at: datetime) -> DomainError | None:
    """Why a case can't be accepted with others, or None."""
    if case.closed_at:
        return DomainError("case_closed", _("This case has been decided already."))
    if case.kind == Kind.APPEAL:
        return DomainError("case_appeal", _("An appeal is weighed by a person, one at a time."))
    if case.claimed_until and case.claimed_until > at and case.claimed_by_id != actor_id:
        return DomainError("case_claimed", _("Somebody else is working on this case."))
    return None if clean else DomainError("case_not_clean", _("The checks found something: look at it."))


def _refusals(
    cases: Sequence[ReviewCase], answers: Sequence[Examined], actor_id: int, at: datetime
) -> dict[int, DomainError]:
    """Why some of the cases are left out, by their keys."""
    found = {}
    facts = _facts(cases, at)
    for case, answer in zip(cases, answers, strict=True):
        refusal = why_not_bulk(case, not answer.findings, actor_id, at)
        if refusal is None and case.kind == Kind.ADMISSION:
            refusal = why_not_admit(facts[type(case.holder), case.holder.pk])
        if refusal:
            found[case.pk] = refusal
    return found


def _facts(cases: Sequence[ReviewCase], at: datetime) -> dict[tuple[type, int], dict[str, object]]:
    """What the admission's guard will ask, with the waiting papers taken for the verified ones that they become."""
    joining = [case.holder for case in cases if case.kind == Kind.ADMISSION]
    found: dict[tuple[type, int], dict[str, object]] = {}
    for model in (Worker, Enterprise):
        known = facts_of([one for one in joining if isinstance(one, model)], local_day(at))
        for pk, facts in known.items():
            found[model, pk] = {key: "verified" if value == "submitted" else value for key, value in facts.items()}
    return found


def _admit(cases: Sequence[ReviewCase], actor_id: int, at: datetime) -> None:
    for model, ids in (
        (Worker, [case.worker_id for case in cases if case.worker_id]),
        (Enterprise, [case.enterprise_id for case in cases if case.enterprise_id]),
    ):
        if ids:
            taken = take_steps(model, ids, "admit", actor=staff(actor_id), at=at)
            for refusal in taken.refusals.values():
                raise refusal
