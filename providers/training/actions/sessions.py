"""Sessions: planned, published, changed and cancelled, with everybody concerned told."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from communities.accounts.models import User
from communities.accounts.rules import checked_text, why_not_located
from communities.divisions.models import Division
from communities.inbox.actions import tell
from communities.inbox.rules import Notice
from communities.points.models import ServicePoint
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Admission
from providers.training.actions.courses import check_certificate
from providers.training.actions.seats import give_free_seats, session_params
from providers.training.models import CaravanStop, Course, Enrolment, Session, TrainingRequest
from providers.training.rules import new_attendance_seed

SEATS_MAX = 500
ASKED = (Enrolment.State.ENROLLED, Enrolment.State.WAITING)
CANCELLED = gettext_noop("The training is cancelled: %(course)s")
CHANGED = gettext_noop("The training has changed: %(course)s")
NOW_AT = gettext_noop("Now: %(starts_at)s, %(place)s. If that doesn't suit you, please give your seat back.")
OF_REASON = gettext_noop("%(starts_at)s. Reason: %(reason)s")
TEACHES = gettext_noop("You teach: %(course)s")
TEACHES_BODY = gettext_noop("%(starts_at)s, %(place)s. The list and the attendance code are on the session's page.")


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """Where and when a course is given, by whom, to how many. Without a position: that of the point, stop or community."""

    community: Division
    place: str
    starts_at: datetime
    ends_at: datetime
    seats: int
    trainer: User
    point: ServicePoint | None = None
    stop: CaravanStop | None = None
    venue_owner: str = ""
    lat: float | None = None
    lon: float | None = None


@transaction.atomic
def plan_session(*, course: Course, facts: SessionFacts, at: datetime) -> Session:
    """A draft stands in the institution's list; its trainer is told.

    Raises `session_backwards`, `session_past`, `seats_wrong`, `stop_elsewhere`, `place_…`, `venue_owner_too_long`.
    """
    session = Session(course=course, attendance_code=new_attendance_seed(), created_at=at)
    _fill(session, facts, at)
    session.save()
    tell([_trainer_notice(session)], at=at)
    return session


@transaction.atomic
def change_session(*, session: Session, facts: SessionFacts, at: datetime) -> Session:
    """The session is as entered; people with a seat are told of another time or place, new seats go to who waits.

    Raises as `plan_session`, `session_over` for one that is held or cancelled, `seats_taken` for fewer seats than are
    taken. Locks the session.
    """
    row: Session = Session.objects.select_for_update(of=("self",)).select_related("course").get(pk=session.pk)
    if row.state not in (Session.State.DRAFT, Session.State.OPEN) or row.starts_at <= at:
        raise DomainError("session_over", _("This session can no longer be changed."))
    if facts.seats < row.taken:
        message = _("%(taken)s seats are taken already.") % {"taken": row.taken}
        raise DomainError("seats_taken", message, field="seats")
    before, trainer_id = (row.starts_at, row.ends_at, row.place), row.trainer_id
    _fill(row, facts, at)
    row.save()
    if trainer_id != row.trainer_id:
        tell([_trainer_notice(row)], at=at)
    if before != (row.starts_at, row.ends_at, row.place):
        _tell_people(row, CHANGED, NOW_AT, session_params(row), f"changed-{at.isoformat()}", at)
    give_free_seats(session=row, at=at)
    return row


@transaction.atomic
def publish_session(*, session: Session, at: datetime) -> Session:
    """Everybody reads of the session and may enrol.

    Raises `provider_not_admitted`, `session_not_draft`, `session_past`, and why the certificate is not the institution's
    to give. Locks the session.
    """
    row: Session = Session.objects.select_for_update(of=("self",)).select_related("course__provider").get(pk=session.pk)
    if row.state != Session.State.DRAFT:
        raise DomainError("session_not_draft", _("Only a draft can be published."))
    if row.course.provider.state != Admission.ADMITTED:
        message = _("Your institution is not admitted, so its sessions can't be published.")
        raise DomainError("provider_not_admitted", message)
    if row.starts_at <= at:
        raise DomainError("session_past", _("Please choose a time that is still to come."), field="starts_at")
    check_certificate(row.course, at)
    row.state = Session.State.OPEN
    row.save(update_fields=["state"])
    return row


@transaction.atomic
def cancel_session(*, session: Session, reason: str, at: datetime) -> Session:
    """The session does not take place: everybody with a seat or in the queue is told why; a request is open again.

    Raises `session_over` once it has begun, `reason_…`. Locks the session.
    """
    said = checked_text(reason, "reason", limit=200)
    row: Session = Session.objects.select_for_update(of=("self",)).select_related("course").get(pk=session.pk)
    if row.state not in (Session.State.DRAFT, Session.State.OPEN) or row.starts_at <= at:
        raise DomainError("session_over", _("This session can no longer be cancelled."))
    _tell_people(row, CANCELLED, OF_REASON, {**session_params(row), "reason": said}, "cancelled", at)
    Enrolment.objects.filter(session=row, state__in=ASKED).update(state=Enrolment.State.CANCELLED, cancelled_at=at)
    TrainingRequest.objects.filter(session=row, state=TrainingRequest.State.TAKEN).update(
        state=TrainingRequest.State.OPEN, taken_by=None, session=None
    )
    row.state, row.cancelled_reason, row.taken = Session.State.CANCELLED, said, 0
    row.save(update_fields=["state", "cancelled_reason", "taken"])
    return row


def _fill(session: Session, facts: SessionFacts, at: datetime) -> None:
    if facts.ends_at <= facts.starts_at:
        raise DomainError("session_backwards", _("The end lies before the beginning."), field="ends_at")
    if facts.starts_at <= at:
        raise DomainError("session_past", _("Please choose a time that is still to come."), field="starts_at")
    if not 1 <= facts.seats <= SEATS_MAX:
        raise DomainError("seats_wrong", _("A session has 1 to 500 seats."), field="seats")
    stop = facts.stop
    if stop and not (stop.starts_at <= facts.starts_at and facts.ends_at <= stop.ends_at):
        raise DomainError("stop_elsewhere", _("The caravan doesn't stand there at that time."), field="stop")
    session.point, session.stop, session.trainer = facts.point, stop, facts.trainer
    where = facts.point or stop
    session.community = where.community if where else facts.community
    middle = where or facts.community
    session.lat = middle.lat if facts.lat is None else facts.lat
    session.lon = middle.lon if facts.lon is None else facts.lon
    far = why_not_located(session.lat, session.lon, session.community.lat, session.community.lon)
    if far:
        raise far
    session.place = checked_text(facts.place or _place_of(facts), "place", limit=120)
    session.venue_owner = checked_text(facts.venue_owner, "venue_owner", limit=80, required=False)
    session.starts_at, session.ends_at, session.seats = facts.starts_at, facts.ends_at, facts.seats


def _place_of(facts: SessionFacts) -> str:
    if facts.point:
        return f"{facts.point.name} {facts.point.address}"[:120]
    return facts.stop.place if facts.stop else ""


def _tell_people(
    session: Session, title: str, body: str, params: dict[str, object], event: str, at: datetime
) -> None:  # fmt: skip
    people = Enrolment.objects.filter(session=session, state__in=ASKED).values_list("user_id", flat=True)
    tell(
        [
            Notice(
                recipient_id=user_id, title=title, body=body, params=params, url_name="my_trainings",
                dedupe_key=f"session-{session.pk}-{event}",
            )
            for user_id in people
        ],
        at=at,
    )  # fmt: skip


def _trainer_notice(session: Session) -> Notice:
    return Notice(
        recipient_id=session.trainer_id, title=TEACHES, body=TEACHES_BODY, params=session_params(session),
        dedupe_key=f"teaches-{session.pk}", url_name="training_roll", url_args=(session.pk,),
    )  # fmt: skip
