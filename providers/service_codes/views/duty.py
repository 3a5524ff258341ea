"""For an officer on duty: a worker's code with its certificates, for a purpose that the log keeps."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from homeservice.foundation import audit
from homeservice.kernel.access import person_of, requires, scope_of_request
from homeservice.kernel.clock import now
from homeservice.kernel.vocabulary import Role
from providers.service_codes.forms import PurposeForm
from providers.service_codes.queries import codes_for_duty, scan_counts
from providers.service_codes.rules import Viewer
from providers.service_codes.showing import worker_shown
from providers.service_codes.views.own import COUNTED_DAYS


@requires(Role.STAFF, Role.SUPERVISOR)
@require_http_methods(["GET", "HEAD", "POST"])
def review_code(request: HttpRequest, public_id: str) -> HttpResponse:
    """First the purpose, then the regulator's view: only in one's own area, each look in the log."""
    code = get_object_or_404(codes_for_duty(scope_of_request(request)), public_id=public_id)
    form = PurposeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        context = {"code": code, "form": form}
        return render(request, "providers/service_codes/purpose.html", context, status=422 if form.is_bound else 200)
    at, purpose = now(), form.cleaned_data["purpose"]
    audit.record(at=at, actor_id=person_of(request).pk, action="service_code_seen", subject=code, purpose=purpose)
    counts = scan_counts(code, at - timedelta(days=COUNTED_DAYS))
    context = {**worker_shown(code, Viewer.REGULATOR), "purpose": purpose, "counts": counts, "days": COUNTED_DAYS}
    response = render(request, "providers/service_codes/on_duty.html", context)
    response["Cache-Control"] = "private, no-store"
    return response
