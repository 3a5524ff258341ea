"""The world that is measured: a neighbourhood to order in, and a past of any size around it.

The past is made in sets: a row that the product wrote is copied n times with other keys, times and places. It has
communities, enterprises, points with menus, residents with homes, workers with hours and papers, and settled bookings
with visits, crews, offers and events. It has no notifications, receipts and contracts.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, models, transaction
from django.test import Client

from bookings.dispatch.actions import run_round
from bookings.dispatch.models import PointOffer, Receipt
from bookings.lifecycle.models import Assignment, Booking, BookingEvent, Visit
from bookings.lifecycle.rules import Actor
from bookings.menus.models import Menu, MenuEntry
from bookings.orders.actions import hold_time, place_booking
from bookings.orders.rules import Details
from communities.accounts.models import Household, HouseholdMember, User
from communities.divisions.models import Division
from communities.inbox.models import Notification
from communities.points.models import ServicePoint
from homeservice.kernel import clock
from homeservice.kernel.clock import day_bounds
from homeservice.kernel.vocabulary import Channel, Role
from providers.bindings.models import Authorisation
from providers.catalogue.models import ServiceItem
from providers.credentials.models import Credential
from providers.enterprises.models import Enterprise
from providers.listings.models import Listing
from providers.workers.models import Worker, WorkerKind, WorkingHours
from tests import world
from tests.bench.gate import lay_gate
from tests.faults.neighbourhood import Neighbourhood, neighbourhood

BOOKINGS, COMMUNITIES, POINTS, RESIDENTS, WORKERS, ENTERPRISES = 100_000, 268, 25, 4_000, 50, 10
MENU_ENTRIES = 30
VISITS_A_DAY = 4
KINDS = ("cleaning", "cooking", "laundry", "repair", "care", "garden")
STEPS = ("hold", "place", "accept", "assign", "settle")


@dataclass(frozen=True, slots=True)
class Ground:
    """Where to ask: people with tokens, one signed in by cookie with a booking, and a menu of 30 entries."""

    people: Neighbourhood
    cookie: str
    booking_no: str
    menu_point_id: int
    gate_item: ServiceItem
    gate_worker_ids: list[int]


@transaction.atomic
def lay(share: float) -> Ground:
    """The neighbourhood, with `share` times the small past around it."""
    people = neighbourhood(residents=400, workers=200, points=4, firms=4)
    alice = world.verified(world.user("爱丽丝"))
    booking = _booked(alice, world.household(alice), people.entries[0])
    menu_point = _menu(Listing.objects.get(pk=people.entries[0].listing_id).enterprise)
    _past(booking, share)
    client = Client()
    client.force_login(alice)
    session = client.cookies["sessionid"].value
    return Ground(people, f"sessionid={session}", booking.no, menu_point.pk, *lay_gate())


def _booked(person: User, home: Household, entry: MenuEntry) -> Booking:
    """A booking that went through hold, order and dispatch."""
    at = clock.now()
    starts_at = day_bounds(clock.today() + timedelta(days=13))[0] + timedelta(hours=10)
    actor = Actor(person.pk, Role.RESIDENT)
    held = hold_time(
        entry=entry, household=home, quantity=2, starts_at=starts_at, resident=person, actor=actor,
        channel=Channel.WEB, at=at,
    )  # fmt: skip
    details = Details(contact_name="爱丽丝", contact_phone="13900000000", terms_version="2026-1")
    placed = place_booking(booking=held, details=details, actor=actor, at=at)
    run_round(placed.shard, at=clock.now())
    return Booking.objects.get(pk=placed.pk)


def _menu(firm: Enterprise) -> ServicePoint:
    """A point whose menu has thirty entries of six kinds."""
    point = world.point("菜单服务站")
    for n in range(MENU_ENTRIES):
        item = world.item(f"B{n:03d}", kind=world.kind(KINDS[n % len(KINDS)]), position=n + 10)
        world.entry(point, world.listing(firm, item), position=n)
    return point


def _past(model: Booking, share: float) -> None:
    bookings, residents, workers = (max(20, int(share * one)) for one in (BOOKINGS, RESIDENTS, WORKERS))
    communities, points, firms = (max(2, int(share * one)) for one in (COMMUNITIES, POINTS, ENTERPRISES))
    code = "'440120' || lpad(n::text, 6, '0')"
    some_community = f"'440120' || lpad((1 + n % {communities})::text, 6, '0')"
    afar = {"lat": "22.0 + 2.0 * ((n * 7919) % 1000) / 1000", "lon": "111.5 + 4.0 * ((n * 104729) % 1000) / 1000"}
    _copies(Division.objects.get(pk=world.CHASHAN), communities, area_code=code, code=code, parent_id="'4401'", **afar)
    firm = _copies(
        model.enterprise, firms, name="'旧' || n", social_credit_code="'91440100XX' || lpad(n::text, 8, '0')"
    )
    listing = _copies(model.entry.listing, firms, enterprise_id=f"{firm} + n")
    point = _copies(model.entry.point, points, name="'旧' || n", community_id=some_community, **afar)
    _copies(Menu.objects.get(point=model.entry.point_id), points, point_id=f"{point} + n")
    entry = _copies(model.entry, points, point_id=f"{point} + n", listing_id=f"{listing} + 1 + n % {firms}")
    user = _copies(model.resident, residents + workers, phone_index="md5('old' || n)")
    home = _copies(model.household, residents, community_id=some_community, **afar)
    _copies(
        HouseholdMember.objects.get(household=model.household),
        residents,
        household_id=f"{home} + n",
        user_id=f"{user} + n",
    )
    worker = _workers(Assignment.objects.get(visit=model.visit_id).worker, workers, firms, firm, user + residents)
    visit = _visits(model, bookings, workers)
    _crews(model, bookings, workers, visit, worker)
    offered = {
        "point_id": f"{point} + 1 + n % {points}", "entry_id": f"{entry} + 1 + n % {points}",
    }  # fmt: skip
    booking = _copies(
        model, bookings, no="'OLD' || n", state="'settled'", dispatch_due_at="NULL", visit_id=f"{visit} + n",
        starts_at=f"(SELECT v.starts_at FROM bookings_visit v WHERE v.id = {visit} + n)",
        ends_at=f"(SELECT v.ends_at FROM bookings_visit v WHERE v.id = {visit} + n)",
        resident_id=f"{user} + 1 + n % {residents}", household_id=f"{home} + 1 + n % {residents}",
        home_area_id=some_community, point_area=some_community, shard="'44' || lpad((1 + n % 21)::text, 2, '0')",
        enterprise_id=f"{firm} + 1 + (1 + n % {points}) % {firms}", **offered,
    )  # fmt: skip
    _copies(PointOffer.objects.get(booking=model), bookings, booking_id=f"{booking} + n", **offered)
    _copies(
        BookingEvent.objects.filter(booking=model).earliest("pk"), bookings * len(STEPS),
        booking_id=f"{booking} + 1 + (n - 1) / {len(STEPS)}",
        step=f"(ARRAY[{','.join(repr(one) for one in STEPS)}])[1 + (n - 1) % {len(STEPS)}]",
    )  # fmt: skip


def _workers(like: Worker, count: int, firms: int, firm: int, user: int) -> int:
    far = {"lat": "22.0 + 2.0 * (n % 1000) / 1000", "lon": "111.5 + 4.0 * (n % 997) / 1000"}
    worker = _copies(like, count, user_id=f"{user} + n", enterprise_id=f"{firm} + 1 + n % {firms}", **far)
    _copies(WorkerKind.objects.filter(worker=like).earliest("pk"), count, worker_id=f"{worker} + n")
    _copies(
        Credential.objects.filter(worker=like).earliest("pk"),
        count,
        worker_id=f"{worker} + n",
        number_index="'OLD' || n",
    )
    _copies(Authorisation.objects.filter(worker=like).earliest("pk"), count, worker_id=f"{worker} + n")
    _copies(
        WorkingHours.objects.filter(worker=like).earliest("pk"), count * 7,
        worker_id=f"{worker} + 1 + (n - 1) / 7", weekday="(n - 1) % 7",
    )  # fmt: skip
    return worker


def _begins(workers: int) -> str:
    """When the n-th visit of the past began: four a day for each worker, the youngest yesterday."""
    morning = day_bounds(clock.today())[0].isoformat()
    turn = f"(n / {workers})"
    return (
        f"'{morning}'::timestamptz - make_interval(days => 1 + {turn} / {VISITS_A_DAY}) "
        f"+ make_interval(hours => 8 + 3 * ({turn} % {VISITS_A_DAY}))"
    )


def _visits(model: Booking, count: int, workers: int) -> int:
    begins = _begins(workers)
    return _copies(model.visit, count, starts_at=begins, ends_at=f"{begins} + interval '2 hours'")


def _crews(model: Booking, count: int, workers: int, visit: int, worker: int) -> None:
    begins = _begins(workers)
    _copies(
        Assignment.objects.get(visit=model.visit_id), count, visit_id=f"{visit} + n", state="'done'",
        worker_id=f"{worker} + 1 + n % {workers}", busy_from=f"{begins} - interval '30 minutes'",
        busy_until=f"{begins} + interval '2 hours'",
    )  # fmt: skip


def _copies(like: Any, count: int, **columns: str) -> int:
    """The row is copied `count` times, `columns` being SQL over n = 1 … count. The n-th has the key `answer + n`."""
    meta = like._meta
    key, table = meta.pk, meta.db_table
    written = [one for one in meta.concrete_fields if not one.generated]
    base = 0
    if isinstance(key, models.AutoField | models.BigAutoField):
        base = type(like)._default_manager.latest("pk").pk
        columns = {**columns, key.attname: f"{base} + n"}
    values = ", ".join(columns.get(one.attname, f't."{one.column}"') for one in written)
    values = values.replace("%", "%%")  # the arithmetic's own
    names = ", ".join(f'"{one.column}"' for one in written)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO {table} ({names}) SELECT {values} FROM {table} t, generate_series(1, {count}) n WHERE t."{key.column}" = %s',
            [like.pk],
        )
        if base:
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [table, key.column, base + count])
    return int(base)


def counts() -> dict[str, int]:
    """Rows of what grows."""
    grown = (Booking, Visit, Assignment, BookingEvent, Division, ServicePoint, Worker, User, Receipt, Notification)
    return {model._meta.db_table: model._default_manager.count() for model in grown}
