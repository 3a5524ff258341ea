"""Who was there: by the day's code on the own phone, or by the trainer's hand."""

from collections.abc import Sequence
from datetime import datetime
from secrets import compare_digest

from django.db import transaction
from django.utils.translation import gettext as _

from homeservice.foundation import audit
from homeservice.kernel.errors import DomainError
from providers.training.models import Enrolment, Session
from providers.training.queries import code_of_day
from providers.training.rules import DOORS_OPEN_BEFORE, WRONG_CODES, why_not_now


def attend(*, enrolment: Enrolment, code: str, at: datetime) -> None:
    """The person was there. Raises `attendance_early`, `attendance_late`, `attendance_no_seat`, `attendance_wrong_code`
    and, after five wrong ones, `attendance_locked`. A wrong try is counted and stays counted."""
    refusal = _try_code(enrolment, code, at)
    if refusal:
        raise refusal


@transaction.atomic
def _try_code(enrolment: Enrolment, code: str, at: datetime) -> DomainError | None:
    """Locks the enrolment. Gives the refusal back, so that the count of wrong tries is committed."""
    row = Enrolment.objects.select_for_update(of=("self",)).select_related("session").get(pk=enrolment.pk)
    if row.state == Enrolment.State.ATTENDED:
        return None
    refusal = why_not_now(row.session.starts_at, row.session.ends_at, at) or _why_not_seated(row)
    if refusal:
        return refusal
    typed = "".join(sign for sign in code if sign.isascii() and sign.isdigit())
    if compare_digest(typed, code_of_day(row.session, at)):
        row.state, row.attended_at = Enrolment.State.ATTENDED, at
        row.save(update_fields=["state", "attended_at"])
        return None
    row.wrong_codes += 1
    row.save(update_fields=["wrong_codes"])
    return _wrong(WRONG_CODES - row.wrong_codes)


def _why_not_seated(row: Enrolment) -> DomainError | None:
    if row.state != Enrolment.State.ENROLLED or row.session.state != Session.State.OPEN:
        return DomainError("attendance_no_seat", _("You have no seat in this session. Please ask the trainer."))
    if row.wrong_codes >= WRONG_CODES:
        return _wrong(0)
    return None


def _wrong(left: int) -> DomainError:
    if left <= 0:
        message = _("That was wrong five times. Please ask the trainer to note that you are here.")
        return DomainError("attendance_locked", message, field="code")
    message = _("This is not today's code. You can try %(left)s more times.") % {"left": left}
    return DomainError("attendance_wrong_code", message, field="code")


@transaction.atomic
def mark_present(*, session: Session, enrolment_ids: Sequence[int], actor_id: int, at: datetime) -> int:
    """Those with a seat whom the trainer saw were there; answers how many. The log says who noted it.

    Raises `attendance_early` before the doors open, `session_closed` once the list is closed. Locks the rows.
    """
    held = Session.objects.select_for_update().get(pk=session.pk)
    if at < held.starts_at - DOORS_OPEN_BEFORE:
        raise DomainError("attendance_early", _("You can check in from half an hour before the beginning."))
    if held.state != Session.State.OPEN:
        raise DomainError("session_closed", _("The list of this session is closed."))
    seated = Enrolment.objects.filter(session=held, pk__in=enrolment_ids, state=Enrolment.State.ENROLLED)
    noted = seated.update(state=Enrolment.State.ATTENDED, attended_at=at)
    if noted:
        audit.record(at=at, actor_id=actor_id, action="attendance_noted", subject=held, people=noted)
    return noted
