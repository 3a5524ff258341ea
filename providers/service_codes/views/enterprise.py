"""For the enterprise: its own code, and its workers' codes."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from homeservice.kernel.access import requires, scope_of_request
from homeservice.kernel.clock import now
from homeservice.kernel.vocabulary import EnterpriseRight, Role
from providers.enterprises.models import Enterprise
from providers.service_codes.models import ServiceCode
from providers.service_codes.queries import code_of_enterprise, code_of_worker, scan_counts
from providers.service_codes.rules import Viewer
from providers.service_codes.showing import enterprise_shown, static_qr, worker_shown
from providers.service_codes.views.own import COUNTED_DAYS, badge_file
from providers.workers.models import Worker
from providers.workers.queries import workers_of


@requires(Role.MANAGER)
@require_safe
def enterprise_code(request: HttpRequest) -> HttpResponse:
    """The enterprise's own code: its colour, why, and the QR code for its door and papers."""
    scope = scope_of_request(request)
    mine = Enterprise.objects.visible_to(scope).select_related("division")
    enterprise = get_object_or_404(mine, pk=scope.enterprise_id)
    code = code_of_enterprise(enterprise)
    if code is None:
        return render(request, "providers/service_codes/no_enterprise_code.html", {"enterprise": enterprise})
    code.enterprise = enterprise
    context = {**enterprise_shown(code), **static_qr(request, code), **_counts(code)}
    return render(request, "providers/service_codes/our_code.html", context)


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_safe
def enterprise_worker_code(request: HttpRequest, pk: int) -> HttpResponse:
    """A worker's code as their institution sees it."""
    worker = _worker(request, pk)
    code = code_of_worker(worker)
    if code is None:
        return render(request, "providers/service_codes/worker_without_code.html", {"worker": worker})
    code.worker = worker
    context = {**worker_shown(code, Viewer.INSTITUTION), **static_qr(request, code), **_counts(code), "worker": worker}
    return render(request, "providers/service_codes/worker_code.html", context)


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_safe
def enterprise_worker_badge(request: HttpRequest, pk: int) -> HttpResponse:
    """A worker's badge to print, A6."""
    worker = _worker(request, pk)
    code = get_object_or_404(ServiceCode, worker=worker)
    code.worker = worker
    return badge_file(request, code, "enterprise_worker_code", worker.pk)


def _worker(request: HttpRequest, pk: int) -> Worker:
    mine = workers_of(scope_of_request(request)).select_related("enterprise", "photo")
    worker: Worker = get_object_or_404(mine, pk=pk)
    return worker


def _counts(code: ServiceCode) -> dict[str, object]:
    return {"counts": scan_counts(code, now() - timedelta(days=COUNTED_DAYS)), "days": COUNTED_DAYS}
