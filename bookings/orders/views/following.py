"""Following a booking: its life on one page, the list of all, cancelling, and saying that all is well."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bookings.lifecycle.actions import advance
from bookings.lifecycle.models import Booking, State
from bookings.lifecycle.queries import (
    CURRENT,
    GROUPS,
    PAGE_TABLES,
    bookings_of,
    comers_of,
    events_of,
    held_of,
    own_bookings,
    version_of,
)
from bookings.lifecycle.rules import Actor
from bookings.lifecycle.steps import STEPS
from bookings.lifecycle.wording import next_step_text, timeline
from bookings.money.wording import cancel_lines, price_lines, unit_label
from bookings.orders.actions import ask_for, cancel_booking, cancellation_fee
from bookings.orders.forms import CancelForm
from bookings.orders.queries import day_of, has_lapsed
from bookings.slots.queries import alternatives, other_entries
from homeservice.foundation.audit import reveal
from homeservice.kernel import clock
from homeservice.kernel.access import person_of, scope_of_request, signed_in
from homeservice.kernel.errors import DomainError
from homeservice.kernel.money import yuan
from homeservice.kernel.vocabulary import Role
from homeservice.kernel.web import not_modified, page_or_fragment, paginated, refuse

SOON_S, SELDOM_S = 3, 10  # how often the page asks whether anything has changed
FRESH_S = 300  # even unchanged, the page is drawn anew: what cancelling costs depends on the clock
NEAR_H = 3
WITH_A_WORKER = {State.CONFIRMED, State.IN_SERVICE}


@signed_in
@require_GET
def booking_page(request: HttpRequest, no: str) -> HttpResponse:
    """The booking's life. The fragment is asked for every few seconds; unchanged it is a 304 of few queries."""
    version = version_of(scope_of_request(request), no)
    if version is None:
        raise Http404
    etag = _etag(request, version)
    unchanged = not_modified(request, etag)
    if unchanged:
        return unchanged
    booking = get_object_or_404(_placed(request), no=no)
    response = page_or_fragment(
        request, "bookings/lifecycle/booking.html", "bookings/lifecycle/_booking.html",
        {"etag": etag, **_context(booking)},
    )  # fmt: skip
    response["ETag"] = f'"{etag}"'
    response["Cache-Control"] = "private, no-store"  # the page keeps the tag itself and asks with it
    return response


def _etag(request: HttpRequest, version: int) -> str:
    bucket = int(clock.now().timestamp()) // FRESH_S
    return f"{version}-{get_language()}-{request.COOKIES.get('mode', '')}-{bucket}"


def _placed(request: HttpRequest) -> Any:
    rows = own_bookings(scope_of_request(request)).filter(placed_at__isnull=False)
    return rows.select_related(*PAGE_TABLES)


def _context(booking: Booking) -> dict[str, Any]:
    at = clock.now()
    context = {
        "booking": booking, "item": booking.item, "point": booking.point or booking.entry.point,
        "unit": unit_label(booking.snapshot["unit"]), "timeline": timeline(booking, events_of(booking)),
        "next_step": next_step_text(booking), "comers": comers_of(booking), "poll_s": _poll_s(booking),
        "price_lines": price_lines(booking.price_parts), "has_door_code": booking.state == State.CONFIRMED,
        "may_call_worker": booking.state in WITH_A_WORKER, "may_cancel": STEPS["cancel"].may_leave(booking.state),
        "may_settle": STEPS["settle"].may_leave(booking.state), "is_over": booking.state not in CURRENT,
    }  # fmt: skip
    if context["may_cancel"]:
        context |= _cancelling(booking)
    if booking.state == State.UNFILLED and booking.starts_at > at:
        context |= _what_else(booking)
    return context


def _poll_s(booking: Booking) -> int:
    """Seconds between two looks; 0 when nothing will change any more."""
    if booking.state not in CURRENT:
        return 0
    waiting = booking.state in (State.PLACED, State.OFFERED, State.ACCEPTED, State.ASSIGNED)
    hours_off = (booking.starts_at - clock.now()).total_seconds() / 3600
    return SOON_S if waiting or (hours_off < NEAR_H and booking.state != State.FINISHED) else SELDOM_S


def _cancelling(booking: Booking) -> dict[str, Any]:
    at = clock.now()
    tiers = booking.snapshot.get("cancel_tiers", [])
    lines = cancel_lines(booking.price_fen, starts_at=booking.starts_at, tiers=tiers, at=at)
    return {
        "fee_fen": cancellation_fee(booking, at=at),
        "free_until": next((line.until for line in lines if line.fee_fen == 0), None),
        "cancel_lines": lines,
        "worker_named": booking.state in (State.ASSIGNED, State.CONFIRMED),
    }


def _what_else(booking: Booking) -> dict[str, Any]:
    """For a booking that nobody could take: the nearest other times, and the same item at other points."""
    if booking.household is None:
        return {}
    ask = ask_for(
        booking.entry, booking.household, booking.quantity, child_present=booking.child_present,
        circumstances=booking.circumstances,
    )  # fmt: skip
    return {
        "other_times": alternatives(ask, booking.starts_at, at=clock.now()), "other_entries": other_entries(ask),
        "day": day_of(booking),
    }  # fmt: skip


@signed_in
@require_GET
def my_bookings(request: HttpRequest) -> HttpResponse:
    """All that the person and their households ordered: current first, past below."""
    scope = scope_of_request(request)
    group = request.GET.get("group", "")
    page = paginated(request, bookings_of(scope, group))
    held = held_of(scope)
    context = {
        "page": page, "group": group if group in GROUPS else "", "current_states": CURRENT, "tabs": _tabs(group),
        "held": held if held and not has_lapsed(held, at=clock.now()) else None,
    }  # fmt: skip
    return page_or_fragment(request, "bookings/lifecycle/list.html", "bookings/lifecycle/_list.html", context)


def _tabs(group: str) -> list[dict[str, Any]]:
    labels = {"": _("All"), "current": _("Current"), "done": _("Completed"), "ended": _("Not carried out")}
    return [
        {"label": label, "href": f"?group={code}" if code else "?", "current": code == (group if group in GROUPS else "")}
        for code, label in labels.items()
    ]  # fmt: skip


@signed_in
@require_http_methods(["GET", "POST"])
def booking_cancel(request: HttpRequest, no: str) -> HttpResponse:
    """What cancelling costs now and until when it is free; sent, the booking is cancelled."""
    booking = get_object_or_404(_placed(request), no=no)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            fee_fen = cancel_booking(
                booking=booking, actor=_actor(request), at=clock.now(), reason=form.cleaned_data["reason"]
            )
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _cancelled_text(fee_fen))
            return redirect("booking_page", no)
    may_cancel = STEPS["cancel"].may_leave(booking.state)
    context = {"booking": booking, "item": booking.item, "form": form, "may_cancel": may_cancel, **_cancelling(booking)}
    status = 422 if form.errors else 200
    return render(request, "bookings/lifecycle/cancel.html", context, status=status)


def _cancelled_text(fee_fen: int) -> str:
    if not fee_fen:
        return _("Your booking is cancelled. It costs nothing.")
    text = _("Your booking is cancelled. By the agreed terms the fee is %(fee)s.")
    return text % {"fee": yuan(fee_fen)}


@signed_in
@require_POST
def booking_settle(request: HttpRequest, no: str) -> HttpResponse:
    """The resident says that all is well: the booking is completed."""
    booking = get_object_or_404(_placed(request), no=no)
    try:
        advance([booking.pk], "settle", at=clock.now(), actor=_actor(request))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Thank you. The booking is completed."))
    return redirect("booking_page", no)


@signed_in
@require_POST
def booking_call(request: HttpRequest, no: str, worker_id: int) -> HttpResponse:
    """The worker's phone, while they are on this booking; the log says who asked."""
    booking = get_object_or_404(_placed(request), no=no, state__in=WITH_A_WORKER)
    comer = next((one for one in comers_of(booking) if one.worker.pk == worker_id), None)
    if comer is None:
        raise Http404
    phone = reveal(
        at=clock.now(), actor_id=person_of(request).pk, subject=comer.worker.user, field="phone",
        purpose=f"call about booking {booking.no}",
    )  # fmt: skip
    context = {"booking": booking, "worker": comer.worker, "phone": phone}
    return page_or_fragment(request, "bookings/lifecycle/call.html", "bookings/lifecycle/_call.html", context)


def _actor(request: HttpRequest) -> Actor:
    return Actor(person_of(request).pk, Role.RESIDENT)
