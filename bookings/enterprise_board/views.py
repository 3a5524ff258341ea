"""The enterprise's week board, and one booking with the replacement of its worker."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookings.dispatch.answers import assign_by_hand
from bookings.enterprise_board.queries import board, bookings_of, kinds_of, workers_of
from bookings.enterprise_board.rules import week_of
from bookings.lifecycle.models import Assignment, Booking, State
from bookings.lifecycle.rules import Actor
from bookings.visits.candidates import candidates_of, crew_of, named_by_hand
from bookings.visits.forms import AssignForm
from bookings.visits.wording import timeline_of
from homeservice.kernel.access import person_of, requires, scope_of_request
from homeservice.kernel.clock import now, today
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import EnterpriseRight, Role
from homeservice.kernel.web import paginated, refuse

NAMED = (State.ASSIGNED, State.CONFIRMED)
ASSIGNABLE = (State.ACCEPTED, *NAMED)
FARTHEST_DAYS = 3650
WITH_DOOR = (*NAMED, State.IN_SERVICE)


@requires(Role.MANAGER, right=EnterpriseRight.BOOKINGS)
def enterprise_board(request: HttpRequest) -> HttpResponse:
    """Workers by the days of a week; on a telephone one day as a list. Filters by kind and worker."""
    scope, at = scope_of_request(request), now()
    day = _day(request.GET.get("day"), today())
    days, kind, chosen = week_of(day), request.GET.get("kind", ""), request.GET.get("worker", "")
    workers = workers_of(scope, kind=kind)
    page = paginated(request, workers.filter(pk=int(chosen)) if chosen.isdecimal() and len(chosen) < 12 else workers)
    rows = board(scope, list(page.object_list), days, at=at)
    context = {
        "page": page,
        "rows": rows,
        "days": days,
        "day": day,
        "today": today(),
        "day_rows": [(row.worker, row.cells[days.index(day)]) for row in rows],
        "before": days[0] - timedelta(days=7),
        "after": days[0] + timedelta(days=7),
        "kinds": kinds_of(scope),
        "kind": kind,
        "workers": workers_of(scope),
        "chosen": chosen,
    }
    return render(request, "bookings/enterprise_board/board.html", context)


@requires(Role.MANAGER, right=EnterpriseRight.BOOKINGS)
def enterprise_booking(request: HttpRequest, no: str) -> HttpResponse:
    """One booking of the enterprise's: what it needs to serve it, and no more."""
    return _page(request, _booking(request, no))


@requires(Role.MANAGER, right=EnterpriseRight.BOOKINGS)
@require_POST
def enterprise_assign(request: HttpRequest, no: str) -> HttpResponse:
    """Another worker is named through the gate; who was named is told."""
    booking = _booking(request, no)
    form = _form(booking, request.POST)
    if form.is_valid():
        worker = get_object_or_404(workers_of(scope_of_request(request)), pk=form.cleaned_data["worker"])
        actor, reason = Actor(person_of(request).pk, Role.MANAGER), form.cleaned_data["reason"]
        try:
            instead_of = form.cleaned_data.get("instead_of")
            assign_by_hand(
                booking=booking, worker=worker, actor=actor, at=now(), reason=reason, instead_of=instead_of
            )  # fmt: skip
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Named. The worker is asked to confirm."))
            return redirect("enterprise_booking", no)
    return _page(request, _booking(request, no), form=form, status=422)


def _booking(request: HttpRequest, no: str) -> Any:
    return get_object_or_404(bookings_of(scope_of_request(request)), no=no)


def _page(request: HttpRequest, booking: Any, *, form: AssignForm | None = None, status: int = 200) -> HttpResponse:
    live = Assignment.objects.exclude(state=Assignment.State.RELEASED).filter(visit=booking.visit_id)
    context = {
        "booking": booking,
        "with_door": booking.state in WITH_DOOR,
        "crew": live.select_related("worker").order_by("pk"),
        "timeline": timeline_of(booking.events.order_by("at", "pk"), with_people=False),
        "candidates": candidates_of(booking) if booking.state in ASSIGNABLE else [],
        "assign_form": form or _form(booking),
        "may_assign": booking.state in ASSIGNABLE and booking.item.needs_worker,
        "full_names": True,
        "by_hand": named_by_hand(booking),
        "replacing": booking.state in NAMED,
    }
    return render(request, "bookings/enterprise_board/booking.html", context, status=status)


def _form(booking: Booking, given: Any = None) -> AssignForm:
    candidates = candidates_of(booking) if given is not None and booking.state in ASSIGNABLE else []
    return AssignForm(
        given, candidates=candidates, replacing=booking.state in NAMED, crew=crew_of(booking),
        size=booking.item.crew_size, prefix="assign",
    )  # fmt: skip


def _day(typed: str | None, default: date) -> date:
    try:
        day = date.fromisoformat(typed or "")
    except ValueError:
        return default
    return day if abs((day - default).days) < FARTHEST_DAYS else default
