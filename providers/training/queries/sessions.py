"""Sessions that everybody may read of, and a person's own seats."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from communities.divisions.models import Division
from homeservice.kernel.clock import day_bounds, local_day
from homeservice.kernel.crypto import blind_index
from providers.training.models import Caravan, CaravanStop, Enrolment, Session, SessionQuerySet
from providers.training.rules import attendance_code

NEARNESS = (12, 9, 6, 4)  # digits of the area code: community, street, district, city


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list of sessions is narrowed to."""

    track: str = ""
    kind: str = ""
    from_date: date | None = None
    free: bool = False


def public_sessions(at: datetime) -> SessionQuerySet:
    """Those that are still to begin and that anybody may enrol in, with what a card shows."""
    found: SessionQuerySet = Session.objects.open_to_public().filter(
        starts_at__gt=at, course__provider__state="admitted"
    )
    return found.select_related("course__provider", "community", "stop__caravan")


def sessions_wanted(wanted: Wanted, near: Division | None, at: datetime) -> SessionQuerySet:
    """Public sessions that fit: those of the community first, then of its street, district and city; the soonest first."""
    rows: SessionQuerySet = public_sessions(at)
    if wanted.track:
        rows = rows.filter(course__track=wanted.track)
    if wanted.kind:
        rows = rows.filter(course__kinds=wanted.kind)
    if wanted.from_date:
        rows = rows.filter(starts_at__gte=day_bounds(wanted.from_date)[0])
    if wanted.free:
        rows = rows.filter(taken__lt=F("seats"))
    found: SessionQuerySet = rows.annotate(steps_away=steps_away(near))
    return found.order_by("steps_away", "starts_at", "pk")


def steps_away(near: Division | None, field: str = "community__area_code") -> Case | Value:
    """0 in the community itself, 1 in its street, 2 in the district, 3 in the city, 4 elsewhere."""
    if near is None:
        return Value(0)
    steps = [
        When(**{f"{field}__startswith": near.area_code[:digits]}, then=Value(step))
        for step, digits in enumerate(NEARNESS)
    ]
    return Case(*steps, default=Value(len(NEARNESS)), output_field=IntegerField())


def enrolment_of(session: Session, user_id: int | None) -> Enrolment | None:
    """The person's seat or place in the queue of the session, or None."""
    if user_id is None:
        return None
    mine = Enrolment.objects.filter(session=session, user_id=user_id).exclude(state=Enrolment.State.CANCELLED)
    return mine.select_related("session__course", "certificate").first()


def waiting_position(enrolment: Enrolment) -> int:
    """1 for who is next."""
    ahead = Q(enrolled_at__lt=enrolment.enrolled_at) | Q(enrolled_at=enrolment.enrolled_at, pk__lte=enrolment.pk)
    waiting = Enrolment.objects.filter(session_id=enrolment.session_id, state=Enrolment.State.WAITING)
    return waiting.filter(ahead).count()


def trainings_of(user_id: int) -> QuerySet[Enrolment]:
    """Everything that the person enrolled in, the latest session first."""
    rows = Enrolment.objects.filter(user_id=user_id)
    return rows.select_related(
        "session__course__provider", "session__community", "certificate"
    ).order_by("-session__starts_at", "-pk")  # fmt: skip


def roll_of(session: Session) -> list[Enrolment]:
    """Who has a seat or waits for one, in the order of their coming."""
    rows = Enrolment.objects.filter(session=session).exclude(state=Enrolment.State.CANCELLED)
    return list(rows.select_related("user", "certificate").order_by("enrolled_at", "pk"))


def code_of_day(session: Session, at: datetime) -> str:
    """The digits that the trainer shows today."""
    return attendance_code(session.pk, session.attendance_code, local_day(at), _sign_attendance)


def _sign_attendance(text: str) -> str:
    return blind_index(text, purpose="attendance")


def route_of(caravan: Caravan, at: datetime) -> list[CaravanStop]:
    """Where the caravan stands and will stand, in order, each with its `open_sessions`."""
    stops = CaravanStop.objects.filter(caravan=caravan, ends_at__gt=at).select_related("community")
    found = list(stops.order_by("starts_at", "pk"))
    sessions: dict[int, list[Session]] = {stop.pk: [] for stop in found}
    for session in public_sessions(at).filter(stop__in=sessions).order_by("starts_at", "pk"):
        sessions[session.stop_id].append(session)
    for stop in found:
        stop.open_sessions = sessions[stop.pk]  # type: ignore[attr-defined]
    return found
