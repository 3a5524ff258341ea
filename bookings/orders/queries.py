"""What the ordering pages show: entries that can be ordered, their times, and the price of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, QuerySet

from bookings.lifecycle.models import Booking, State
from bookings.lifecycle.queries import own_bookings
from bookings.menus.models import MenuEntry
from bookings.money.queries import price_terms
from bookings.money.rules import quote
from bookings.slots.queries import Ask
from communities.accounts.models import CareRecipient, Household, User
from communities.accounts.queries import households_of
from homeservice.foundation.calendar import is_statutory_holiday
from homeservice.kernel.clock import local_day
from homeservice.kernel.geo import distance_m
from homeservice.kernel.scope import Scope

HELD_TABLES = (
    "item",
    "household",
    "entry__point",
    "entry__listing__item",
    "entry__listing__enterprise",
    "recipient",
    "home_area",
)


@dataclass(frozen=True, slots=True)
class PricedTime:
    """A free time and what the whole visit costs then."""

    starts_at: datetime
    price_fen: int


def orderable_entries() -> QuerySet[MenuEntry]:
    """Entries on offer that are booked by time."""
    rows: QuerySet[MenuEntry] = MenuEntry.objects.on_offer().filter(listing__item__bookable=True)
    return rows.select_related("point", "listing__item__kind", "listing__enterprise")


def homes_of(user: User) -> list[Household]:
    """The homes that the person may order for, with the people whom services are for. Two queries."""
    people = CareRecipient.objects.filter(removed_at__isnull=True).order_by("pk")
    return list(households_of(user).prefetch_related(Prefetch("recipients", people)))


def reaches(ask: Ask) -> bool:
    """Whether the entry's point serves the place."""
    point = ask.entry.point
    return distance_m(point.lat, point.lon, ask.lat, ask.lon) <= point.reach_m


def priced(ask: Ask, times: Sequence[datetime], *, day: date, home_area: str) -> list[PricedTime]:
    """The day's free times with their price, surcharges included. Two queries however many times."""
    if not times:
        return []
    terms, holiday = price_terms(home_area, day), is_statutory_holiday(day)
    point, minutes = ask.entry.point, timedelta(minutes=ask.minutes)
    metres = distance_m(point.lat, point.lon, ask.lat, ask.lon)
    item = ask.entry.listing.item

    def price(starts_at: datetime) -> int:
        return quote(
            unit_price_fen=ask.entry.price_fen, quantity=ask.quantity, unit=item.unit, starts_at=starts_at,
            ends_at=starts_at + minutes, holiday=holiday, distance_m=metres, terms=terms,
        ).total_fen  # fmt: skip

    return [PricedTime(starts_at, price(starts_at)) for starts_at in times]


def orders_begun(scope: Scope) -> QuerySet[Booking]:
    """Bookings that the person themself holds, has let lapse, or has placed: what the order's page may show."""
    return own_bookings(scope).filter(resident_id=scope.user_id).select_related(*HELD_TABLES)


def has_lapsed(booking: Booking, *, at: datetime) -> bool:
    """Whether the ten minutes are over and the time is free again, or will be in a moment."""
    if booking.state == State.HELD:
        return bool(booking.hold_until and booking.hold_until <= at)
    return booking.placed_at is None


def day_of(booking: Booking) -> date:
    """The day in Guangdong on which the visit begins."""
    return local_day(booking.starts_at)
