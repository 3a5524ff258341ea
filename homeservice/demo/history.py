"""The bookings of the demo world: each takes its steps through `advance`, at the instants it would have."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

from bookings.contracts.models import Terms
from bookings.dispatch.actions import run_round
from bookings.dispatch.answers import accept_offer
from bookings.dispatch.models import PointOffer
from bookings.lifecycle.actions import advance, create_held
from bookings.lifecycle.models import Assignment, Booking, Visit
from bookings.lifecycle.rules import SYSTEM_ACTOR, Actor, Change, booking_no, door_code
from bookings.menus.models import Sitting
from bookings.money.queries import price_terms
from bookings.money.rules import PriceTerms, Quote, quote
from bookings.orders.actions import free_time_of
from communities.accounts.models import HouseholdMember, User
from communities.points.models import PointStaff
from homeservice.demo.diary import Planned
from homeservice.demo.words import NOTES, REASONS
from homeservice.foundation.calendar import statutory_holidays_between
from homeservice.kernel.clock import local_day
from homeservice.kernel.geo import distance_m, travel_min
from homeservice.kernel.vocabulary import Channel, Role
from providers.workers.models import Worker

BATCH = 500
OFFERS_LEFT_OPEN = 20
LEADS_H = [5, 14, 20, 27, 44, 70, 120]
DESK_SHARE, CANCEL_SHARE = 0.14, 0.06

When = Callable[[Booking], datetime]
Row = TypeVar("Row")


def order(random: Random, visits: Sequence[Planned], *, now: datetime) -> list[Booking]:
    """Every planned visit is held and placed at an hour before it that has passed by now."""
    owners = _owners()
    terms = Terms.objects.order_by("-valid_from").first()
    policy = price_terms("4401", local_day(now))
    days = [local_day(one.starts_at) for one in visits]
    holidays = set(statutory_holidays_between(min(days), max(days) + timedelta(days=1)))
    placed_at = [_placed_at(random, one, now) for one in visits]
    stamped = list(zip(visits, placed_at, strict=True))
    rows = _visits(visits)
    bookings = [
        _booking(random, one, visit, at, owners[one.home.pk], policy, local_day(one.starts_at) in holidays)
        for (one, at), visit in zip(stamped, rows, strict=True)
    ]
    for batch in _batches(bookings):
        create_held(batch, role=Role.RESIDENT)
    _assign_tentatively(stamped, rows)
    _step(
        bookings, "place", lambda one: one.created_at + timedelta(minutes=4), now, role=Role.RESIDENT,
        facts={"terms_accepted": True}, change=lambda one, at: {
            "terms": terms.pk if terms else None, "terms_accepted_at": at, "dispatch_due_at": at, "door_code": door_code(),
        },
    )  # fmt: skip
    return bookings


def live_through(random: Random, bookings: Sequence[Booking], *, now: datetime) -> None:
    """What lies behind us happened: accepted, named, confirmed, visited, finished, settled, or cancelled."""
    past = [one for one in bookings if one.starts_at < now + timedelta(hours=2)]
    cancelled = {one.pk for one in past if random.random() < CANCEL_SHARE and one.ends_at < now}
    kept = [one for one in past if one.pk not in cancelled]
    gone = _step(
        [one for one in past if one.pk in cancelled], "cancel", lambda one: one.created_at + timedelta(minutes=50), now,
        role=Role.RESIDENT, reason=random.choice(REASONS), change=lambda _one, _at: {"dispatch_due_at": None},
    )  # fmt: skip
    free_time_of(gone, reason="cancelled")
    _accept(kept, now)
    staffed = [one for one in kept if one.item.needs_worker]
    _step(staffed, "assign", _after_placing(7), now, change=lambda _one, _at: {"dispatch_due_at": None})
    _step(staffed, "confirm", _after_placing(25), now, role=Role.WORKER)
    _step(staffed, "set_out", lambda one: one.starts_at - timedelta(minutes=25), now, role=Role.WORKER)
    _step(staffed, "arrive", lambda one: one.starts_at - timedelta(minutes=4), now, role=Role.WORKER)
    _step(staffed, "begin", lambda one: one.starts_at, now, role=Role.WORKER)
    _step([one for one in kept if not one.item.needs_worker], "begin", lambda one: one.starts_at, now, role=Role.STAFF)
    _step(kept, "finish", lambda one: one.ends_at, now, role=Role.WORKER)
    _step(kept, "settle", lambda one: one.ends_at + timedelta(hours=20), now, role=Role.RESIDENT)
    _close_assignments()


def dispatch_the_rest(shard: str, *, now: datetime) -> None:
    """What lies ahead goes through real rounds; desks have answered all but the newest offers, and most
    workers have said yes already."""
    _rounds(shard, now)
    waiting = PointOffer.objects.filter(state=PointOffer.State.OPEN).order_by("-booking__placed_at", "-pk")
    desks = dict(PointStaff.objects.values_list("point_id", "user_id"))
    for offer in waiting[OFFERS_LEFT_OPEN:]:
        accept_offer(offer=offer, actor=Actor(desks[offer.point_id], Role.STAFF), at=now)
    _rounds(shard, now)
    ahead = Booking.objects.filter(state="assigned", starts_at__gt=now).order_by("pk")
    ids = list(ahead.values_list("pk", flat=True))
    for batch in _batches([key for place, key in enumerate(ids) if place % 10]):
        changes = [Change(key, {"dispatch_due_at": None}) for key in batch]
        advance(batch, "confirm", at=now, actor=Actor(None, Role.WORKER), changes=changes)
    confirmed = Booking.objects.filter(state="confirmed").values("visit")
    Assignment.objects.filter(state="assigned", visit__in=confirmed).update(state="confirmed")


def _rounds(shard: str, now: datetime) -> None:
    while run_round(shard, at=now):
        pass


def _step(
    bookings: Sequence[Booking], name: str, when: When, now: datetime, *, role: str = "system", reason: str = "",
    facts: dict[str, object] | None = None, change: Callable[[Booking, datetime], dict[str, object]] | None = None,
) -> list[Booking]:  # fmt: skip
    """Those for whom the step's hour has passed take it."""
    moved = []
    ready = [one for one in bookings if when(one) <= now]
    for batch in _batches(ready):
        at_of = {one.pk: when(one) for one in batch}
        changes = [Change(one.pk, change(one, at_of[one.pk])) for one in batch] if change else []
        actor = SYSTEM_ACTOR if role == "system" else Actor(None, role)
        moved += advance(
            [one.pk for one in batch], name, at=now, at_of=at_of, actor=actor, reason=reason, facts=facts,
            changes=changes, skip_others=True,
        )  # fmt: skip
    return moved


def _accept(bookings: Sequence[Booking], now: datetime) -> None:
    """The point whose menu was chosen takes each, and its offer is on record."""
    moved = _step(
        bookings, "accept", _after_placing(6), now, change=lambda one, _at: {
            "point": one.entry.point_id, "point_area": one.entry.point.community_id,
            "enterprise": one.entry.listing.enterprise_id, "dispatch_round": 1, "dispatch_due_at": None,
        },
    )  # fmt: skip
    points = {one.pk: one.entry.point for one in bookings}
    PointOffer.objects.bulk_create(
        (
            PointOffer(
                booking=one, point=points[one.pk], entry_id=one.entry_id, round_no=1, state="accepted",
                distance_m=round(distance_m(one.lat, one.lon, points[one.pk].lat, points[one.pk].lon)),
                offered_at=one.accepted_at or now, deadline_at=one.accepted_at or now, decided_at=one.accepted_at,
            )
            for one in moved
        ),
        batch_size=1000,
    )  # fmt: skip


def _after_placing(minutes: int) -> When:
    return lambda one: one.created_at + timedelta(minutes=4 + minutes)


def _placed_at(random: Random, planned: Planned, now: datetime) -> datetime:
    """When the time was held: some hours ahead of the visit, and behind us."""
    wanted = planned.starts_at - timedelta(hours=random.choice(LEADS_H), minutes=random.randint(0, 59))
    return min(wanted, now - timedelta(minutes=random.randint(40, 2500)))


def _owners() -> dict[int, User]:
    members = HouseholdMember.objects.filter(part="owner").select_related("user")
    return {member.household_id: member.user for member in members}


def _visits(planned: Sequence[Planned]) -> list[Visit]:
    sittings = _sittings(planned)
    return Visit.objects.bulk_create(
        (
            Visit(
                item=one.entry.listing.item, starts_at=one.starts_at, ends_at=one.ends_at, lat=one.home.lat,
                lon=one.home.lon, crew_size=len(one.workers),
                sitting=sittings.get((one.entry.pk, one.starts_at)),
            )
            for one in planned
        ),
        batch_size=1000,
    )  # fmt: skip


def _sittings(planned: Sequence[Planned]) -> dict[tuple[int, datetime], Sitting]:
    taken: dict[tuple[int, datetime], int] = {}
    capacity: dict[tuple[int, datetime], int] = {}
    for one in planned:
        if not one.workers:
            key = (one.entry.pk, one.starts_at)
            taken[key] = taken.get(key, 0) + one.quantity
            capacity[key] = one.entry.capacity or 0
    made = Sitting.objects.bulk_create(
        Sitting(entry_id=entry, starts_at=starts_at, taken=count, capacity=max(capacity[entry, starts_at], count))
        for (entry, starts_at), count in taken.items()
    )
    return {(row.entry_id, row.starts_at): row for row in made}


def _assign_tentatively(stamped: Sequence[tuple[Planned, datetime]], visits: Sequence[Visit]) -> None:
    Assignment.objects.bulk_create(
        (
            Assignment(
                visit=visit, worker=worker, created_at=at, busy_from=one.starts_at - _way(worker, one),
                busy_until=one.ends_at + timedelta(minutes=one.entry.listing.item.cleanup_min),
            )
            for (one, at), visit in zip(stamped, visits, strict=True)
            for worker in one.workers
        ),
        batch_size=1000,
    )  # fmt: skip


def _way(worker: Worker, planned: Planned) -> timedelta:
    """The least that the diary keeps free before a visit: the way itself is kept free by the plan."""
    return timedelta(minutes=min(travel_min(0, worker.transport), 5))


def _booking(
    random: Random, one: Planned, visit: Visit, at: datetime, owner: User, policy: PriceTerms, holiday: bool
) -> Booking:
    entry, item = one.entry, one.entry.listing.item
    price = _price(one, policy, holiday)
    channel = Channel.PHONE if random.random() < DESK_SHARE else Channel.WEB
    return Booking(
        no=booking_no(at), channel=channel, resident=owner, placed_by=owner, household=one.home,
        home_area_id=one.home.community_id, lat=one.home.lat, lon=one.home.lon, address=one.home.address,
        contact_name=owner.name, contact_phone=owner.phone, note=random.choice(NOTES),
        health_facts="", item=item, entry=entry, quantity=one.quantity, visit=visit, starts_at=one.starts_at,
        ends_at=one.ends_at, child_present=item.child_contact, price_fen=price.total_fen, price_parts=price.as_rows(),
        snapshot={
            "item_zh": item.name_zh, "item_en": item.name_en, "unit": item.unit, "unit_price_fen": entry.price_fen,
            "enterprise": entry.listing.enterprise.name, "point": entry.point.name, "price_policy": policy.version,
            "cancel_tiers": [list(tier) for tier in policy.cancel_tiers],
        },
        shard=one.home.community_id[:4], hold_until=at + timedelta(minutes=10), created_at=at,
    )  # fmt: skip


def _price(one: Planned, policy: PriceTerms, holiday: bool) -> Quote:
    point = one.entry.point
    return quote(
        unit_price_fen=one.entry.price_fen, quantity=one.quantity, unit=one.entry.listing.item.unit,
        starts_at=one.starts_at, ends_at=one.ends_at, holiday=holiday, terms=policy,
        distance_m=distance_m(point.lat, point.lon, one.home.lat, one.home.lon),
    )  # fmt: skip


def _close_assignments() -> None:
    """Assignments follow their bookings: done with those that are over, confirmed with those to come."""
    for states, wanted in (
        (["finished", "settled"], "done"),
        (["confirmed", "in_service"], "confirmed"),
        (["assigned"], "assigned"),
    ):
        visits = Booking.objects.filter(state__in=states).values("visit")
        Assignment.objects.exclude(state="released").filter(visit__in=visits).update(state=wanted)


def _batches(rows: Sequence[Row]) -> Iterable[Sequence[Row]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))
