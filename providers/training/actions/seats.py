"""Seats: never more than there are, and the next who waits has the one that falls free."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from communities.accounts.models import User
from communities.inbox.actions import tell
from communities.inbox.rules import Notice
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Admission
from providers.training.models import Enrolment, Session
from providers.training.rules import waiting_limit

SEATED = gettext_noop("You have a seat: %(course)s")
SEATED_BODY = gettext_noop("%(starts_at)s, %(place)s. A seat fell free and you were next.")


@transaction.atomic
def enrol(*, session: Session, user: User, at: datetime) -> Enrolment:
    """The person has a seat, or a place in the queue when all are taken.

    Raises `session_closed`, `enrolled_already`, `waiting_full`. A seat is one conditional UPDATE; only who finds none
    waits for the session's lock, and asks once more under it.
    """
    if session.course.provider.state != Admission.ADMITTED:
        raise DomainError("session_closed", _("This session takes no more people."))
    if _took_seat(session.pk, at):
        return _entered(session, user, Enrolment.State.ENROLLED, at)
    row = Session.objects.select_for_update().get(pk=session.pk)
    if row.state != Session.State.OPEN or row.starts_at <= at:
        raise DomainError("session_closed", _("This session takes no more people."))
    if _took_seat(row.pk, at):
        return _entered(row, user, Enrolment.State.ENROLLED, at)
    waiting = Enrolment.objects.filter(session=row, state=Enrolment.State.WAITING)
    if waiting.filter(user=user).exists():
        raise _enrolled_already()
    if waiting.count() >= waiting_limit(row.seats):
        message = _("All seats are taken, and the waiting list is full. Please look for another session.")
        raise DomainError("waiting_full", message)
    return _entered(row, user, Enrolment.State.WAITING, at)


@transaction.atomic
def leave(*, enrolment: Enrolment, at: datetime) -> Enrolment:
    """The person gives the seat or the place in the queue back; the next who waits is seated and told.

    Raises `enrolment_over` once the session has begun or the seat is no longer theirs. Locks the session.
    """
    session = Session.objects.select_for_update().get(pk=enrolment.session_id)
    row: Enrolment = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if row.state not in (Enrolment.State.ENROLLED, Enrolment.State.WAITING) or session.starts_at <= at:
        raise DomainError("enrolment_over", _("This can no longer be cancelled."))
    had_seat = row.state == Enrolment.State.ENROLLED
    row.state, row.cancelled_at = Enrolment.State.CANCELLED, at
    row.save(update_fields=["state", "cancelled_at"])
    if had_seat:
        Session.objects.filter(pk=session.pk).update(taken=F("taken") - 1)
        session.refresh_from_db(fields=["taken"])
        give_free_seats(session=session, at=at)
    return row


def give_free_seats(*, session: Session, at: datetime) -> list[Enrolment]:
    """Those who waited longest have the free seats, and are told. The caller holds the session's lock."""
    free = session.seats - session.taken
    if free <= 0 or session.state != Session.State.OPEN or session.starts_at <= at:
        return []
    waiting = Enrolment.objects.filter(session=session, state=Enrolment.State.WAITING).order_by("enrolled_at", "pk")
    seated = list(waiting.select_for_update()[:free])
    if seated:
        Enrolment.objects.filter(pk__in=[one.pk for one in seated]).update(state=Enrolment.State.ENROLLED)
        Session.objects.filter(pk=session.pk).update(taken=F("taken") + len(seated))
        tell([_seat_notice(session, one) for one in seated], at=at)
    return seated


def _took_seat(session_id: int, at: datetime) -> bool:
    free = Session.objects.filter(pk=session_id, state=Session.State.OPEN, starts_at__gt=at, taken__lt=F("seats"))
    return bool(free.update(taken=F("taken") + 1))


def _entered(session: Session, user: User, state: str, at: datetime) -> Enrolment:
    try:
        with transaction.atomic():
            return Enrolment.objects.create(session=session, user=user, state=state, enrolled_at=at)
    except IntegrityError as error:
        if "enrolment_once" not in str(error):
            raise
        raise _enrolled_already() from error


def _enrolled_already() -> DomainError:
    return DomainError("enrolled_already", _("You are enrolled already."))


def _seat_notice(session: Session, enrolment: Enrolment) -> Notice:
    return Notice(
        recipient_id=enrolment.user_id, title=SEATED, body=SEATED_BODY, dedupe_key=f"seat-{enrolment.pk}",
        params=session_params(session), url_name="training_session", url_args=(session.pk,),
    )  # fmt: skip


def session_params(session: Session) -> dict[str, object]:
    """What notices say of a session: nothing about people."""
    course = session.course
    return {
        "course_zh": course.name_zh, "course_en": course.name_en or course.name_zh,
        "starts_at": session.starts_at, "place": session.place,
    }  # fmt: skip
