"""What views share: one page and its fragment from one template, polling with ETags, problem JSON."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from homeservice.kernel.errors import DomainError

PAGE_SIZE = 20


def page_or_fragment(request: HttpRequest, page: str, fragment: str, context: dict[str, Any]) -> HttpResponse:
    """The fragment for an HTMX swap, the whole page (which includes that fragment) otherwise."""
    wants_fragment = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    restoring = request.headers.get("HX-History-Restore-Request")
    response = render(request, fragment if wants_fragment and not restoring else page, context)
    response["Vary"] = "HX-Request"
    return response


def not_modified(request: HttpRequest, etag: str) -> HttpResponse | None:
    """304 if the client holds this version already, else None. `etag` is unquoted."""
    quoted = f'"{etag}"'
    if quoted in request.headers.get("If-None-Match", "").split(", "):
        response = HttpResponseNotModified()
        response["ETag"] = quoted
        return response
    return None


def paginated(request: HttpRequest, rows: QuerySet[Any] | Sequence[Any], size: int = PAGE_SIZE) -> Page[Any]:
    """The page that `?page=` asks for; the nearest one that exists if it doesn't."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def problem(error: DomainError, status: int = 409) -> JsonResponse:
    """RFC 9457 problem JSON for a refused rule; 422 is for input, 409 for the state of things."""
    body: dict[str, Any] = {"type": f"/problems/{error.code}", "title": str(error.message), "code": error.code}
    body["status"] = 422 if error.field else status
    if error.field:
        body["errors"] = {error.field: [str(error.message)]}
    return JsonResponse(body, status=body["status"], content_type="application/problem+json")


def refuse(form: forms.BaseForm, error: DomainError) -> None:
    """Shows a refused rule beside the field that it names, else above the form."""
    form.add_error(error.field if error.field in form.fields else None, str(error.message))


def safe_next(request: HttpRequest, default: str) -> str:
    """Where `next` (of the form, else of the query) leads, if it stays on this site; `default` otherwise."""
    return own_place(request, request.POST.get("next") or request.GET.get("next") or "") or default


def own_place(request: HttpRequest, wanted: str) -> str:
    """The address if it is one of this site's, else nothing. A bare word is none: `redirect` would take it
    for the name of a page."""
    own = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if own and wanted.startswith(("/", "http://", "https://")) else ""


def client_ip(request: HttpRequest) -> str:
    """The visitor's address: what the outermost of our own `TRUSTED_PROXY_COUNT` proxies saw."""
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    proxies = settings.TRUSTED_PROXY_COUNT
    if proxies and len(forwarded) >= proxies:
        return str(forwarded[-proxies])
    return str(request.META.get("REMOTE_ADDR", ""))
