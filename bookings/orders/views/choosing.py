"""Choosing how much, where and when: one page, or one question a page in the elder version."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from bookings.lifecycle.queries import came_before, own_bookings
from bookings.lifecycle.rules import Actor
from bookings.menus.models import MenuEntry
from bookings.money.wording import unit_label
from bookings.orders.actions import ask_for, hold_time
from bookings.orders.forms import YES, WishForm, questions_of
from bookings.orders.queries import PricedTime, homes_of, orderable_entries, priced, reaches
from bookings.slots.queries import Ask, DaySlots, day_slots, other_entries
from communities.accounts.models import Household
from homeservice.kernel import clock
from homeservice.kernel.access import person_of, scope_of_request, signed_in
from homeservice.kernel.errors import DomainError
from homeservice.kernel.geo import distance_m
from homeservice.kernel.money import yuan
from homeservice.kernel.vocabulary import Channel, Role
from homeservice.kernel.web import page_or_fragment

HOME, QUANTITY, WORK, DAY, TIME = "home", "quantity", "work", "day", "time"
MANY = 9  # from so many choices of a quantity on it is typed, not tapped


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the page is about: an entry, a home, how much, what the work involves, and perhaps a day and a booking
    to repeat."""

    entry: MenuEntry
    home: Household
    quantity: int
    circumstances: tuple[str, ...] = ()
    day: date | None = None
    again: str = ""

    @property
    def ask(self) -> Ask:
        return ask_for(self.entry, self.home, self.quantity, circumstances=self.circumstances)

    def url(self, **changes: Any) -> str:
        """The ordering page for this wish, with changes."""
        values = {"household": self.home.pk, "quantity": self.quantity, "day": self.day, "again": self.again}
        values |= dict.fromkeys(self.circumstances, YES)
        kept = {key: value for key, value in {**values, **changes}.items() if value not in (None, "")}
        return f"{reverse('order_start', args=[self.entry.pk])}?{urlencode(kept)}"


@signed_in
@require_GET
def order_start(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Which home, how much, which day and time. Without a home it leads to adding one, and back here."""
    entry = get_object_or_404(orderable_entries(), pk=entry_id)
    homes = homes_of(person_of(request))
    if not homes:
        messages.info(
            request, _("First tell us where the service is needed. We then come straight back to your order.")
        )
        return redirect(f"{reverse('household_new')}?{urlencode({'next': request.get_full_path()})}")
    return _page(request, _wish(entry, homes, WishForm(request.GET)), homes)


@signed_in
@require_POST
def order_hold(request: HttpRequest, entry_id: int) -> HttpResponse:
    """The chosen time is held for ten minutes; a time that has gone shows the nearest ones."""
    entry = get_object_or_404(orderable_entries(), pk=entry_id)
    homes = homes_of(person_of(request))
    if not homes:
        return redirect("order_start", entry_id)
    form = WishForm(request.POST)
    wish = _wish(entry, homes, form)
    starts_at = form.said("starts_at")
    if starts_at is None:
        refusal = DomainError("time_missing", _("Please choose a time."), field="starts_at")
        return _page(request, wish, homes, refusal)
    wish = replace(wish, day=clock.local_day(starts_at), quantity=form.said("quantity") or wish.quantity)
    try:
        booking = _hold(request, wish, starts_at)
    except DomainError as error:
        return _page(request, wish, homes, error)
    return redirect("order_details", booking.no)


def _hold(request: HttpRequest, wish: Wish, starts_at: datetime) -> Any:
    person = person_of(request)
    return hold_time(
        entry=wish.entry, household=wish.home, quantity=wish.quantity, starts_at=starts_at, resident=person,
        actor=Actor(person.pk, Role.RESIDENT), channel=Channel.WEB, at=clock.now(), circumstances=wish.circumstances,
        prefer_workers=_came_before(request, wish.again),
    )  # fmt: skip


def _came_before(request: HttpRequest, no: str) -> list[int]:
    """The workers of the booking that is ordered again, if it is the person's own."""
    before = own_bookings(scope_of_request(request)).filter(no=no).first() if no else None
    return came_before(before) if before else []


def _wish(entry: MenuEntry, homes: list[Household], form: WishForm) -> Wish:
    """What was asked for, mended where it makes no sense: the first home, the smallest quantity."""
    item = entry.listing.item
    home = next((home for home in homes if home.pk == form.said("household")), homes[0])
    quantity = min(max(form.said("quantity") or item.min_quantity, item.min_quantity), item.max_quantity)
    return Wish(
        entry=entry, home=home, quantity=quantity, circumstances=form.circumstances(item.circumstances), day=form.said("day"), again=form.said("again") or ""
    )  # fmt: skip


def _page(request: HttpRequest, wish: Wish, homes: list[Household], refusal: DomainError | None = None) -> HttpResponse:
    item = wish.entry.listing.item
    shown = replace(wish, quantity=min(max(wish.quantity, item.min_quantity), item.max_quantity))
    context = {
        "wish": wish, "entry": wish.entry, "item": item, "point": wish.entry.point, "homes": homes,
        "unit": unit_label(item.unit), "minutes": item.minutes_for(shown.quantity),
        "base_fen": wish.entry.price_fen * shown.quantity, "refusal": refusal,
        "errors": {refusal.field: refusal.message} if refusal else {},
        "questions": questions_of(item, wish.circumstances),
        "alternatives": _alternatives(refusal), "is_quantity_open": item.min_quantity < item.max_quantity,
        **_steps(request, shown, homes, refusal), **_times(shown),
    }  # fmt: skip
    if refusal is None:
        return page_or_fragment(request, "bookings/orders/start.html", "bookings/orders/_times.html", context)
    return render(request, "bookings/orders/start.html", context, status=422 if refusal.field else 409)


def _alternatives(refusal: DomainError | None) -> list[datetime]:
    return refusal.facts.get("alternatives", []) if refusal else []


def _steps(request: HttpRequest, wish: Wish, homes: list[Household], refusal: DomainError | None) -> dict[str, Any]:
    """The questions of the elder version, one a page; none in the standard version."""
    if request.COOKIES.get("mode") != "elder":
        return {"step": ""}
    item = wish.entry.listing.item
    labels = {
        HOME: pgettext("order", "Home"), QUANTITY: _("How much"), WORK: pgettext("order", "The work"), DAY: _("Day"),
        TIME: _("Time"),
    }  # fmt: skip
    if len(homes) < 2:
        del labels[HOME]
    if item.min_quantity == item.max_quantity:
        del labels[QUANTITY]
    if not item.circumstances:
        del labels[WORK]
    names = [*labels]
    asked = TIME if refusal else request.GET.get("step", "")
    step = asked if asked in names else names[0]
    place = names.index(step)
    return {
        "step": step, "step_place": place + 1, "step_labels": [*labels.values()],
        "next_step": names[place + 1] if step != TIME else "",
        "back_url": wish.url(step=names[place - 1]) if place else "",
        "quantities": _quantities(wish) if item.max_quantity - item.min_quantity < MANY else [],
    }  # fmt: skip


def _quantities(wish: Wish) -> list[dict[str, int]]:
    item, price_fen = wish.entry.listing.item, wish.entry.price_fen
    return [
        {"quantity": n, "minutes": item.minutes_for(n), "price_fen": price_fen * n}
        for n in range(item.min_quantity, item.max_quantity + 1)
    ]


def _times(wish: Wish) -> dict[str, Any]:
    """The strip of days and the chosen day's times; what else is possible when there are none."""
    ask = wish.ask
    if not reaches(ask):
        return {"out_of_reach": True, "others": _others(ask, wish)}
    slots = day_slots(ask, at=clock.now())
    if not any(day.times for day in slots):
        return {"nothing_free": True, "others": _others(ask, wish)}
    chosen = _chosen_day(slots, wish.day)
    times = priced(ask, chosen.times, day=chosen.day, home_area=wish.home.community_id)
    lowest_fen = min((time.price_fen for time in times), default=0)
    return {
        "day": chosen.day,
        "days": [
            {"date": day.day, "free": len(day.times), "chosen": day.day == chosen.day,
             "href": wish.url(day=day.day), "time_href": wish.url(day=day.day, step=TIME)}
            for day in slots
        ],
        "times": _chips(times, lowest_fen),
        "day_price_fen": lowest_fen,
        "no_time_that_day": not chosen.times,
    }  # fmt: skip


def _chosen_day(slots: list[DaySlots], wanted: date | None) -> DaySlots:
    """The wanted day, else the first with a free time."""
    return next((day for day in slots if day.day == wanted), None) or next(day for day in slots if day.times)


def _chips(times: Sequence[PricedTime], lowest_fen: int) -> list[dict[str, Any]]:
    """A chip says its price only where it is above the day's lowest."""
    return [
        {
            "starts_at": time.starts_at,
            "value": clock.local(time.starts_at).isoformat(),
            "note": f"+{yuan(time.price_fen - lowest_fen)}" if time.price_fen > lowest_fen else "",
        }
        for time in times
    ]


def _others(ask: Ask, wish: Wish) -> list[dict[str, Any]]:
    """The same item at other points that serve this home."""
    return [
        {
            "entry": entry, "url": replace(wish, entry=entry, day=None, again="").url(),
            "metres": distance_m(entry.point.lat, entry.point.lon, ask.lat, ask.lon),
        }
        for entry in other_entries(ask)
    ]  # fmt: skip


@signed_in
@require_GET
def booking_again(request: HttpRequest, no: str) -> HttpResponse:
    """The same service, home and quantity anew, by the same worker if they are free."""
    booking = get_object_or_404(own_bookings(scope_of_request(request)), no=no, placed_at__isnull=False)
    if not orderable_entries().filter(pk=booking.entry_id).exists():
        messages.warning(request, _("This offer has ended. Here is what else the service points near you offer."))
        return HttpResponseRedirect(f"{reverse('search_menu')}?{urlencode({'q': booking.item.name})}")
    values = {"household": booking.household_id, "quantity": booking.quantity, "again": booking.no}
    values |= dict.fromkeys(booking.circumstances, YES)
    kept = {key: value for key, value in values.items() if value}
    return HttpResponseRedirect(f"{reverse('order_start', args=[booking.entry_id])}?{urlencode(kept)}")
