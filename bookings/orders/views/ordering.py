"""The details of a held time, and placing the order: one page, or one question a page in the elder version."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from bookings.contracts.queries import terms_in_force
from bookings.lifecycle.models import Booking
from bookings.lifecycle.rules import Actor
from bookings.money.wording import cancel_lines, price_lines
from bookings.orders.actions import place_booking
from bookings.orders.drafts import draft_of, keep_details, name_recipient
from bookings.orders.forms import CHECK, EVERYBODY, HEALTH, HOME, WHO, YES, DetailsForm, initial_of, questions_for
from bookings.orders.queries import day_of, has_lapsed, orders_begun
from bookings.orders.rules import Details
from communities.accounts.models import User
from communities.accounts.queries import identity_of, recipients_of, why_not_identified
from homeservice.kernel import clock
from homeservice.kernel.access import person_of, scope_of_request, signed_in
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Role
from homeservice.kernel.web import refuse


@signed_in
@require_http_methods(["GET", "POST"])
def order_details(request: HttpRequest, no: str) -> HttpResponse:
    """For whom, what the worker must know, price, cancellation and terms; sent, it places the order.

    What was typed is kept on the held booking at each sending, so nothing is lost on the way to the
    identity check. A hold that has lapsed says so and leads back with the choices kept.
    """
    booking = get_object_or_404(orders_begun(scope_of_request(request)), no=no)
    if booking.placed_at:
        return redirect("booking_page", booking.no)
    if has_lapsed(booking, at=clock.now()):
        return render(request, "bookings/orders/lapsed.html", {"booking": booking, "start_url": _start_url(booking)})
    if request.method == "POST":
        return _send(request, booking)
    return _page(request, booking, _form(request, booking))


def _send(request: HttpRequest, booking: Booking) -> HttpResponse:
    """Keeps what was typed, then goes where the pressed button leads."""
    form = _form(request, booking)
    leaves = request.POST.get("go") == "identity"  # what is missing can wait until they are back
    if not form.is_valid() and not leaves:
        return _page(request, booking, form, status=422)
    try:
        details = _kept(request, booking, form)
    except DomainError as error:
        return _refused(request, booking, form, error)
    if leaves:
        return HttpResponseRedirect(f"{reverse('verify_identity')}?{urlencode({'next': request.get_full_path()})}")
    step = _step(request, booking)
    if step not in ("", CHECK):
        return HttpResponseRedirect(_step_url(booking, _neighbour(booking, step, 1)))
    return _place(request, booking, details)


def _kept(request: HttpRequest, booking: Booking, form: DetailsForm) -> Details:
    """The held booking carries the form's answers; somebody newly named is of the household from now on."""
    details = form.told(_known(request, booking))
    if form.names_somebody:
        person = person_of(request)
        recipient_id = name_recipient(booking=booking, name=form.names_somebody, by=person, at=clock.now())
        details = replace(details, recipient_id=recipient_id)
    keep_details(booking=booking, details=details, at=clock.now())
    return details


def _place(request: HttpRequest, booking: Booking, details: Details) -> HttpResponse:
    person = person_of(request)
    agreed = replace(details, terms_version=terms_in_force(on_date=clock.today()).version)
    try:
        place_booking(booking=booking, details=agreed, actor=Actor(person.pk, Role.RESIDENT), at=clock.now())
    except DomainError as error:
        typed = request.POST.copy()
        typed["recipient"], typed["new_name"] = (
            str(details.recipient_id or EVERYBODY),
            "",
        )  # who was named is chosen now
        return _refused(request, booking, _form(request, booking, typed), error)
    return redirect("booking_page", booking.no)


def _refused(request: HttpRequest, booking: Booking, form: DetailsForm, error: DomainError) -> HttpResponse:
    if error.code == "hold_lapsed":
        return redirect("order_details", booking.no)
    form.is_valid()
    refuse(form, error)
    return _page(request, booking, form, status=422)


def _form(request: HttpRequest, booking: Booking, typed: QueryDict | None = None) -> DetailsForm:
    step = _step(request, booking)
    return DetailsForm(
        typed or (request.POST if request.method == "POST" else None),
        initial=initial_of(_known(request, booking)),
        booking=booking,
        recipients=recipients_of(booking.household) if booking.household else [],
        asked=[step] if step else questions_for(booking),
    )


def _known(request: HttpRequest, booking: Booking) -> Details:
    """What was typed before, else the person's own name and phone."""
    details = draft_of(booking)
    if details.contact_name or details.contact_phone:
        return details
    person: User = person_of(request)
    identity = identity_of(person)
    name = identity.real_name if identity else person.name
    return replace(details, contact_name=name, contact_phone=person.phone)


def _page(request: HttpRequest, booking: Booking, form: DetailsForm, status: int = 200) -> HttpResponse:
    tiers = booking.snapshot.get("cancel_tiers", [])
    step = _step(request, booking)
    context = {
        "booking": booking, "form": form, "item": booking.item, "point": booking.entry.point,
        "enterprise": booking.snapshot.get("enterprise", ""), "hold_ends_s": _seconds_left(booking),
        "price_lines": price_lines(booking.price_parts),
        "cancel_lines": cancel_lines(booking.price_fen, starts_at=booking.starts_at, tiers=tiers, at=clock.now()),
        "terms": terms_in_force(on_date=clock.today()), "start_url": _start_url(booking),
        "identity_missing": why_not_identified(person_of(request)), **_step_context(booking, step),
    }  # fmt: skip
    return render(request, "bookings/orders/details.html", context, status=status)


def _seconds_left(booking: Booking) -> int:
    left = booking.hold_until - clock.now() if booking.hold_until else timedelta(0)
    return max(int(left.total_seconds()), 0)


def _step(request: HttpRequest, booking: Booking) -> str:
    """The question that the elder version asks now; empty in the standard version, which asks all."""
    if request.COOKIES.get("mode") != "elder":
        return ""
    asked = request.POST.get("step") or request.GET.get("step", "")
    questions = questions_for(booking)
    return asked if asked in questions else questions[0]


def _step_context(booking: Booking, step: str) -> dict[str, Any]:
    if not step:
        return {"step": "", "is_last": True}
    labels = {
        WHO: pgettext("order", "For whom"),
        HEALTH: _("Health"),
        HOME: pgettext("order", "At home"),
        CHECK: _("Check"),
    }
    questions = questions_for(booking)
    place = questions.index(step)
    return {
        "step": step, "is_last": step == CHECK, "step_place": place + 1,
        "step_labels": [labels[question] for question in questions],
        "back_url": _step_url(booking, questions[place - 1]) if place else "",
    }  # fmt: skip


def _neighbour(booking: Booking, step: str, by: int) -> str:
    questions = questions_for(booking)
    return questions[questions.index(step) + by]


def _step_url(booking: Booking, step: str) -> str:
    return f"{reverse('order_details', args=[booking.no])}?{urlencode({'step': step})}"


def _start_url(booking: Booking) -> str:
    """Back to choosing, with what was chosen."""
    values: dict[str, Any] = {
        "household": booking.household_id, "quantity": booking.quantity, "day": day_of(booking)
    }  # fmt: skip
    values |= dict.fromkeys(booking.circumstances, YES)
    kept = {key: value for key, value in values.items() if value}
    return f"{reverse('order_start', args=[booking.entry_id])}?{urlencode(kept)}"
