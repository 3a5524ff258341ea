"""For the resident: who comes, by their service code; and beginning the visit by scanning it at the door."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bookings.lifecycle.models import State
from bookings.lifecycle.queries import comers_of, own_bookings
from bookings.visits.actions import check_in_by_scan
from bookings.visits.queries import visit_at_the_door
from homeservice.kernel.access import person_of, scope_of_request, signed_in
from homeservice.kernel.clock import now
from homeservice.kernel.errors import DomainError
from providers.service_codes.actions import look
from providers.service_codes.models import CodeScan
from providers.service_codes.queries import open_token_use, scannable_codes
from providers.service_codes.rules import Viewer
from providers.service_codes.showing import worker_shown
from providers.service_codes.visitors import bearer_of, scan_of_reference, visitor_of

COMING = (State.ASSIGNED, State.CONFIRMED, State.IN_SERVICE)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def visit_scan(request: HttpRequest, scan: str) -> HttpResponse:
    """The code that this browser scanned is of the worker whom the resident waits for: begin. Otherwise, how else."""
    at = now()
    used = open_token_use(scan_of_reference(scan), bearer_of(request), at=at)
    if used is None or used.code.worker is None:
        raise Http404
    booking, refused = visit_at_the_door(scope_of_request(request), used.code.worker.pk, at=at), ""
    if request.method == "POST" and booking:
        try:
            check_in_by_scan(booking=booking, scan=used.scan, actor_id=person_of(request).pk, at=at)
        except DomainError as refusal:
            refused = refusal.message
        else:
            messages.success(request, _("The service has begun."))
            return redirect("booking_page", booking.no)
    context = {"booking": booking, "worker": used.code.worker, "scan": scan, "refused": refused}
    return render(request, "bookings/visits/scan.html", context, status=422 if request.method == "POST" else 200)


@signed_in
@require_safe
def booking_worker_code(request: HttpRequest, no: str, worker_id: int) -> HttpResponse:
    """The consumer's view of the code of a worker who comes for the resident's booking; the look is in the log."""
    booking = get_object_or_404(own_bookings(scope_of_request(request)), no=no, state__in=COMING)
    if worker_id not in {comer.worker.pk for comer in comers_of(booking)}:
        raise Http404
    code = get_object_or_404(scannable_codes(), worker=worker_id)
    try:
        look(code=code, visitor=visitor_of(request), at=now(), view=CodeScan.View.CONSUMER)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("booking_page", no)
    context = {**worker_shown(code, Viewer.CONSUMER), "booking": booking}
    response = render(request, "bookings/visits/scan_code.html", context)
    response["Cache-Control"] = "private, no-store"
    return response
