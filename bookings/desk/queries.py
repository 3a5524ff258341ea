"""What a community desk sees: its inbox, one booking, a day's list, and what a search finds."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from bookings.desk.rules import (
    KIND_TONES,
    KIND_WORDS,
    LOCKED,
    NAMES_READ,
    NEAR_START,
    NO_SHOW,
    NO_WORKER,
    OFFER,
    RESULTS_SHOWN,
    SEARCHED_BACK,
    UNCONFIRMED,
    UNFILLED,
    UNSAFE,
    booking_no_typed,
    urgency,
)
from bookings.dispatch.models import PointOffer
from bookings.lifecycle.models import Assignment, Booking, BookingEvent, State
from bookings.menus.models import MenuEntry
from bookings.visits.queries import etag_of
from bookings.visits.rules import DOOR_CODE_TRIES
from communities.accounts.models import Household, User, phone_index
from communities.accounts.rules import mainland_mobile
from communities.points.models import ServicePoint
from homeservice.kernel.clock import day_bounds, local_day
from homeservice.kernel.errors import DomainError
from homeservice.kernel.geo import distance_m
from homeservice.kernel.scope import Scope, within

INBOX_SHOWN = 100
POINTS_OFFERED = 10
NOT_ON_THE_LIST = (State.HELD, State.CANCELLED, State.UNFILLED)


@dataclass(frozen=True, slots=True)
class InboxRow:
    """Something that needs a person, with the clock that it runs against."""

    kind: str
    clock: datetime
    booking: Booking
    offer: PointOffer | None = None

    @property
    def words(self) -> str:
        return str(KIND_WORDS[self.kind])

    @property
    def tone(self) -> str:
        return KIND_TONES[self.kind]


@dataclass(frozen=True, slots=True)
class Inbox:
    """The desk's inbox, most urgent first."""

    rows: tuple[InboxRow, ...]

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """`(words, tone, how many)` of each kind that there is."""
        found = Counter(row.kind for row in self.rows)
        return [(str(words), KIND_TONES[kind], found[kind]) for kind, words in KIND_WORDS.items() if found[kind]]

    @property
    def etag(self) -> str:
        return etag_of([row.booking for row in self.rows], *(row.kind for row in self.rows))


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, and whether it stopped at its bound."""

    bookings: Sequence[Booking]
    by: str
    stopped: bool = False


def of_desk(scope: Scope) -> Q:
    """Bookings that concern the desk: of homes or points in its divisions, and of its own points."""
    if scope.everything:
        return Q()
    areas = within("home_area__area_code", scope.desk_areas) | within("point_area", scope.desk_areas)
    return areas | Q(point__in=scope.point_ids)


def desk_bookings(scope: Scope) -> "QuerySet[Any]":
    """The desk's orders, without the person's own and without mere holds."""
    rows = Booking.objects.visible_to(scope).placed().filter(of_desk(scope))
    return rows.select_related("item", "home_area", "point", "enterprise", "resident", "recipient")


def points_of_desk(scope: Scope) -> "QuerySet[Any]":
    """The points that the person acts for."""
    return ServicePoint.objects.run_by(scope).select_related("community").order_by("community_id", "name", "pk")


def inbox_of(scope: Scope, *, at: datetime) -> Inbox:
    """What needs a person now. Two queries."""
    midnight = day_bounds(local_day(at))[0]
    unsafe = Exists(BookingEvent.objects.filter(booking=OuterRef("pk"), step="refuse_unsafe"))
    needing = (
        Q(state=State.ACCEPTED, item__needs_worker=True)
        | Q(state=State.ASSIGNED, starts_at__lte=at + NEAR_START)
        | Q(state=State.CONFIRMED, door_code_misses__gte=DOOR_CODE_TRIES)
        | Q(state__in=[State.UNFILLED, State.NO_SHOW], ended_at__gte=midnight)
        | Q(Q(state=State.CANCELLED, ended_at__gte=midnight), unsafe)
    )
    bookings = desk_bookings(scope).filter(needing).order_by("starts_at", "pk")[:INBOX_SHOWN]
    rows = [_row_of(one) for one in bookings] + [_row_of_offer(one) for one in open_offers(scope, at=at)[:INBOX_SHOWN]]
    return Inbox(tuple(sorted(rows, key=lambda row: urgency(row.kind, row.clock, row.booking.pk))))


def open_offers(scope: Scope, *, at: datetime) -> "QuerySet[Any]":
    """Offers that the desk's points may still answer, the earliest deadline first."""
    rows = PointOffer.objects.run_by(scope).filter(state=PointOffer.State.OPEN, deadline_at__gt=at)
    rows = rows.filter(booking__state=State.OFFERED)  # a cancelled booking leaves its offer behind
    return rows.select_related("point", "booking__item", "booking__home_area").order_by("deadline_at", "pk")


def day_list(scope: Scope, *, point: ServicePoint, day: date) -> list[Any]:
    """A point's bookings of one day in order of time, each with `crew`. Two queries."""
    begins, ends = day_bounds(day)
    rows = desk_bookings(scope).filter(point=point, starts_at__gte=begins, starts_at__lt=ends)
    live = Assignment.objects.exclude(state=Assignment.State.RELEASED).select_related("worker").order_by("pk")
    crews = Prefetch("visit__assignments", live, to_attr="crew")
    return list(
        rows.exclude(state__in=NOT_ON_THE_LIST)
        .select_related("visit")
        .prefetch_related(crews)
        .order_by("starts_at", "pk")
    )


def find_bookings(scope: Scope, *, text: str, at: datetime) -> Found:
    """By booking number, by telephone number, else by name: within the desk's own bookings only.

    Numbers are found by index; names are decrypted here, those of the last 90 days and at most 3,000.
    """
    rows = desk_bookings(scope).order_by("-starts_at", "-pk")
    number = booking_no_typed(text)
    try:
        phone = mainland_mobile(text)
    except DomainError:
        phone = ""
    if phone:
        owners = User.objects.filter(phone_index=phone_index(phone))
        return Found(list(rows.filter(resident__in=owners)[:RESULTS_SHOWN]), "phone")
    if number:
        return Found(list(rows.filter(no__startswith=number)[:RESULTS_SHOWN]), "number")
    return _by_name(rows, text.strip(), at)


def entries_for(scope: Scope, household: Household) -> list[MenuEntry]:
    """What the desk's own points can offer a home: of those in reach the nearest ten, item by item. Two queries."""
    points = ServicePoint.objects.run_by(scope).open_to_public()
    near = sorted((distance_m(one.lat, one.lon, household.lat, household.lon), one.pk, one.reach_m) for one in points)
    reaching = [pk for metres, pk, reach in near if metres <= reach][:POINTS_OFFERED]
    rows = MenuEntry.objects.on_offer().filter(point__in=reaching, listing__item__bookable=True)
    found = rows.select_related("point", "listing__item__kind", "listing__enterprise").order_by("position", "pk")
    return sorted(found, key=lambda entry: (reaching.index(entry.point_id), entry.listing.item.position, entry.pk))


def held_at_desk(*, no: str, resident: User, staff: User) -> Booking | None:
    """The order that this member of staff is taking for the resident: held, or placed a moment ago.

    Found by who takes it, not by area: the home may lie elsewhere, and no point has it yet.
    """
    rows = Booking.objects.filter(no=no, resident=resident, placed_by=staff)
    return rows.select_related("item", "home_area", "household", "entry__point", "entry__listing__enterprise").first()


def _row_of(booking: Any) -> InboxRow:
    kinds = {
        State.ACCEPTED: NO_WORKER, State.ASSIGNED: UNCONFIRMED, State.CONFIRMED: LOCKED, State.UNFILLED: UNFILLED,
        State.NO_SHOW: NO_SHOW, State.CANCELLED: UNSAFE,
    }  # fmt: skip
    kind = kinds[booking.state]
    return InboxRow(kind, booking.ended_at or booking.starts_at, booking)


def _row_of_offer(offer: PointOffer) -> InboxRow:
    return InboxRow(OFFER, offer.deadline_at, offer.booking, offer)


def _by_name(rows: "QuerySet[Any]", name: str, at: datetime) -> Found:
    if not name:
        return Found([], "name")
    recent = rows.filter(starts_at__gte=at - SEARCHED_BACK)
    names = recent.values_list("pk", "contact_name", "resident__name", "recipient__name")[:NAMES_READ]
    read, keys = 0, []
    for pk, *given in names:
        read += 1
        if any(name in (one or "") for one in given):
            keys.append(pk)
    return Found(list(rows.filter(pk__in=keys[:RESULTS_SHOWN])), "name", stopped=read == NAMES_READ)
