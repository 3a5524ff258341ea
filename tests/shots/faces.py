"""What is photographed: one row a face, with the page that shows it best in the demo world that is built."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse

from bookings.contracts.queries import terms_in_force
from bookings.dispatch.actions import run_round
from bookings.dispatch.models import PointOffer
from bookings.lifecycle.models import Booking, State
from bookings.lifecycle.rules import Actor
from bookings.menus.models import MenuEntry
from bookings.orders.actions import ask_for, hold_time, place_booking
from bookings.orders.rules import Details
from bookings.slots.queries import day_slots
from communities.accounts.models import Household, HouseholdMember, User
from communities.points.models import PointStaff
from homeservice.kernel import clock
from homeservice.kernel.vocabulary import Channel, Role
from tests.shots.people import Face, person
from tests.shots.supply import supply_faces

ORDERS = 3
LIVELY = (State.IN_SERVICE, State.CONFIRMED, State.ASSIGNED, State.ACCEPTED)


def faces() -> Iterator[Face]:
    """Every face, with a point, an item and bookings that have something to show."""
    resident, now = person("resident"), clock.now()
    booking = _liveliest(resident)
    entry = _usual_entry(booking)
    yield Face("resident-home", "resident", reverse("home"), with_looks=True)
    yield Face("resident-menu", "resident", reverse("point_menu", args=[entry.point_id]), with_looks=True)
    yield Face("resident-item", "resident", reverse("entry_page", args=[entry.pk]), with_looks=True)
    yield Face("resident-order", "resident", reverse("order_start", args=[entry.pk]), with_looks=True)
    yield Face("resident-booking", "resident", reverse("booking_page", args=[booking.no]), with_looks=True)
    yield Face("worker-day", "worker", reverse("worker_day"))
    order_at_the_desks_point()
    offers = PointOffer.objects.filter(state="open", point__staff__user=person("desk"), deadline_at__gt=now)
    offer = offers.order_by("deadline_at", "pk").first()
    opened = f"?open={offer.booking.no}" if offer else ""
    yield Face("desk-inbox", "desk", reverse("desk_inbox") + opened)
    taken = Booking.objects.filter(point__staff__user=person("desk"), state__in=LIVELY, starts_at__gt=now)
    yield Face("desk-booking", "desk", reverse("desk_booking", args=[taken.order_by("starts_at", "pk")[0].no]))
    post = PointStaff.objects.filter(user=person("desk")).order_by("pk")[0]
    yield Face("desk-menu", "desk", reverse("desk_menu", args=[post.point_id]))
    yield Face("enterprise-workers", "manager", reverse("enterprise_workers"))
    yield Face("enterprise-board", "manager", reverse("enterprise_board"))
    yield from supply_faces()
    yield Face("admin", "admin", reverse("admin:bookings_booking_changelist"))


def order_at_the_desks_point() -> None:
    """Three residents nearby order what the desk's point offers, so that its inbox has something to answer."""
    point = PointStaff.objects.filter(user=person("desk")).order_by("pk")[0].point
    entry = MenuEntry.objects.on_offer().filter(point=point, listing__item__bookable=True).order_by("position", "pk")[0]
    owners = HouseholdMember.objects.filter(part="owner", user__identity__state="verified")
    homes = owners.filter(household__community=point.community_id).select_related("household", "user")
    for member in homes.order_by("pk")[:ORDERS]:
        order(entry, member.household, member.user)
    while run_round(point.community_id[:4], at=clock.now()):
        pass


def order(entry: MenuEntry, home: Household, resident: User) -> None:
    """The resident takes the first free time from tomorrow on."""
    now, actor = clock.now(), Actor(resident.pk, Role.RESIDENT)
    quantity = entry.listing.item.min_quantity
    days = day_slots(ask_for(entry, home, quantity), at=now, first_day=clock.today() + timedelta(days=1))
    free = next((time for day in days for time in day.times), None)
    if free is None:
        return
    held = hold_time(
        entry=entry, household=home, quantity=quantity, starts_at=free, resident=resident, actor=actor,
        channel=Channel.WEB, at=now,
    )  # fmt: skip
    details = Details(
        contact_name=resident.name, contact_phone=resident.phone, health_declared=True,
        terms_version=terms_in_force(on_date=clock.today()).version,
    )  # fmt: skip
    place_booking(booking=held, details=details, actor=actor, at=now)


def _liveliest(resident: User) -> Booking:
    """The resident's booking that is furthest on its way, the next one first."""
    coming = Booking.objects.filter(resident=resident, starts_at__gt=clock.now(), state__in=LIVELY)
    return min(coming.order_by("starts_at", "pk"), key=lambda booking: LIVELY.index(State(booking.state)))


def _usual_entry(booking: Booking) -> MenuEntry:
    """An everyday item that is ordered by time, at the point nearest to the booking's home."""
    home = Household.objects.get(pk=booking.household_id)
    entries = MenuEntry.objects.on_offer().filter(listing__item__bookable=True, listing__item__kind="cleaning")
    near = sorted(entries.select_related("point"), key=lambda entry: _far(entry, home))
    return near[0] if near else booking.entry


def _far(entry: MenuEntry, home: Household) -> tuple[float, int, int]:
    point = entry.point
    return ((point.lat - home.lat) ** 2 + (point.lon - home.lon) ** 2, entry.position, entry.pk)
