"""For the worker: the code to show at the door, who looked at it, and a badge to print."""

import secrets
from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from homeservice.kernel.access import requires, scope_of_request
from homeservice.kernel.clock import now, today
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Role
from homeservice.kernel.web import page_or_fragment, paginated
from providers.service_codes import badge, door
from providers.service_codes.models import ServiceCode
from providers.service_codes.qr import picture
from providers.service_codes.queries import areas_of, code_of_worker, scan_counts, scans_of
from providers.service_codes.rules import Viewer
from providers.service_codes.showing import address_of, static_qr, worker_shown
from providers.workers.models import Worker

COUNTED_DAYS = 30


@requires(Role.WORKER)
@require_safe
def worker_code(request: HttpRequest) -> HttpResponse:
    """The colour, and a QR code for the door that renews itself every half minute. Renewing writes nothing."""
    worker = _worker(request)
    code = code_of_worker(worker)
    if code is None:
        return render(request, "providers/service_codes/no_code.html", {"worker": worker})
    fragment = "providers/service_codes/_door_qr.html"
    if request.headers.get("HX-Request"):
        response = render(request, fragment, _door(request, code))
    else:
        context = {**worker_shown(_with(code, worker), Viewer.AUTHORISED), **_door(request, code)}
        response = render(request, "providers/service_codes/mine.html", {**context, **static_qr(request, code)})
    response["Cache-Control"] = "private, no-store"
    return response


@requires(Role.WORKER)
@require_safe
def worker_scans(request: HttpRequest) -> HttpResponse:
    """Who looked at my code: when, from which community, and what they were shown."""
    code = get_object_or_404(ServiceCode, worker=_worker(request))
    page = paginated(request, scans_of(code))
    context = {
        "page": page,
        "areas": areas_of(page),
        "counts": scan_counts(code, now() - timedelta(days=COUNTED_DAYS)),
        "days": COUNTED_DAYS,
    }
    return page_or_fragment(
        request, "providers/service_codes/scans.html", "providers/service_codes/_scans.html", context
    )


@requires(Role.WORKER)
@require_safe
def worker_badge(request: HttpRequest) -> HttpResponse:
    """The badge to print, A6."""
    worker = _worker(request)
    code = get_object_or_404(ServiceCode, worker=worker)
    return badge_file(request, _with(code, worker), "worker_code")


def badge_file(request: HttpRequest, code: ServiceCode, back: str, *back_args: object) -> HttpResponse:
    """The badge of a worker's code as a PDF: what anyone may see, and nothing else. Without authorisation, `back`."""
    worker, shown = cast(Worker, code.worker), worker_shown(code, Viewer.ANYONE)["shown"]
    phone = worker.enterprise.complaint_phone if worker.enterprise else ""
    try:
        face = badge.face_of(
            shown, complaint_phone=phone, address=address_of(request, code), photo=worker.photo, on_date=today()
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect(back, *back_args)
    response = HttpResponse(badge.printed(face), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="badge-{code.public_id[:6]}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def _worker(request: HttpRequest) -> Worker:
    scope = scope_of_request(request)
    mine = Worker.objects.visible_to(scope).select_related("enterprise", "photo")
    worker: Worker = get_object_or_404(mine, pk=scope.worker_id)
    return worker


def _with(code: ServiceCode, worker: Worker) -> ServiceCode:
    code.worker = worker
    return code


def _door(request: HttpRequest, code: ServiceCode) -> dict[str, Any]:
    """A fresh token as a QR code. Making one writes nothing: only using it does."""
    at = now()
    token = door.issue(code_id=code.pk, nonce=secrets.token_bytes(door.NONCE_BYTES), at=at, keys=settings.DOOR_KEYS)
    address = request.build_absolute_uri(reverse("service_code_door", args=[token]))
    return {
        "door_qr": picture(address),
        "door_address": address,
        "door_until": at + door.LIFE,
        "renewed_every_s": door.RENEWED_EVERY_S,
    }
