"""The community desk's inbox, and one booking beside it or on a page of its own.

Each act is a plain form; a refused one comes back with the booking and what was typed.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookings.desk.forms import REVEALED, RevealForm, WordsForm
from bookings.desk.queries import desk_bookings, inbox_of, open_offers
from bookings.dispatch.answers import accept_offer, assign_by_hand, decline_offer
from bookings.dispatch.models import PointOffer
from bookings.lifecycle.models import Assignment, Booking, State
from bookings.lifecycle.rules import Actor
from bookings.lifecycle.steps import STEPS
from bookings.orders.actions import cancel_booking, cancellation_fee
from bookings.visits.actions import unlock_door_code
from bookings.visits.candidates import Candidate, candidates_of, crew_of, named_by_hand, receipts_of
from bookings.visits.forms import AssignForm
from bookings.visits.queries import etag_of
from bookings.visits.rules import DOOR_CODE_TRIES
from bookings.visits.wording import timeline_of
from homeservice.foundation.audit import reveal
from homeservice.kernel.access import person_of, requires, scope_of_request
from homeservice.kernel.clock import now
from homeservice.kernel.errors import DomainError
from homeservice.kernel.money import yuan
from homeservice.kernel.vocabulary import Role
from homeservice.kernel.web import not_modified, page_or_fragment, refuse, safe_next
from providers.workers.models import Worker

NAMED = (State.ASSIGNED, State.CONFIRMED)
ASSIGNABLE = (State.ACCEPTED, *NAMED)


@requires(Role.STAFF)
def desk_inbox(request: HttpRequest) -> HttpResponse:
    """What needs a person, by the clock; `?open=` shows a booking beside it. Polls with an ETag."""
    inbox = inbox_of(scope_of_request(request), at=now())
    etag = f"{inbox.etag}-{(get_language() or '')[:2]}"
    polled = bool(request.headers.get("HX-Request"))
    unchanged = not_modified(request, etag) if polled else None
    if unchanged:
        return unchanged
    context: dict[str, Any] = {"inbox": inbox, "etag": etag, "open_no": request.GET.get("open", "")}
    if context["open_no"] and not polled:
        context |= _beside(request, context["open_no"])
    response = page_or_fragment(request, "bookings/desk/inbox.html", "bookings/desk/_inbox.html", context)
    response["ETag"] = f'"{etag}"'
    return response


@requires(Role.STAFF)
def desk_booking(request: HttpRequest, no: str) -> HttpResponse:
    """One booking: facts, life, offers, receipts, and what the desk may do with it."""
    return _page(request, _booking(request, no))


@requires(Role.STAFF)
@require_POST
def desk_accept(request: HttpRequest, no: str) -> HttpResponse:
    """The point takes the booking."""
    booking = _booking(request, no)
    told = _("Accepted. A worker is being named.")
    return _act(
        request,
        booking,
        None,
        lambda: accept_offer(offer=_offer(request, booking), actor=_actor(request), at=now()),
        told,
    )


@requires(Role.STAFF)
@require_POST
def desk_decline(request: HttpRequest, no: str) -> HttpResponse:
    """The point does not take it, and why."""
    booking, form = _booking(request, no), WordsForm(request.POST, prefix="decline")
    return _act(
        request, booking, form,
        lambda: decline_offer(
            offer=_offer(request, booking), actor=_actor(request), reason=form.cleaned_data["reason"], at=now()
        ),
        _("Declined. The next service point is asked."), gone=True,
    )  # fmt: skip


@requires(Role.STAFF)
@require_POST
def desk_assign(request: HttpRequest, no: str) -> HttpResponse:
    """A worker is named by hand; gate and diary have the last word."""
    booking = _booking(request, no)
    form = _assign_form(booking, _candidates(booking), request.POST)

    def assign() -> Booking:
        worker = Worker.objects.get(pk=form.cleaned_data["worker"])
        return assign_by_hand(
            booking=booking,
            worker=worker,
            actor=_actor(request),
            at=now(),
            reason=form.cleaned_data["reason"],
            instead_of=form.cleaned_data.get("instead_of"),
        )

    return _act(request, booking, form, assign, _("Named. The worker is asked to confirm."))


@requires(Role.STAFF)
@require_POST
def desk_cancel(request: HttpRequest, no: str) -> HttpResponse:
    """Cancelled for the resident, at the agreed cost."""
    booking, form = _booking(request, no), WordsForm(request.POST, prefix="cancel")

    def cancel() -> int:
        return cancel_booking(booking=booking, actor=_actor(request), at=now(), reason=form.cleaned_data["reason"])

    return _act(request, booking, form, cancel, _("Cancelled. The resident and the worker have been told."))


@requires(Role.STAFF)
@require_POST
def desk_unlock(request: HttpRequest, no: str) -> HttpResponse:
    """The worker may try the door code anew."""
    booking, form = _booking(request, no), WordsForm(request.POST, prefix="unlock")

    def unlock() -> None:
        unlock_door_code(booking=booking, actor=_actor(request), purpose=form.cleaned_data["reason"], at=now())

    return _act(request, booking, form, unlock, _("Unlocked. The worker can check in again."))


@requires(Role.STAFF)
@require_POST
def desk_reveal(request: HttpRequest, no: str) -> HttpResponse:
    """A masked value, shown once; the log keeps who looked and why."""
    booking, form = _booking(request, no), RevealForm(request.POST)
    if not form.is_valid():
        return _page(request, booking, form=form, status=422)
    field = form.cleaned_data["field"]
    try:
        value = reveal(
            at=now(), actor_id=person_of(request).pk, subject=booking, field=field, purpose=form.cleaned_data["purpose"]
        )
    except DomainError as refusal:
        refuse(form, refusal)
        return _page(request, booking, form=form, status=422)
    return _page(request, booking, revealed={"field": field, "label": REVEALED[field], "value": value})


def _booking(request: HttpRequest, no: str) -> Any:
    return get_object_or_404(desk_bookings(scope_of_request(request)), no=no)


def _offer(request: HttpRequest, booking: Booking) -> PointOffer:
    """The booking's open offer to one of the desk's points. Refused like one that is over."""
    offer = open_offers(scope_of_request(request), at=now()).filter(booking=booking).first()
    if offer is None:
        raise DomainError("offer_over", _("The time to answer has passed, or somebody else has answered."))
    found: PointOffer = offer
    return found


def _actor(request: HttpRequest) -> Actor:
    return Actor(person_of(request).pk, Role.STAFF)


def _act(
    request: HttpRequest,
    booking: Any,
    form: forms.Form | None,
    act: Callable[[], object],
    told: str,
    *,
    gone: bool = False,
) -> HttpResponse:
    """The act, then back to where it was asked for. `gone`: the booking leaves this desk."""
    form = form or forms.Form(request.POST)
    if form.is_valid():
        try:
            act()
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, told)
            if gone:
                return redirect("desk_inbox")
            return redirect(safe_next(request, reverse("desk_booking", args=[booking.no])))
    return _page(request, _booking(request, booking.no), form=form, status=422)


def _page(request: HttpRequest, booking: Any, *, status: int = 200, **shown: Any) -> HttpResponse:
    context = {**_booking_context(request, booking, **shown), "next": request.POST.get("next", "")}
    if request.headers.get("HX-Request"):
        context |= {"next": f"{reverse('desk_inbox')}?open={booking.no}", "beside": True}
    response = page_or_fragment(request, "bookings/desk/booking.html", "bookings/desk/_booking.html", context)
    response.status_code = status
    return response


def _beside(request: HttpRequest, no: str) -> dict[str, Any]:
    """The booking that stands open beside the inbox; nothing for one that left this desk meanwhile."""
    booking = desk_bookings(scope_of_request(request)).filter(no=no).first()
    if booking is None:
        return {}
    return {**_booking_context(request, booking), "next": f"{reverse('desk_inbox')}?open={no}", "beside": True}


def _booking_context(request: HttpRequest, booking: Any, *, form: Any = None, revealed: Any = None) -> dict[str, Any]:
    at = now()
    candidates = _candidates(booking)
    given = {type(form): form} if form is not None else {}
    own = {
        name: form if form is not None and form.prefix == name else WordsForm(prefix=name)
        for name in ("decline", "cancel", "unlock")
    }
    return {
        "booking": booking,
        "etag": etag_of([booking]),
        "timeline": timeline_of(booking.events.select_related("actor").order_by("at", "pk")),
        "offers": booking.offers.select_related("point").order_by("-round_no", "-pk"),
        "offer": open_offers(scope_of_request(request), at=at).filter(booking=booking).first(),
        "receipts": receipts_of(booking),
        "crew": _crew(booking),
        "candidates": candidates,
        "by_hand": named_by_hand(booking),
        "assign_form": given.get(AssignForm) or _assign_form(booking, candidates),
        "decline_form": own["decline"],
        "cancel_form": own["cancel"],
        "unlock_form": own["unlock"],
        "reveal_form": given.get(RevealForm) or RevealForm(),
        "refused_form": form if form is not None and form.errors else None,
        "revealed": revealed,
        "fee": yuan(cancellation_fee(booking, at=at)),
        "may_cancel": STEPS["cancel"].may_leave(booking.state),
        "may_assign": booking.state in ASSIGNABLE and booking.item.needs_worker,
        "replacing": booking.state in NAMED,
        "locked": booking.state == State.CONFIRMED and booking.door_code_misses >= DOOR_CODE_TRIES,
    }


def _candidates(booking: Booking) -> list[Candidate]:
    return candidates_of(booking) if booking.state in ASSIGNABLE else []


def _assign_form(booking: Booking, candidates: list[Candidate], given: Any = None) -> AssignForm:
    return AssignForm(
        given, candidates=candidates, replacing=booking.state in NAMED, crew=crew_of(booking),
        size=booking.item.crew_size, prefix="assign",
    )  # fmt: skip


def _crew(booking: Booking) -> Any:
    live = Assignment.objects.exclude(state=Assignment.State.RELEASED).filter(visit=booking.visit_id)
    return live.select_related("worker__user").order_by("pk")
