"""Reading bookings as the people see them whose home they are for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db.models import Case, DateTimeField, F, Q, QuerySet, Value, When
from django.db.models.fields import SmallIntegerField

from bookings.lifecycle.models import Assignment, Booking, BookingEvent, State
from homeservice.kernel.clock import local_day
from homeservice.kernel.scope import Scope
from providers.credentials.models import Credential
from providers.workers.models import Worker

ROLLING = frozenset({State.PLACED, State.OFFERED, State.ACCEPTED, State.ASSIGNED, State.CONFIRMED, State.IN_SERVICE})
CURRENT = ROLLING | {State.FINISHED}  # the resident still has something to expect, or to say
GROUPS = {
    "current": CURRENT,
    "done": frozenset({State.SETTLED}),
    "ended": frozenset({State.CANCELLED, State.UNFILLED, State.NO_SHOW}),
}
PAGE_TABLES = (
    "item",
    "entry__point",
    "entry__listing__item",
    "point",
    "enterprise",
    "recipient",
    "visit",
    "terms",
    "home_area",
)


@dataclass(frozen=True, slots=True)
class Comer:
    """A worker who is named for a visit, with the papers that hold on its day."""

    worker: Worker
    papers: tuple[Credential, ...]


def own_bookings(scope: Scope) -> QuerySet[Booking]:
    """Bookings of the person or of a household that they order for; no staff's view."""
    mine = Q(resident_id=scope.user_id) | Q(household__in=scope.household_ids)
    return cast("QuerySet[Booking]", Booking.objects.visible_to(scope).filter(mine))


def version_of(scope: Scope, no: str) -> int | None:
    """The version of a placed booking of the person's, or None. One query: what polling costs."""
    return own_bookings(scope).filter(no=no, placed_at__isnull=False).values_list("version", flat=True).first()


def bookings_of(scope: Scope, group: str = "") -> QuerySet[Booking]:
    """Placed bookings: current ones first, the next visit at the top; below them the past ones, newest first."""
    rows = own_bookings(scope).filter(placed_at__isnull=False)
    if group in GROUPS:
        rows = rows.filter(state__in=GROUPS[group])
    is_current = Q(state__in=CURRENT)
    ranked = rows.annotate(
        past=Case(When(is_current, then=Value(0)), default=Value(1), output_field=SmallIntegerField()),
        coming_at=Case(When(is_current, then=F("starts_at")), output_field=DateTimeField()),
    )
    return ranked.select_related("item", "point", "entry__point").order_by("past", "coming_at", "-starts_at", "pk")


def held_of(scope: Scope) -> Booking | None:
    """The time that the person holds and has not ordered yet."""
    return own_bookings(scope).filter(resident_id=scope.user_id, state=State.HELD).select_related("item").first()


def events_of(booking: Booking) -> list[BookingEvent]:
    """The booking's steps in order."""
    return list(BookingEvent.objects.filter(booking=booking).order_by("at", "pk"))


def comers_of(booking: Booking) -> list[Comer]:
    """Who comes: the named workers of the visit with their papers. Two queries; one while nobody is named."""
    named = Assignment.objects.exclude(state__in=[Assignment.State.RELEASED, Assignment.State.TENTATIVE])
    rows = named.filter(visit=booking.visit_id).select_related("worker__user", "worker__photo").order_by("pk")
    workers = [assignment.worker for assignment in rows]
    papers = papers_on([worker.pk for worker in workers], local_day(booking.starts_at))
    return [Comer(worker, tuple(papers[worker.pk])) for worker in workers]


def papers_on(worker_ids: Sequence[int], day: date) -> dict[int, list[Credential]]:
    """For each worker the verified papers that hold on a day."""
    found: dict[int, list[Credential]] = {worker_id: [] for worker_id in worker_ids}
    if not worker_ids:
        return found
    verified = Credential.objects.filter(worker__in=worker_ids, state=Credential.State.VERIFIED, valid_from__lte=day)
    holding = verified.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))
    for paper in holding.order_by("worker", "code", "pk"):
        found[paper.worker_id or 0].append(paper)
    return found


def came_before(booking: Booking) -> list[int]:
    """The keys of the workers who came, or would have come, for a booking."""
    live = Assignment.objects.exclude(state__in=[Assignment.State.RELEASED, Assignment.State.TENTATIVE])
    return list(live.filter(visit=booking.visit_id).order_by("pk").values_list("worker_id", flat=True))
