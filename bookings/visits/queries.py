"""A worker's visits: what is to be answered, what is now and next, what the days hold."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from bookings.dispatch.models import Receipt
from bookings.lifecycle.models import Assignment, Booking, State
from bookings.lifecycle.queries import own_bookings
from bookings.visits.rules import CHECK_IN_EARLIEST, OVER, address_open, next_act
from homeservice.kernel.clock import day_bounds
from homeservice.kernel.geo import distance_m
from homeservice.kernel.scope import Scope
from providers.workers.models import Worker

MINE = (Assignment.State.ASSIGNED, Assignment.State.CONFIRMED, Assignment.State.DONE)
ENDED_BADLY = (State.CANCELLED, State.UNFILLED)
TOLD_OF = (
    "refused",
    "not_confirmed",
    "replaced",
    "enterprise_left",
    "cancelled",
    "refuse_unsafe",
    "no_show",
)  # not: "rematched", "lapsed"
DAYS_SHOWN = 7
OFFERS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class WorkerVisit:
    """A booking as its worker sees it: what to do next, and whether door and telephone are shown."""

    booking: Booking
    act: str
    address_open: bool
    distance_m: float
    why_me: dict[str, Any] = field(default_factory=dict)

    @property
    def minutes(self) -> int:
        return int((self.booking.ends_at - self.booking.starts_at).total_seconds()) // 60

    @property
    def over(self) -> bool:
        return self.booking.state in OVER


@dataclass(frozen=True, slots=True)
class WorkerDay:
    """Offers to answer, then the visits of the days asked for, and which of them is now and next."""

    offers: tuple[WorkerVisit, ...]
    visits: tuple[WorkerVisit, ...]

    @property
    def ahead(self) -> list[WorkerVisit]:
        """Visits that the worker has confirmed and not done yet, in order of time: the first is now."""
        return [one for one in self.visits if not one.over and one.act != "confirm"]

    @property
    def done(self) -> list[WorkerVisit]:
        return [one for one in self.visits if one.over]

    @property
    def etag(self) -> str:
        return etag_of([one.booking for one in (*self.offers, *self.visits)])


def visits_of(scope: Scope) -> "QuerySet[Any]":
    """Bookings whose visit is the worker's, with `my_state`, the state of their own assignment."""
    mine = Assignment.objects.filter(visit=OuterRef("visit"), worker=scope.worker_id, state__in=MINE)
    rows = Booking.objects.visible_to(scope).filter(Exists(mine)).exclude(state__in=ENDED_BADLY)
    named = rows.annotate(my_state=Subquery(mine.values("state")[:1]))
    joined: QuerySet[Any] = named.select_related("item", "home_area", "point", "recipient", "resident")
    return joined


def worker_day(worker: Worker, scope: Scope, *, first_day: date, days: int, at: datetime) -> WorkerDay:
    """What the worker's page shows of `days` days. Three queries."""
    begins = day_bounds(first_day)[0]
    rows = visits_of(scope).filter(starts_at__gte=begins, starts_at__lt=begins + timedelta(days=days))
    offers = visits_of(scope).filter(state=State.ASSIGNED, my_state=Assignment.State.ASSIGNED, ends_at__gt=at)
    asked = list(offers.order_by("starts_at", "pk")[:OFFERS_SHOWN])
    reasons = why_chosen([one.pk for one in asked], worker.pk)
    return WorkerDay(
        offers=tuple(seen_by(worker, one, at=at, why_me=reasons.get(one.pk)) for one in asked),
        visits=tuple(seen_by(worker, one, at=at) for one in rows.order_by("starts_at", "pk")),
    )


def seen_by(worker: Worker, booking: Any, *, at: datetime, why_me: dict[str, Any] | None = None) -> WorkerVisit:
    """The booking (of `visits_of`) as this worker sees it at that instant."""
    act = next_act(state=booking.state, assignment_state=booking.my_state, on_the_way=booking.on_the_way_at is not None)
    over_at = booking.finished_at or booking.ended_at or booking.ends_at
    return WorkerVisit(
        booking=booking,
        act=act,
        address_open=address_open(state=booking.state, over_at=over_at, at=at),
        distance_m=distance_m(worker.lat, worker.lon, booking.lat, booking.lon),
        why_me=why_me or {},
    )


def why_chosen(booking_ids: Collection[int], worker_id: int) -> dict[int, dict[str, Any]]:
    """For each booking the worker's own line of the last receipt that chose them. One query."""
    rows = Receipt.objects.filter(booking__in=booking_ids, outcome="assigned").order_by("at", "pk")
    return {
        booking_id: line
        for booking_id, lines in rows.values_list("booking_id", "workers")
        for line in lines
        if line["worker"] == worker_id and line.get("chosen")
    }


def visit_left(scope: Scope, no: str) -> Booking | None:
    """A booking that was this worker's and is not any more: they may know that much, and what and when it was."""
    was_mine = Assignment.objects.filter(visit=OuterRef("visit"), worker=scope.worker_id, released_reason__in=TOLD_OF)
    return Booking.objects.filter(Exists(was_mine), no=no).select_related("item").first()


def visit_at_the_door(scope: Scope, worker_id: int, *, at: datetime) -> Booking | None:
    """The person's own booking that this worker may be at the door for: they have set out, or it begins soon."""
    named = Assignment.objects.filter(visit=OuterRef("visit"), worker=worker_id, state__in=MINE)
    here = Q(on_the_way_at__isnull=False) | Q(starts_at__lte=at + CHECK_IN_EARLIEST)
    rows = own_bookings(scope).filter(here, Exists(named), state=State.CONFIRMED, ends_at__gt=at)
    return rows.select_related("item").order_by("starts_at", "pk").first()


def etag_of(bookings: Sequence[Booking], *more: object) -> str:
    """A digest of what the page shows: each step raises a booking's version."""
    seen = [(one.no, one.version, getattr(one, "my_state", "")) for one in bookings]
    return sha256(repr((seen, more)).encode()).hexdigest()[:24]
