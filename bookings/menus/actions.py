"""Building a point's menu. Every change locks the Menu row first, so that two desks take turns.

A change that residents see raises `Menu.version` by one UPDATE: cached cards are keyed by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction
from django.db.models import Case, F, Max, PositiveSmallIntegerField, Value, When
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from bookings.menus.models import Menu, MenuEntry, Sitting
from bookings.menus.queries import why_not_offered
from bookings.menus.rules import moved, why_not_price, why_not_seats
from communities.accounts.models import User
from communities.points.models import ServicePoint
from homeservice.foundation.models import AuditEntry
from homeservice.kernel.clock import local_day
from homeservice.kernel.errors import DomainError
from providers.listings.models import Listing


@dataclass(frozen=True, slots=True)
class Publication:
    """What publishing a whole menu did: entries now shown, and those refused with the reason."""

    published: tuple[MenuEntry, ...]
    refused: tuple[tuple[MenuEntry, DomainError], ...]


@transaction.atomic
def add_entry(
    *,
    point: ServicePoint,
    listing: Listing,
    price_fen: int,
    capacity: int | None,
    sittings: Sequence[time],
    by: User,
    at: datetime,
) -> MenuEntry:
    """The listing stands as a draft at the end of the point's menu.

    Raises `entry_exists`, `price_above_listing` (price), `capacity_missing`, `seats_not_needed`
    (capacity), `sittings_missing`, `sittings_off_grid`, `sittings_too_many` (sittings). Locks the menu.
    """
    _locked_menu(point.pk)
    _check_terms(listing, price_fen, capacity, sittings)
    entries = MenuEntry.objects.filter(point=point)
    if entries.filter(listing=listing).exists():
        raise DomainError("entry_exists", _("This offer is on the menu already."))
    last = entries.aggregate(last=Max("position"))["last"]
    entry = MenuEntry(
        point=point,
        listing=listing,
        item_code=listing.item_id,
        position=0 if last is None else last + 1,
        price_fen=price_fen,
        capacity=capacity,
        sittings=list(sittings),
    )
    _save(entry, by, at)
    _audit("menu.entry_added", entry, by, at, price_fen=price_fen)
    return entry


@transaction.atomic
def change_entry(
    *, entry: MenuEntry, price_fen: int, capacity: int | None, sittings: Sequence[time], by: User, at: datetime
) -> MenuEntry:
    """The entry has this price, capacity and times; coming sittings get the new capacity, but never
    less than is taken. Bookings keep what they agreed. Raises what `add_entry` raises. Locks the menu."""
    entry = _locked_entry(entry)
    _check_terms(entry.listing, price_fen, capacity, sittings)
    before = entry.price_fen
    entry.price_fen, entry.capacity, entry.sittings = price_fen, capacity, list(sittings)
    _save(entry, by, at)
    if capacity:
        coming = Sitting.objects.filter(entry=entry, starts_at__gt=at)
        coming.update(capacity=Greatest(F("taken"), Value(capacity)))
    _audit("menu.entry_changed", entry, by, at, price_fen=[before, price_fen], capacity=capacity)
    if entry.state == MenuEntry.State.PUBLISHED:
        _raise_version(entry.point_id, by, at)
    return entry


@transaction.atomic
def move_entry(*, entry: MenuEntry, place: int, by: User, at: datetime) -> None:
    """The entry stands at `place` (0 is first) among all of its point, without gaps. Locks the menu."""
    entry = _locked_entry(entry)
    rows = MenuEntry.objects.filter(point_id=entry.point_id)
    before = list(rows.order_by("position", "pk").values_list("pk", flat=True))
    after = moved(before, entry.pk, place)
    if after == before:
        return
    cases = [When(pk=pk, then=Value(position)) for position, pk in enumerate(after)]
    rows.update(position=Case(*cases, default=F("position"), output_field=PositiveSmallIntegerField()))
    _audit("menu.entry_moved", entry, by, at, place=[before.index(entry.pk), after.index(entry.pk)])
    _raise_version(entry.point_id, by, at)


@transaction.atomic
def publish_entry(*, entry: MenuEntry, by: User, at: datetime) -> MenuEntry:
    """Residents see the entry. Raises `price_above_listing`, the seat codes, `listing_not_active`,
    `enterprise_not_active`, or `licence_missing` with the gate's findings. Locks the menu."""
    entry = _locked_entry(entry)
    outcome = _publish([entry], by, at)
    for _entry, refusal in outcome.refused:
        raise refusal
    return entry


@transaction.atomic
def publish_menu(*, point: ServicePoint, by: User, at: datetime) -> Publication:
    """Every draft that may be shown is shown; the others stay drafts, each with its reason.
    A fixed number of queries however many drafts. Locks the menu."""
    _locked_menu(point.pk)
    drafts = MenuEntry.objects.filter(point=point, state=MenuEntry.State.DRAFT)
    rows = drafts.select_related("listing__item", "listing__enterprise").order_by("position", "pk")
    return _publish(list(rows), by, at)


@transaction.atomic
def withdraw_entry(*, entry: MenuEntry, by: User, at: datetime) -> MenuEntry:
    """Residents no longer see the entry; bookings made with it stand. Locks the menu."""
    entry = _locked_entry(entry)
    if entry.state == MenuEntry.State.WITHDRAWN:
        return entry
    was_shown = entry.state == MenuEntry.State.PUBLISHED
    entry.state = MenuEntry.State.WITHDRAWN
    _save(entry, by, at)
    _audit("menu.entry_withdrawn", entry, by, at)
    if was_shown:
        _raise_version(entry.point_id, by, at)
    return entry


@transaction.atomic
def follow_listings(*, at: datetime) -> list[MenuEntry]:
    """No entry asks more than its enterprise: where a listing became cheaper, its entries follow.

    Locks those menus in the order of their points. Gives the entries that were lowered.
    """
    dearer = MenuEntry.objects.filter(price_fen__gt=F("listing__price_fen"))
    for point_id in dearer.order_by("point_id").values_list("point_id", flat=True).distinct():
        _locked_menu(point_id)
    entries = list(dearer.select_related("listing").order_by("point_id", "pk"))
    for entry in entries:
        entry.price_fen = entry.listing.price_fen
    if entries:
        reason = "the listing became cheaper"
        bulk_update_with_history(entries, MenuEntry, ["price_fen"], default_date=at, default_change_reason=reason)
        shown = {entry.point_id for entry in entries if entry.state == MenuEntry.State.PUBLISHED}
        Menu.objects.filter(point__in=shown).update(version=F("version") + 1)
    return entries


def _publish(entries: Sequence[MenuEntry], by: User, at: datetime) -> Publication:
    """The caller holds the menu's lock."""
    offered = why_not_offered([entry.listing for entry in entries], on_date=local_day(at))
    refusals = {entry.pk: _why_not_terms(entry) or offered[entry.listing_id] for entry in entries}
    good = [entry for entry in entries if refusals[entry.pk] is None]
    shown = [entry for entry in good if entry.state != MenuEntry.State.PUBLISHED]
    for entry in shown:
        entry.state = MenuEntry.State.PUBLISHED
    if shown:
        bulk_update_with_history(shown, MenuEntry, ["state"], default_user=by, default_date=at)
        AuditEntry.objects.bulk_create(_audit_row("menu.entry_published", entry, by, at) for entry in shown)
        _raise_version(shown[0].point_id, by, at)
    refused = tuple((entry, refusal) for entry in entries if (refusal := refusals[entry.pk]) is not None)
    return Publication(tuple(good), refused)


def _locked_menu(point_id: int) -> Menu:
    """The point's menu, made if it is new, locked until the transaction ends."""
    Menu.objects.bulk_create([Menu(point_id=point_id)], ignore_conflicts=True)
    return Menu.objects.select_for_update().get(point_id=point_id)


def _locked_entry(entry: MenuEntry) -> MenuEntry:
    """The entry re-read under its menu's lock, with its listing, item and enterprise."""
    _locked_menu(entry.point_id)
    fresh: MenuEntry = MenuEntry.objects.select_related("listing__item", "listing__enterprise").get(pk=entry.pk)
    return fresh


def _save(entry: MenuEntry, by: User, at: datetime) -> None:
    """Save with the history's row told by whom and when: by the action, not by the request around it."""
    entry._history_user, entry._history_date = by, at  # type: ignore[attr-defined]
    entry.save()


def _raise_version(point_id: int, by: User, at: datetime) -> None:
    Menu.objects.filter(point_id=point_id).update(version=F("version") + 1, published_at=at, published_by=by)


def _check_terms(listing: Listing, price_fen: int, capacity: int | None, sittings: Sequence[time]) -> None:
    refusal = why_not_price(price_fen, listing_price_fen=listing.price_fen) or why_not_seats(
        needs_worker=listing.item.needs_worker, capacity=capacity, sittings=sittings
    )
    if refusal:
        raise refusal


def _why_not_terms(entry: MenuEntry) -> DomainError | None:
    """The rules of price and seats again: the listing may have changed since the draft."""
    listing = entry.listing
    return why_not_price(entry.price_fen, listing_price_fen=listing.price_fen) or why_not_seats(
        needs_worker=listing.item.needs_worker, capacity=entry.capacity, sittings=entry.sittings
    )


def _audit(action: str, entry: MenuEntry, by: User, at: datetime, **detail: object) -> None:
    _audit_row(action, entry, by, at, **detail).save()


def _audit_row(action: str, entry: MenuEntry, by: User, at: datetime, **detail: object) -> AuditEntry:
    return AuditEntry(
        at=at, actor_id=by.pk, action=action, subject_type="menu_entry", subject_id=str(entry.pk), detail=detail
    )
