"""A reviewer takes up a case, decides on its papers, and accepts or returns it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from homeservice.foundation import audit
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Admission
from providers.admission.actions.opening import put_findings
from providers.admission.actions.stepping import take_step
from providers.admission.models import ReviewCase
from providers.admission.queries import WAITING
from providers.admission.rules import CLAIM_HOLDS, checked_reasons, spoken_reasons, staff
from providers.credentials.actions import decide_credential
from providers.credentials.models import Credential

Kind, Outcome = ReviewCase.Kind, ReviewCase.Outcome
PAPER_REASON_MAX = 200
FREE = Q(claimed_until__isnull=True)


@transaction.atomic
def claim_case(*, case: ReviewCase, actor_id: int, at: datetime) -> ReviewCase:
    """For 15 minutes nobody else decides the case; taking it up again renews that. Its findings are today's.

    The numbers of its papers are shown to the reviewer from now on, and the log says so. Raises `case_closed`,
    `case_claimed`. A conditional update: of two who take it up at once one gets it.
    """
    free = FREE | Q(claimed_until__lte=at) | Q(claimed_by_id=actor_id)
    rows = ReviewCase.objects.filter(free, pk=case.pk, closed_at__isnull=True)
    if not rows.update(claimed_by_id=actor_id, claimed_until=at + CLAIM_HOLDS):
        raise _why_not_claimed(case.pk)
    row = _with_holder(ReviewCase.objects.filter(pk=case.pk))
    if row.kind == Kind.ADMISSION and row.holder.state == Admission.SUBMITTED:
        take_step(row.holder, "take_up", actor=staff(actor_id), at=at)
    put_findings([row], at=at)
    row.save(update_fields=["findings", "is_clean"])
    audit.record(at=at, actor_id=actor_id, action="review_case_opened", subject=row, purpose=row.kind)
    return row


@transaction.atomic
def claim_next(*, cases: QuerySet[ReviewCase], actor_id: int, at: datetime) -> ReviewCase | None:
    """The first of the cases that nobody holds is the reviewer's, or None. Passes over those being taken just now."""
    free = cases.filter(FREE | Q(claimed_until__lte=at), closed_at__isnull=True)
    row = free.select_for_update(skip_locked=True, of=("self",)).first()
    return claim_case(case=row, actor_id=actor_id, at=at) if row else None


@transaction.atomic
def release_case(*, case: ReviewCase, actor_id: int) -> None:
    """Somebody else may take the case up at once. Nothing happens to one that is not the reviewer's."""
    rows = ReviewCase.objects.filter(pk=case.pk, claimed_by_id=actor_id, closed_at__isnull=True)
    rows.update(claimed_by=None, claimed_until=None)


@transaction.atomic
def verify_paper(*, case: ReviewCase, paper: Credential, method: str, actor_id: int, at: datetime) -> None:
    """The paper counts from now on. Raises what `hold` and `decide_credential` raise; `paper_elsewhere`."""
    _decidable(case, paper, actor_id, at)
    state = Credential.State.VERIFIED
    decide_credential(credential=paper, state=state, reason="", method=method, actor_id=actor_id, at=at)


@transaction.atomic
def refuse_paper(
    *, case: ReviewCase, paper: Credential, reason_codes: Sequence[str], words: str, actor_id: int, at: datetime
) -> None:
    """The paper is refused, and its holder is told why. Raises `reason_missing`, `reason_too_long` and as above."""
    _decidable(case, paper, actor_id, at)
    _refuse(paper, reason_codes, words, actor_id, at)


@transaction.atomic
def accept_case(*, case: ReviewCase, actor_id: int, at: datetime, words: str = "") -> None:
    """Papers of the case not decided yet are verified by their scans; the holder is admitted, or the appeal granted.

    An appeal granted lifts a suspension, and takes a blacklisted one back to handing in papers anew. Raises
    `case_closed`, `case_claimed`, `case_unclaimed`, `paper_undecided` for one without a scan, `reason_missing` for
    an appeal decided without words, and what keeps the holder from being admitted. Locks case, papers and holder.
    """
    row = _held(case, actor_id, at)
    for paper in _waiting_papers(row):
        if not paper.scan_id:
            message = _("“%(paper)s” has no scan: decide on it first and say how you checked it.")
            raise DomainError("paper_undecided", message % {"paper": paper.get_code_display()})
        decide_credential(
            credential=paper, state=Credential.State.VERIFIED, reason="", method="scan", actor_id=actor_id, at=at
        )
    holder = row.holder
    if row.kind == Kind.ADMISSION:
        take_step(holder, "admit", actor=staff(actor_id), at=at)
    elif row.kind == Kind.APPEAL:
        said = checked_reasons((), words)[1]
        name = "readmit" if holder.state == Admission.SUSPENDED else "clear"
        take_step(holder, name, actor=staff(actor_id), at=at, reason=said)
    _close(row, Outcome.ACCEPTED, actor_id, at)


@transaction.atomic
def return_case(*, case: ReviewCase, reason_codes: Sequence[str], words: str, actor_id: int, at: datetime) -> None:
    """The holder reads why and mends it; papers that serve a running admission are refused; an appeal is refused.

    Raises `case_closed`, `case_claimed`, `case_unclaimed`, `reason_missing`, `reason_too_long`. Locks case and holder.
    """
    row = _held(case, actor_id, at)
    codes, said = checked_reasons(reason_codes, words)
    if row.kind == Kind.PAPERS:
        for paper in _waiting_papers(row):
            _refuse(paper, codes, said, actor_id, at)
        return _close(row, Outcome.RETURNED, actor_id, at)
    name, outcome = ("return", Outcome.RETURNED) if row.kind == Kind.ADMISSION else ("uphold", Outcome.REFUSED)
    take_step(row.holder, name, actor=staff(actor_id), at=at, reason=said, reason_codes=codes)
    return _close(row, outcome, actor_id, at)


def _held(case: ReviewCase, actor_id: int, at: datetime) -> ReviewCase:
    """The case, locked and held by the reviewer for another 15 minutes."""
    row = _with_holder(ReviewCase.objects.select_for_update(of=("self",)).filter(pk=case.pk))
    if row.closed_at or row.claimed_by_id != actor_id:
        raise _why_not_claimed(row.pk)
    if row.claimed_until is None or row.claimed_until <= at:
        message = _("You held this case for 15 minutes, and they are over. Take it up again.")
        raise DomainError("case_unclaimed", message)
    row.claimed_until = at + CLAIM_HOLDS
    row.save(update_fields=["claimed_until"])
    return row


def _why_not_claimed(case_id: int) -> DomainError:
    row = ReviewCase.objects.get(pk=case_id)
    if row.closed_at:
        return DomainError("case_closed", _("This case has been decided already."))
    if row.claimed_by_id:
        return DomainError("case_claimed", _("Somebody else is working on this case."))
    return DomainError("case_unclaimed", _("Take the case up first, so that nobody else decides it at the same time."))


def _with_holder(rows: QuerySet[ReviewCase]) -> ReviewCase:
    return rows.select_related("worker__enterprise", "enterprise").get()


def _decidable(case: ReviewCase, paper: Credential, actor_id: int, at: datetime) -> None:
    row = _held(case, actor_id, at)
    if (paper.worker_id, paper.enterprise_id) != (row.worker_id, row.enterprise_id):
        raise DomainError("paper_elsewhere", _("This paper is not part of the case."))


def _waiting_papers(case: ReviewCase) -> list[Credential]:
    if case.kind == Kind.APPEAL:
        return []
    whose = Q(worker_id=case.worker_id, enterprise_id=case.enterprise_id)
    return list(Credential.objects.filter(whose, state=WAITING).order_by("pk"))


def _refuse(paper: Credential, reason_codes: Sequence[str], words: str, actor_id: int, at: datetime) -> None:
    codes, said = checked_reasons(reason_codes, words, limit=PAPER_REASON_MAX)
    reason = spoken_reasons(codes, said, limit=PAPER_REASON_MAX)
    decide_credential(credential=paper, state=Credential.State.REFUSED, reason=reason, actor_id=actor_id, at=at)


def _close(case: ReviewCase, outcome: str, actor_id: int, at: datetime) -> None:
    ReviewCase.objects.filter(pk=case.pk).update(closed_at=at, closed_by_id=actor_id, outcome=outcome)
