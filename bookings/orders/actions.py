"""Ordering: hold a time, place the order, cancel it, give back what nobody ordered."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bookings.contracts.queries import terms_in_force
from bookings.lifecycle.actions import advance, create_held, release_crews
from bookings.lifecycle.models import Assignment, Booking, State, Visit
from bookings.lifecycle.rules import SYSTEM_ACTOR, Actor, Change, booking_no, door_code, job_context
from bookings.menus.models import MenuEntry
from bookings.money.queries import price_terms
from bookings.money.rules import PriceTerms, Quote, cancellation_fee_fen, milder_tiers, quote
from bookings.orders.queries import reaches
from bookings.orders.rules import (
    DRAFTS_KEPT,
    HEALTH_LIMIT,
    HOLD_LASTS,
    NOTE_LIMIT,
    Details,
    why_not_circumstances,
    why_not_posted,
)
from bookings.slots.actions import give_back_places, lock_sittings, slot_gone, take_crew, take_places
from bookings.slots.queries import HORIZON_DAYS, Ask, allowed_starts, alternatives
from bookings.slots.rules import Grid
from communities.accounts.models import CareRecipient, Household, Identity, User
from homeservice.foundation.calendar import is_statutory_holiday
from homeservice.kernel.clock import day_bounds, local, local_day, on_grid
from homeservice.kernel.errors import DomainError
from homeservice.kernel.geo import distance_m
from homeservice.kernel.queue import wake_shard
from homeservice.kernel.vocabulary import CHILD_GROUPS, Channel, Place
from providers.catalogue.models import ServiceItem
from providers.listings.models import ListingVersion
from providers.listings.queries import tiers_of, version_in_force

DISPATCH = "bookings.dispatch.run_shard"


def ask_for(
    entry: MenuEntry,
    household: Household,
    quantity: int,
    *,
    child_present: bool = False,
    circumstances: Collection[str] = (),
) -> Ask:
    """The wish, with what the gate wants to know of the work and the home: of the weakest who lives there, and of
    everybody's groups, until one of them is named."""
    people = _people_of(household)
    context = job_context(
        child_present=child_present or _child_is_there(entry.listing.item, people),
        care_level=max((one.care_level for one in people), default=0),
        circumstances=circumstances,
        groups={group for one in people for group in one.groups},
    )
    return Ask(entry, quantity, household.lat, household.lon, context)


def _people_of(household: Household | None) -> list[CareRecipient]:
    return [one for one in household.recipients.all() if one.removed_at is None] if household else []


def _child_is_there(item: ServiceItem, people: Collection[CareRecipient]) -> bool:
    """Whether a child is served or lives in the home, as we know without being told."""
    lives_there = any(CHILD_GROUPS.intersection(one.groups) for one in people)
    return item.child_contact or (item.place == Place.HOME and lives_there)


def quote_for(ask: Ask, starts_at: datetime, home_area: str) -> tuple[Quote, PriceTerms]:
    """The price of the wish at that time, with the policy it came from."""
    item = ask.entry.listing.item
    terms = price_terms(home_area, local_day(starts_at))
    point = ask.entry.point
    price = quote(
        unit_price_fen=ask.entry.price_fen,
        quantity=ask.quantity,
        unit=item.unit,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=ask.minutes),
        holiday=is_statutory_holiday(local_day(starts_at)),
        distance_m=distance_m(point.lat, point.lon, ask.lat, ask.lon),
        terms=terms,
    )
    return price, terms


@transaction.atomic
def hold_time(
    *,
    entry: MenuEntry,
    household: Household,
    quantity: int,
    starts_at: datetime,
    resident: User,
    actor: Actor,
    channel: Channel,
    at: datetime,
    child_present: bool = False,
    circumstances: Collection[str] = (),
    prefer_workers: Sequence[int] = (),
) -> Booking:
    """The time is the resident's for ten minutes: a visit with its tentative crew, or places at a sitting.

    `circumstances` are those of the item's that were answered with yes. Raises `out_of_reach`,
    `circumstance_unknown`, `quantity_out_of_range`, `area_not_served`, `slot_past`, `slot_too_far`, and `slot_gone` with
    `alternatives`, the nearest free times.
    Locks the chosen workers. An earlier hold of the same resident is given back.
    """
    ask = ask_for(entry, household, quantity, child_present=child_present, circumstances=circumstances)
    version = version_in_force(entry.listing)
    _check_wish(ask, starts_at, at)
    refusal = why_not_posted(version.min_quantity, version.areas, ask.quantity, household.community_id)
    if refusal:
        raise refusal
    _give_back_earlier_holds(resident, ask, starts_at, at)
    try:
        with transaction.atomic():
            visit = _open_visit(ask, starts_at, at, prefer_workers)
    except DomainError as refusal:
        refusal.facts["alternatives"] = alternatives(ask, starts_at, at=at)
        raise
    price, terms = quote_for(ask, starts_at, household.community_id)
    booking = Booking(
        no=booking_no(at), channel=channel, resident=resident, placed_by_id=actor.user_id or resident.pk, household=household,
        home_area_id=household.community_id, lat=household.lat, lon=household.lon, address=household.address,
        item=entry.listing.item, entry=entry, quantity=quantity, visit=visit, starts_at=visit.starts_at,
        ends_at=visit.ends_at, child_present=ask.context.child_present, circumstances=sorted(ask.context.acts),
        listing_version=version, price_fen=price.total_fen,
        price_parts=price.as_rows(), snapshot=_snapshot(ask, terms, version), shard=household.community_id[:4],
        hold_until=at + HOLD_LASTS, created_at=at,
    )  # fmt: skip
    create_held([booking], role=actor.role)
    return booking


@transaction.atomic
def place_booking(*, booking: Booking, details: Details, actor: Actor, at: datetime) -> Booking:
    """The held time becomes an order and dispatch is woken after commit.

    Raises `identity_missing`, `health_not_declared`, `child_not_told`, `note_too_long`, `terms_not_accepted`,
    `hold_lapsed`, `recipient_unknown`. Locks the booking.
    """
    in_force = terms_in_force(on_date=local_day(at))
    terms = in_force if in_force.version == details.terms_version else None
    booking = Booking.objects.select_for_update(of=("self",), no_key=True).select_related(
        "item", "household", "resident"
    ).get(pk=booking.pk)  # fmt: skip
    _check_details(booking, details)
    columns = {
        "contact_name": details.contact_name, "contact_phone": details.contact_phone, "note": details.note,
        "health_facts": details.health_facts,
    }  # fmt: skip
    Booking.objects.filter(pk=booking.pk).update(**columns)
    told = details.child_present or booking.child_present
    change = {
        "recipient": details.recipient_id, "any_enterprise": details.any_enterprise,
        "child_present": told or _child_is_there(booking.item, _people_of(booking.household)), "terms": terms.pk if terms else None,
        "terms_accepted_at": at if terms else None, "dispatch_due_at": at, "door_code": door_code(),
    }  # fmt: skip
    moved = advance(
        [booking.pk], "place", at=at, actor=actor, facts={"terms_accepted": terms is not None},
        changes=[Change(booking.pk, change)],
    )  # fmt: skip
    wake_shard(DISPATCH, booking.shard)
    return moved[0]


@transaction.atomic
def cancel_booking(*, booking: Booking, actor: Actor, at: datetime, reason: str = "") -> int:
    """The booking is cancelled and its time free again. Answers the fee in fen by the agreed tiers, which
    the booking keeps.

    Raises `step_not_possible` once the service has begun. Locks the booking before it looks at its state.
    """
    booking = Booking.objects.select_for_update(no_key=True).get(pk=booking.pk)
    fee_fen = cancellation_fee(booking, at=at)
    change = Change(booking.pk, {"dispatch_due_at": None, "cancel_fee_fen": fee_fen})
    moved = advance([booking.pk], "cancel", at=at, actor=actor, reason=reason, changes=[change])
    free_time_of(moved, reason="cancelled")
    return fee_fen


def cancellation_fee(booking: Booking, *, at: datetime) -> int:
    """What cancelling now would cost, by the tiers agreed when ordering. Nothing after another worker or enterprise
    was sent than the one first named: the terms leave that to the resident."""
    if booking.events.filter(step__in=["replace", "refuse", "lapse_assignment", "hand_over"]).exists():
        return 0
    return cancellation_fee_fen(
        booking.price_fen,
        starts_at=booking.starts_at,
        at=at,
        tiers=booking.snapshot.get("cancel_tiers", []),
        worker_named=booking.state in (State.ASSIGNED, State.CONFIRMED),
    )


@transaction.atomic
def lapse_holds(*, at: datetime, limit: int = 200) -> int:
    """Holds past their ten minutes are given back. Claims its rows; safe beside others and twice."""
    due = Booking.objects.filter(state=State.HELD, hold_until__lte=at).order_by("hold_until", "pk")
    ids = list(due.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)[:limit])
    moved = advance(ids, "lapse_hold", at=at, actor=SYSTEM_ACTOR, skip_others=True)
    free_time_of(moved, reason="hold_lapsed")
    return len(moved)


@transaction.atomic
def forget_drafts(*, at: datetime) -> int:
    """Personal words typed into orders that were never placed are blank a day after the hold lapsed.

    Answers how many were blanked. Safe twice.
    """
    abandoned = Booking.objects.filter(
        state=State.CANCELLED, placed_at__isnull=True, ended_at__lte=at - DRAFTS_KEPT, drafts_forgotten=False
    )
    return abandoned.update(
        contact_name="", contact_phone="", note="", health_facts="", address="", drafts_forgotten=True
    )


def free_time_of(bookings: Sequence[Booking], *, reason: str) -> None:
    """The workers' time or the places of bookings that have ended are free for others."""
    release_crews([booking.visit_id for booking in bookings], reason=reason)
    sittings = dict(Visit.objects.filter(pk__in=[one.visit_id for one in bookings]).values_list("pk", "sitting_id"))
    seated = [(sittings[booking.visit_id], booking.quantity) for booking in bookings if sittings[booking.visit_id]]
    for sitting_id, quantity in sorted(seated):  # in key order, as everybody locks them
        give_back_places(sitting_id, quantity)


def _check_wish(ask: Ask, starts_at: datetime, at: datetime) -> None:
    item = ask.entry.listing.item
    if not reaches(ask):
        raise DomainError("out_of_reach", _("This service point does not serve that home."), field="household")
    refusal = why_not_circumstances(item.circumstances, ask.context.acts)
    if refusal:
        raise refusal
    if not item.min_quantity <= ask.quantity <= item.max_quantity:
        text = _("Choose between %(low)s and %(high)s.") % {"low": item.min_quantity, "high": item.max_quantity}
        raise DomainError("quantity_out_of_range", text, field="quantity")
    if starts_at < at + timedelta(minutes=item.lead_time_min):
        raise DomainError(
            "slot_past", _("This time is too soon or has passed. Please choose a later one."), field="starts_at"
        )
    if starts_at >= day_bounds(local_day(at) + timedelta(days=HORIZON_DAYS))[0]:
        text = _("Times can be booked for the next %(days)s days.") % {"days": HORIZON_DAYS}
        raise DomainError("slot_too_far", text, field="starts_at")
    grid = Grid(local_day(starts_at), 1)
    start = grid.mask(grid.minute(starts_at), grid.minute(starts_at))
    if not on_grid(starts_at) or not start & allowed_starts(ask, grid, at):
        raise slot_gone()
    if not item.needs_worker and local(starts_at).time() not in ask.entry.sittings:
        raise slot_gone()


def _open_visit(ask: Ask, starts_at: datetime, at: datetime, prefer: Sequence[int]) -> Visit:
    item = ask.entry.listing.item
    lat, lon = ask.place
    visit = Visit(
        item=item, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=ask.minutes),
        lat=lat, lon=lon,
        crew_size=item.crew_size if item.needs_worker else 0,
    )  # fmt: skip
    if item.needs_worker:
        visit.save(force_insert=True)
        take_crew(visit, ask, at=at, state=Assignment.State.TENTATIVE, prefer=prefer)
        return visit
    visit.sitting = take_places(ask, starts_at)
    visit.save(force_insert=True)
    return visit


def _give_back_earlier_holds(resident: User, ask: Ask, starts_at: datetime, at: datetime) -> None:
    """Locks the bookings, then what sittings they leave and the one that is wanted, in key order."""
    held = Booking.objects.filter(resident=resident, state=State.HELD).values_list("pk", flat=True)
    moved = advance(list(held), "lapse_hold", at=at, actor=SYSTEM_ACTOR, skip_others=True)
    if moved and not ask.entry.listing.item.needs_worker:
        lock_sittings(left=[booking.visit_id for booking in moved], entry=ask.entry, starts_at=starts_at)
    free_time_of(moved, reason="chose_again")


def _snapshot(ask: Ask, terms: PriceTerms, version: ListingVersion) -> dict[str, Any]:
    """What was shown and agreed: names, unit price, version and policy, whatever the menu says later; and the care
    level and groups that the gate must ask for when the order names no one person."""
    entry, item = ask.entry, ask.entry.listing.item
    return {
        "item_zh": item.name_zh, "item_en": item.name_en, "unit": item.unit, "unit_price_fen": entry.price_fen,
        "enterprise": entry.listing.enterprise.name, "point": entry.point.name, "price_policy": terms.version,
        "cancel_tiers": [list(tier) for tier in milder_tiers(terms.cancel_tiers, tiers_of(version))],
        "care_level": ask.context.care_level, "groups": sorted(ask.context.groups), "listing_version": version.no,
    }  # fmt: skip


def _check_details(booking: Booking, details: Details) -> None:
    identity = Identity.objects.filter(user=booking.resident, state=Identity.State.VERIFIED)
    if not identity.exists():
        raise DomainError(
            "identity_missing", _("Please verify your identity first: the law asks for it before a worker may be sent.")
        )
    if booking.item.health_facts_asked and not details.health_declared:
        raise DomainError("health_not_declared", _("Please answer the question about illnesses."), field="health_facts")
    if len(details.note) > NOTE_LIMIT:
        raise DomainError("note_too_long", _("The note is too long: at most 500 characters."), field="note")
    if len(details.health_facts) > HEALTH_LIMIT:
        raise DomainError("health_too_long", _("Please keep it to 500 characters."), field="health_facts")
    _check_recipient(booking, details)


def _check_recipient(booking: Booking, details: Details) -> None:
    if details.recipient_id is None:
        return
    known = CareRecipient.objects.filter(pk=details.recipient_id, household=booking.household, removed_at__isnull=True)
    if not known.exists():
        raise DomainError("recipient_unknown", _("Please choose somebody of this household."), field="recipient")
