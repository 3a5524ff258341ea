"""For whoever scans a code: no account is needed."""

from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from homeservice.foundation.models import Upload
from homeservice.foundation.rules import UploadPurpose
from homeservice.kernel.access import public
from homeservice.kernel.clock import now
from homeservice.kernel.errors import DomainError
from homeservice.kernel.web import not_modified
from providers.service_codes import door
from providers.service_codes.actions import look, open_door
from providers.service_codes.queries import door_token_stands, open_token_use, scannable_codes
from providers.service_codes.rules import Viewer
from providers.service_codes.showing import enterprise_shown, worker_shown
from providers.service_codes.visitors import (
    bearer_of,
    bearer_to_keep,
    keep_bearer,
    photo_of_reference,
    scan_of_reference,
    scan_reference,
    visitor_of,
)


@public
@require_safe
def service_code(request: HttpRequest, public_id: str) -> HttpResponse:
    """What anyone may know of the holder: the code as printed on a badge leads here. The look is kept in the log."""
    code = get_object_or_404(scannable_codes(), public_id=public_id)
    try:
        look(code=code, visitor=visitor_of(request), at=now())
    except DomainError as refusal:
        return _refused(request, refusal)
    if code.enterprise_id:
        return _fresh(render(request, "providers/service_codes/enterprise.html", enterprise_shown(code)))
    return _fresh(render(request, "providers/service_codes/code.html", worker_shown(code, Viewer.ANYONE)))


@public
@require_safe
def service_code_photo(request: HttpRequest, reference: str) -> HttpResponseBase:
    """The photo of a page that was shown a moment ago."""
    photo = get_object_or_404(Upload, pk=photo_of_reference(reference), purpose=UploadPurpose.WORKER_PHOTO)
    response = not_modified(request, photo.sha256) or FileResponse(
        default_storage.open(photo.storage_key), content_type=photo.content_type
    )
    response["ETag"] = f'"{photo.sha256}"'
    response["Cache-Control"] = "private, max-age=600"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@public
@require_http_methods(["GET", "HEAD", "POST"])
def service_code_door(request: HttpRequest, token: str) -> HttpResponse:
    """What the worker's telephone shows at the door: one button, which uses the token up for this browser."""
    at = now()
    try:
        if request.method != "POST":
            door_token_stands(token, bearer_of(request), at=at)
            return _fresh(render(request, "providers/service_codes/door.html", {"token": token}))
        secret, digest = bearer_to_keep(request)
        scan = open_door(token=token, bearer_digest=digest, visitor=visitor_of(request), at=at)
    except DomainError as refusal:
        return _refused(request, refusal)
    response = redirect("service_code_seen", scan_reference(scan.pk))
    keep_bearer(response, secret)
    return response


@public
@require_safe
def service_code_seen(request: HttpRequest, scan: str) -> HttpResponse:
    """The consumer's view, for fifteen minutes and for the browser that scanned."""
    found = open_token_use(scan_of_reference(scan), bearer_of(request), at=now())
    if found is None:
        raise Http404
    context = {**worker_shown(found.code, Viewer.CONSUMER), "scan": scan, "open_until": found.open_until}
    return _fresh(render(request, "providers/service_codes/code.html", context))


def _refused(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """In plain words why nothing is shown. 429 says when to come again."""
    status = 429 if refusal.code == "too_many_codes" else 422
    context: dict[str, Any] = {"refusal": refusal, "renewed_every_s": door.RENEWED_EVERY_S}
    response = render(request, "providers/service_codes/refused.html", context, status=status)
    if status == 429:
        response["Retry-After"] = str(refusal.facts["retry_after_s"])
    return _fresh(response)


def _fresh(response: HttpResponse) -> HttpResponse:
    """Nobody keeps it: the colour is that of the moment, and the person is nobody else's business."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
