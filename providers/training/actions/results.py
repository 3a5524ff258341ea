"""Passed or not: entered by the trainer, final, and within a day corrected once with a reason."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from communities.accounts.rules import checked_text
from communities.inbox.actions import tell
from communities.inbox.rules import Notice
from homeservice.foundation import audit
from homeservice.kernel.errors import DomainError
from providers.training.actions.certificates import issue_certificates, revoke_certificate
from providers.training.models import Certificate, Enrolment, Session, TrainingRequest
from providers.training.queries import certificates_of
from providers.training.rules import why_not_correct

REASON_MAX = 200
CLOSED_AFTER = timedelta(hours=24)  # a list that nobody closes is closed by the sweep
BATCH = 200
PASSED = gettext_noop("You have passed: %(course)s")
PASSED_BODY = gettext_noop("Your certificate is under “My trainings”. Anybody can verify it by its code.")
FAILED = gettext_noop("Not passed this time: %(course)s")
FAILED_BODY = gettext_noop("You are welcome to try again: other sessions are in the list.")
CORRECTED = gettext_noop("Your result has been corrected: %(course)s")


@transaction.atomic
def decide_results(
    *, session: Session, enrolment_ids: Sequence[int], passed: bool, actor_id: int, at: datetime
) -> list[Enrolment]:
    """Those of the people who were there have their result, a pass its certificate, and each is told.

    Raises `result_early` before the session has begun, `nobody_chosen` if none of them was there or all are decided,
    `result_own` for one's own result. Locks the rows.
    """
    if at < session.starts_at:
        raise DomainError("result_early", _("Results can be entered once the session has begun."))
    attended = Enrolment.objects.filter(session=session, pk__in=enrolment_ids, state=Enrolment.State.ATTENDED)
    rows = list(attended.select_for_update().order_by("pk"))
    if not rows:
        raise DomainError("nobody_chosen", _("Choose people who were there and have no result yet."))
    if any(row.user_id == actor_id for row in rows):
        raise _own_result()
    state = Enrolment.State.PASSED if passed else Enrolment.State.FAILED
    Enrolment.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=state, decided_at=at, decided_by_id=actor_id
    )  # fmt: skip
    if passed:
        issue_certificates(enrolments=rows, at=at)
    _tell_results(session, rows, passed, at)
    return rows


@transaction.atomic
def correct_result(*, enrolment: Enrolment, reason: str, actor_id: int, at: datetime) -> Enrolment:
    """The result is the other one, the log says why; a certificate is issued or revoked with it.

    Raises `result_missing`, `result_final` after 24 hours, `result_corrected` the second time, `result_own`, `reason_…`.
    Locks the row.
    """
    said = checked_text(reason, "reason", limit=REASON_MAX)
    row: Enrolment = (
        Enrolment.objects.select_for_update(of=("self",)).select_related("session__course").get(pk=enrolment.pk)
    )
    if row.state not in (Enrolment.State.PASSED, Enrolment.State.FAILED) or row.decided_at is None:
        raise DomainError("result_missing", _("There is no result yet."))
    refusal = why_not_correct(row.decided_at, row.corrected_at, at)
    if refusal:
        raise refusal
    if row.user_id == actor_id:
        raise _own_result()
    before = row.state
    passed = before == Enrolment.State.FAILED
    row.state = Enrolment.State.PASSED if passed else Enrolment.State.FAILED
    row.corrected_at, row.decided_by_id = at, actor_id
    row.save(update_fields=["state", "corrected_at", "decided_by_id"])
    _follow_certificate(row, passed, said, actor_id, at)
    audit.record(
        at=at, actor_id=actor_id, action="result_corrected", subject=row, purpose=said, before=before, after=row.state
    )
    _tell_corrected(row, passed, at)
    return row


def _own_result() -> DomainError:
    return DomainError("result_own", _("Somebody else must enter your own result."))


@transaction.atomic
def close_session(*, session: Session, at: datetime) -> Session:
    """The list is closed: who has a seat and was not seen was absent, nobody waits any more, a request is fulfilled.

    Raises `session_running` before its end, `session_closed` for one that isn't open. Locks the session.
    """
    row: Session = Session.objects.select_for_update().get(pk=session.pk)
    if row.state != Session.State.OPEN:
        raise DomainError("session_closed", _("The list of this session is closed."))
    if at < row.ends_at:
        raise DomainError("session_running", _("The list can be closed once the session is over."))
    people = Enrolment.objects.filter(session=row)
    people.filter(state=Enrolment.State.ENROLLED).update(state=Enrolment.State.ABSENT)
    people.filter(state=Enrolment.State.WAITING).update(state=Enrolment.State.CANCELLED, cancelled_at=at)
    TrainingRequest.objects.filter(session=row, state=TrainingRequest.State.TAKEN).update(
        state=TrainingRequest.State.HELD
    )  # fmt: skip
    row.state = Session.State.HELD
    row.save(update_fields=["state"])
    return row


def close_ended(*, at: datetime) -> int:
    """Lists that nobody closed within a day of the end are closed; answers how many. Safe twice and side by side."""
    ended = Session.objects.filter(state=Session.State.OPEN, ends_at__lte=at - CLOSED_AFTER).order_by("ends_at", "pk")
    return sum(_close_if_open(session, at) for session in ended[:BATCH])


def _close_if_open(session: Session, at: datetime) -> bool:
    try:
        close_session(session=session, at=at)
    except DomainError:  # somebody closed it meanwhile
        return False
    return True


def _follow_certificate(row: Enrolment, passed: bool, reason: str, actor_id: int, at: datetime) -> None:
    if passed:
        issue_certificates(enrolments=[row], at=at)
        return
    issued: Certificate | None = certificates_of(row.user_id).filter(enrolment=row).first()
    if issued and not issued.revoked_at:
        revoke_certificate(certificate=issued, reason=reason, actor_id=actor_id, at=at)


def _tell_results(session: Session, rows: Sequence[Enrolment], passed: bool, at: datetime) -> None:
    title, body = (PASSED, PASSED_BODY) if passed else (FAILED, FAILED_BODY)
    tell([_notice(session, row, title, body, f"result-{row.pk}") for row in rows], at=at)


def _tell_corrected(row: Enrolment, passed: bool, at: datetime) -> None:
    body = PASSED_BODY if passed else FAILED_BODY
    tell([_notice(row.session, row, CORRECTED, body, f"result-corrected-{row.pk}")], at=at)


def _notice(session: Session, row: Enrolment, title: str, body: str, key: str) -> Notice:
    course = session.course
    params = {"course_zh": course.name_zh, "course_en": course.name_en or course.name_zh}
    return Notice(
        recipient_id=row.user_id, title=title, body=body, params=params, dedupe_key=key, url_name="my_trainings"
    )
