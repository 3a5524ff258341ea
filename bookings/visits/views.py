"""The worker's face: the day, one visit, and a page for each thing that needs a reason.

Every act is a plain form, so that it works with a bad signal; polling only refreshes what changed.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookings.lifecycle.models import Booking, State
from bookings.lifecycle.steps import NO_SHOW_GRACE
from bookings.visits.actions import (
    check_in,
    confirm_visit,
    finish_visit,
    refuse_unsafe,
    refuse_visit,
    report_no_show,
    set_out,
)
from bookings.visits.forms import REASONS, CheckInForm, ReasonForm
from bookings.visits.queries import DAYS_SHOWN, WorkerVisit, etag_of, seen_by, visit_left, visits_of, why_chosen
from bookings.visits.queries import worker_day as day_of
from bookings.visits.rules import CHECK_IN_EARLIEST, SET_OUT_EARLIEST
from bookings.visits.wording import why_me_words
from homeservice.foundation.audit import reveal
from homeservice.kernel.access import person_of, requires, scope_of_request
from homeservice.kernel.clock import local_day, now
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Role
from homeservice.kernel.web import not_modified, page_or_fragment, refuse
from providers.workers.models import Worker

SPANS = {"today": (0, 1), "tomorrow": (1, 1), "week": (0, DAYS_SHOWN)}


@requires(Role.WORKER)
def worker_day(request: HttpRequest) -> HttpResponse:
    """Offers to answer, then now and next; tomorrow and the coming seven days as lists. Polls with an ETag."""
    at = now()
    span = request.GET.get("days", "today")
    offset, days = SPANS.get(span, SPANS["today"])
    first_day = local_day(at) + timedelta(days=offset)
    found = day_of(_worker(request), scope_of_request(request), first_day=first_day, days=days, at=at)
    at_hand = _at_hand(found.ahead[0], at) if found.ahead and days == 1 and not offset else None
    etag = f"{found.etag}-{first_day:%m%d}-{span[:1]}-{_look(request)}-{_open_now(at_hand)}"
    unchanged = _unchanged(request, etag)
    if unchanged:
        return unchanged
    context = {
        "span": span if span in SPANS else "today",
        "etag": etag,
        "tabs": _tabs(span),
        "offers": [(one, why_me_words(one.why_me)) for one in found.offers],
        "now": at_hand,
        "ahead": found.ahead[1:] if days == 1 and not offset else found.ahead,
        "done": found.done,
    }
    return _tagged(page_or_fragment(request, "bookings/visits/day.html", "bookings/visits/_day.html", context), etag)


@requires(Role.WORKER)
def worker_visit(request: HttpRequest, no: str) -> HttpResponse:
    """One visit of the worker's: where, what, whom to call, and the one thing to do next. Polls with an ETag."""
    booking = visits_of(scope_of_request(request)).filter(no=no).first()
    if booking is None:
        return _left(request, no)
    at = now()
    offered = _open_now(_at_hand(seen_by(_worker(request), booking, at=at), at))
    etag = f"{etag_of([booking])}-{_look(request)}-{offered}"
    return _unchanged(request, etag) or _visit_page(request, booking, etag=etag)


@requires(Role.WORKER)
@require_POST
def worker_confirm(request: HttpRequest, no: str) -> HttpResponse:
    """I will come."""
    return _done(request, no, confirm_visit, _("Thank you. The resident knows that you will come."))


@requires(Role.WORKER)
@require_POST
def worker_set_out(request: HttpRequest, no: str) -> HttpResponse:
    """I am on my way."""
    return _done(request, no, set_out, _("The resident knows that you are on the way."))


@requires(Role.WORKER)
@require_POST
def worker_finish(request: HttpRequest, no: str) -> HttpResponse:
    """The service is done."""
    return _done(request, no, finish_visit, _("Well done. The visit is finished."))


@requires(Role.WORKER)
@require_POST
def worker_check_in(request: HttpRequest, no: str) -> HttpResponse:
    """Check in with the resident's door code; a wrong one is told at the field."""
    booking = _mine(request, no)
    form = CheckInForm(request.POST)
    if not form.is_valid():
        return _visit_page(request, booking, form=form, status=422)
    try:
        check_in(booking=booking, worker=_worker(request), door_code=form.cleaned_data["door_code"], at=now())
    except DomainError as refusal:
        refuse(form, refusal)
        return _visit_page(request, _mine(request, no), form=form, status=422)
    messages.success(request, _("Checked in. The service has begun."))
    return redirect("worker_visit", no)


@requires(Role.WORKER)
def worker_decline(request: HttpRequest, no: str) -> HttpResponse:
    """I cannot come, and why."""
    return _with_reason(
        request, no, "decline", refuse_visit, _("Thank you for telling us. Somebody else is being sought.")
    )


@requires(Role.WORKER)
def worker_unsafe(request: HttpRequest, no: str) -> HttpResponse:
    """It is not safe here, and why."""
    told = _("The visit is broken off. The service point and your enterprise have been told. Go to a safe place.")
    return _with_reason(request, no, "unsafe", refuse_unsafe, told)


@requires(Role.WORKER)
def worker_no_show(request: HttpRequest, no: str) -> HttpResponse:
    """Nobody let me in, and what I found."""
    return _with_reason(request, no, "no-show", report_no_show, _("Thank you. The visit is closed as a no-show."))


@requires(Role.WORKER)
@require_POST
def worker_call(request: HttpRequest, no: str) -> HttpResponse:
    """The resident's whole number, to call; the log keeps who saw it."""
    booking, person = _mine(request, no), person_of(request)
    if not seen_by(_worker(request), booking, at=now()).address_open:
        raise Http404
    subject, field = (booking, "contact_phone") if booking.contact_phone else (booking.resident, "phone")
    phone = reveal(at=now(), actor_id=person.pk, subject=subject, field=field, purpose="call about the visit")
    if request.headers.get("HX-Request"):
        return render(request, "bookings/visits/_phone.html", {"phone": phone, "booking": booking})
    return _visit_page(request, booking, phone=phone)


def _worker(request: HttpRequest) -> Worker:
    scope = scope_of_request(request)
    worker: Worker = get_object_or_404(Worker.objects.visible_to(scope), pk=scope.worker_id)
    return worker


def _mine(request: HttpRequest, no: str) -> Any:
    return get_object_or_404(visits_of(scope_of_request(request)), no=no)


def _look(request: HttpRequest) -> str:
    """What else the page depends on: the language."""
    return (get_language() or "")[:2]


def _open_now(at_hand: dict[str, Any] | None) -> str:
    """Which acts the clock has opened or closed: it changes the page although no step was taken."""
    return "".join(str(int(value)) for name, value in (at_hand or {}).items() if name.startswith("may_"))


def _unchanged(request: HttpRequest, etag: str) -> HttpResponse | None:
    """304 for the page's own polling only: whoever opens the page gets all of it, with what is to be told."""
    return not_modified(request, etag) if request.headers.get("HX-Request") else None


def _tagged(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"] = f'"{etag}"'
    response["Cache-Control"] = "private, no-store"  # the page keeps the tag itself and asks with it
    return response


def _tabs(span: str) -> list[dict[str, Any]]:
    labels = {"today": _("Today"), "tomorrow": _("Tomorrow"), "week": _("7 days")}
    chosen = span if span in labels else "today"
    return [{"label": label, "href": f"?days={key}", "current": key == chosen} for key, label in labels.items()]


def _at_hand(visit: WorkerVisit, at: datetime) -> dict[str, Any]:
    """A visit with what may be done with it at this instant."""
    booking = visit.booking
    confirmed = booking.state == State.CONFIRMED
    return {
        "visit": visit,
        "booking": booking,
        "may_set_out": visit.act == "set_out" and at >= booking.starts_at - SET_OUT_EARLIEST,
        "may_check_in": confirmed and at >= booking.starts_at - CHECK_IN_EARLIEST,
        "may_report_no_show": confirmed and at >= booking.starts_at + NO_SHOW_GRACE,
        "may_decline": booking.state in (State.ASSIGNED, State.CONFIRMED),
        "may_break_off": booking.state in (State.ASSIGNED, State.CONFIRMED, State.IN_SERVICE),
    }


def _visit_page(
    request: HttpRequest,
    booking: Any,
    *,
    etag: str = "",
    form: CheckInForm | None = None,
    phone: str = "",
    status: int = 200,
) -> HttpResponse:
    worker, at = _worker(request), now()
    visit = seen_by(worker, booking, at=at, why_me=why_chosen([booking.pk], worker.pk).get(booking.pk))
    context = {
        **_at_hand(visit, at),
        "etag": etag or etag_of([booking]),
        "check_in_form": form or CheckInForm(),
        "why_me": why_me_words(visit.why_me),
        "phone": phone,
    }
    response = page_or_fragment(request, "bookings/visits/visit.html", "bookings/visits/_visit.html", context)
    response.status_code = status
    return _tagged(response, etag) if etag else response


def _left(request: HttpRequest, no: str) -> HttpResponse:
    """For a visit that was the worker's until somebody cancelled or replaced them: that much, and no more."""
    booking = visit_left(scope_of_request(request), no)
    if booking is None:
        raise Http404
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "bookings/visits/left.html", {"booking": booking})


def _done(request: HttpRequest, no: str, act: Callable[..., None], told: str) -> HttpResponse:
    """The act, then the page to which it leads; a refusal is told above it."""
    try:
        act(booking=_mine(request, no), worker=_worker(request), at=now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, told)
    return redirect("worker_day" if request.POST.get("back") == "day" else "worker_visit", *_args(request, no))


def _args(request: HttpRequest, no: str) -> list[str]:
    return [] if request.POST.get("back") == "day" else [no]


def _with_reason(request: HttpRequest, no: str, kind: str, act: Callable[..., None], told: str) -> HttpResponse:
    """One question a page: why. A refused or empty reason comes back with what was typed."""
    booking: Booking = _mine(request, no)
    form = ReasonForm(request.POST or None, reasons=REASONS[kind])
    if request.method == "POST" and form.is_valid():
        try:
            act(booking=booking, worker=_worker(request), reason=form.words(), at=now())
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, told)
            return redirect("worker_day")
    context = {"booking": booking, "form": form, "kind": kind}
    return render(request, "bookings/visits/reason.html", context, status=422 if form.errors else 200)
