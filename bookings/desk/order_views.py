"""Ordering for an elder who telephones or comes to the desk: who, what and when, the rest; then it is an order like any.

The resident is the elder; staff only take the order, with a consent that is recorded first.
"""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookings.contracts.queries import terms_in_force
from bookings.desk.actions import receive_resident
from bookings.desk.forms import CallerForm, DetailsForm, HoldForm, HomeForm, IdentityForm, RegisterForm
from bookings.desk.queries import desk_bookings, entries_for, held_at_desk, points_of_desk
from bookings.desk.tickets import Ticket, issue, read
from bookings.lifecycle.models import Booking, State
from bookings.lifecycle.rules import Actor
from bookings.menus.models import MenuEntry
from bookings.orders.actions import ask_for, hold_time, place_booking, quote_for
from bookings.orders.forms import YES, questions_of, said_yes
from bookings.slots.queries import day_slots
from communities.accounts.actions.homes import open_household
from communities.accounts.actions.identity import verify_identity
from communities.accounts.actions.people import register_resident
from communities.accounts.models import Household
from communities.accounts.queries import households_of, identity_of, person_by_phone, recipients_of, why_not_identified
from communities.accounts.rules import mainland_mobile
from homeservice.kernel.access import person_of, requires, scope_of_request
from homeservice.kernel.clock import local_day, now
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Role
from homeservice.kernel.web import refuse


@requires(Role.STAFF)
def desk_new(request: HttpRequest) -> HttpResponse:
    """Who calls: found by the telephone number, or to be registered. Consent is recorded first."""
    form = CallerForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _caller_page(request, form)
    staff, given = person_of(request), form.cleaned_data
    try:
        resident = person_by_phone(mainland_mobile(given["phone"]))
        if resident is None:
            return _register_page(request, RegisterForm(initial=given, near=_near(request)))
        receive_resident(resident=resident, staff=staff, channel=given["channel"], consented=given["consent"], at=now())
    except DomainError as refusal:
        refuse(form, refusal)
        return _caller_page(request, form)
    return redirect("desk_order", issue(resident=resident, staff=staff, channel=given["channel"]))


@requires(Role.STAFF)
@require_POST
def desk_new_register(request: HttpRequest) -> HttpResponse:
    """A person without an account gets one, with a home."""
    form = RegisterForm(request.POST, near=_near(request))
    if not form.is_valid():
        return _register_page(request, form)
    staff, given = person_of(request), form.cleaned_data
    try:
        resident = register_resident(
            phone=given["phone"], name=given["name"], community=given["division"], address=given["address"],
            recorded_by=staff, channel=given["channel"], consented=given["consent"], at=now(),
        )  # fmt: skip
    except DomainError as refusal:
        refuse(form, refusal)
        return _register_page(request, form)
    return redirect("desk_order", issue(resident=resident, staff=staff, channel=given["channel"]))


@requires(Role.STAFF)
def desk_order(request: HttpRequest, token: str) -> HttpResponse:
    """What is missing of the person (home, identity), then what they want, and the free times for it."""
    ticket = read(token, staff=person_of(request))
    return _order_page(request, token, ticket)


@requires(Role.STAFF)
@require_POST
def desk_order_home(request: HttpRequest, token: str) -> HttpResponse:
    """A home for somebody who has an account but none."""
    ticket = read(token, staff=person_of(request))
    form = HomeForm(request.POST, near=_near(request))
    if form.is_valid():
        try:
            open_household(
                owner=ticket.resident,
                community=form.cleaned_data["division"],
                address=form.cleaned_data["address"],
                at=now(),
            )
            return redirect("desk_order", token)
        except DomainError as refusal:
            refuse(form, refusal)
    return _order_page(request, token, ticket, home_form=form, status=422)


@requires(Role.STAFF)
@require_POST
def desk_order_identity(request: HttpRequest, token: str) -> HttpResponse:
    """The person's name and ID number are checked, at their word."""
    ticket, staff = read(token, staff=person_of(request)), person_of(request)
    form = IdentityForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            identity = verify_identity(
                user=ticket.resident, real_name=given["real_name"], id_number=given["id_number"],
                consented=given["consent"], at=now(), channel=ticket.channel, actor=staff,
            )  # fmt: skip
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            if identity.state == identity.State.VERIFIED:
                messages.success(request, _("Name and ID number fit."))
                return redirect("desk_order", token)
            form.add_error("id_number", _("Name and ID number do not fit. Please compare them with the card."))
    return _order_page(request, token, ticket, identity_form=form, status=422)


@requires(Role.STAFF)
@require_POST
def desk_order_hold(request: HttpRequest, token: str) -> HttpResponse:
    """The time is the resident's for ten minutes; one that has just gone comes back with others."""
    ticket, staff = read(token, staff=person_of(request)), person_of(request)
    form = HoldForm(request.POST)
    if not form.is_valid():
        return _order_page(request, token, ticket, error=next(iter(form.errors.values()))[0], status=422)
    given = form.cleaned_data
    household = _household(ticket, given["household"])
    entry = _entry(request, household, given["entry"])
    if household is None or entry is None:
        raise Http404
    try:
        booking = hold_time(
            entry=entry, household=household, quantity=given["quantity"], starts_at=given["starts_at"],
            resident=ticket.resident, actor=Actor(staff.pk, Role.STAFF), channel=ticket.channel, at=now(),
            circumstances=said_yes(request.POST, entry.listing.item.circumstances),
        )  # fmt: skip
    except DomainError as refusal:
        others = refusal.facts.get("alternatives", [])
        return _order_page(request, token, ticket, error=refusal.message, alternatives=others, status=422)
    return redirect("desk_order_details", token, booking.no)


@requires(Role.STAFF)
def desk_order_details(request: HttpRequest, token: str, no: str) -> HttpResponse:
    """Contact, note, what the law asks, price and terms; then the order is placed."""
    ticket, staff = read(token, staff=person_of(request)), person_of(request)
    booking = held_at_desk(no=no, resident=ticket.resident, staff=staff)
    if booking is None:
        raise Http404
    if booking.state != State.HELD:
        return render(request, "bookings/desk/order_placed.html", {"booking": booking, "seen": _seen(request, no)})
    terms = terms_in_force(on_date=local_day(now()))
    form = _details_form(booking, ticket, request)
    if request.method == "POST" and form.is_valid():
        details = form.details(resident=ticket.resident, terms_version=terms.version)
        try:
            place_booking(booking=booking, details=details, actor=Actor(staff.pk, Role.STAFF), at=now())
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Ordered. The resident has a message, and dispatch has begun."))
            return redirect("desk_order_details", token, no)
    context = {"booking": booking, "form": form, "terms": terms, "token": token, "resident": ticket.resident}
    return render(request, "bookings/desk/order_details.html", context, status=422 if form.errors else 200)


def _caller_page(request: HttpRequest, form: CallerForm) -> HttpResponse:
    return render(request, "bookings/desk/new.html", {"form": form}, status=422 if form.errors else 200)


def _register_page(request: HttpRequest, form: RegisterForm) -> HttpResponse:
    return render(request, "bookings/desk/register.html", {"form": form}, status=422 if form.errors else 200)


def _near(request: HttpRequest) -> Any:
    """The community of the desk's first point: names that fit several communities mean the nearer one."""
    point = points_of_desk(scope_of_request(request)).first()
    return point.community if point else None


def _household(ticket: Ticket, pk: object) -> Household | None:
    homes = list(households_of(ticket.resident))
    return next((home for home in homes if str(home.pk) == str(pk)), homes[0] if len(homes) == 1 else None)


def _entry(request: HttpRequest, household: Household | None, pk: object) -> MenuEntry | None:
    if household is None:
        return None
    return next((one for one in entries_for(scope_of_request(request), household) if str(one.pk) == str(pk)), None)


def _order_page(request: HttpRequest, token: str, ticket: Ticket, *, status: int = 200, **shown: Any) -> HttpResponse:
    wish = request.POST if request.method == "POST" else request.GET
    homes = list(households_of(ticket.resident))
    household = _household(ticket, wish.get("household"))
    missing = why_not_identified(ticket.resident)
    context = {
        "token": token,
        "resident": ticket.resident,
        "channel": ticket.channel,
        "homes": homes,
        "household": household,
        "identity": identity_of(ticket.resident),
        "identity_form": IdentityForm(initial={"real_name": ticket.resident.name}) if missing else None,
        "home_form": HomeForm(near=_near(request)) if not homes else None,
        "entries": entries_for(scope_of_request(request), household) if household and not missing else [],
        **shown,
    }
    entry = next((one for one in context["entries"] if str(one.pk) == wish.get("entry")), None)
    if household and entry:
        context |= _times(wish, household, entry, token, shown.get("alternatives", []))
    fragment = "bookings/desk/_times.html" if request.headers.get("HX-Request") and "days" in context else ""
    template = fragment or "bookings/desk/order.html"
    return render(request, template, context, status=status)


def _times(
    wish: Any, household: Household, entry: MenuEntry, token: str, alternatives: list[datetime]
) -> dict[str, Any]:
    """The day strip and the times of the chosen day, or of the first day with any."""
    item = entry.listing.item
    quantity = min(max(_number(wish.get("quantity"), item.min_quantity), item.min_quantity), item.max_quantity)
    circumstances = said_yes(wish, item.circumstances)
    ask = ask_for(entry, household, quantity, circumstances=circumstances)
    strip = day_slots(ask, at=now())
    wanted = wish.get("day", "")
    chosen = next((one for one in strip if str(one.day) == wanted), None) or next(
        (one for one in strip if one.times), strip[0]
    )
    times = alternatives or chosen.times
    base = f"?household={household.pk}&entry={entry.pk}&quantity={quantity}"
    base += "".join(f"&{code}={YES}" for code in circumstances)
    first = times[0] if times else None
    return {
        "entry": entry,
        "quantity": quantity,
        "questions": questions_of(item, circumstances),
        "day": chosen.day,
        "days": [
            {"date": one.day, "free": len(one.times), "href": f"{base}&day={one.day}", "chosen": one.day == chosen.day}
            for one in strip
        ],
        "times": [{"starts_at": at, "value": at.isoformat(), "chosen": False} for at in times],
        "price": quote_for(ask, first, household.community_id)[0].total_fen if first else None,
        "minutes": ask.minutes,
    }


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 5 else default


def _details_form(booking: Booking, ticket: Ticket, request: HttpRequest) -> DetailsForm:
    return DetailsForm(
        request.POST or None,
        recipients=recipients_of(booking.household) if booking.household else [],
        asks_health=booking.item.health_facts_asked,
        initial={"contact_name": ticket.resident.name, "child_present": False},
    )


def _seen(request: HttpRequest, no: str) -> bool:
    """Whether the desk's own lists show the booking already: until a point is asked, only the home's desk does."""
    return desk_bookings(scope_of_request(request)).filter(no=no).exists()
