"""Every URL says who may open it: `@public`, `@signed_in` or `@requires(Role.…)`.

The mark is kept on the view as `access`, so that a test can walk all URLs as every role. What a
person may open is decided here; which rows they then find is decided by `visible_to(scope)`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url

from homeservice.kernel.scope import Scope
from homeservice.kernel.vocabulary import STAFF_ROLES, EnterpriseRight, Role

type_view = Callable[..., HttpResponseBase]
ANYONE: frozenset[Role] = frozenset(Role)


def public(view: type_view) -> type_view:
    """Anyone may open it, signed in or not."""
    view.access = None  # type: ignore[attr-defined]
    return view


def requires(*roles: Role, right: EnterpriseRight | None = None) -> Callable[[type_view], type_view]:
    """Only people with one of the roles: others are asked to sign in, or refused with 403.

    Staff roles count only after the second factor of this session. With a `right`, a manager of an enterprise
    needs it as well: key functions are closed to sub-accounts.
    """

    def mark(view: type_view) -> type_view:
        allowed = frozenset(roles)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            refusal = _refusal(request, allowed, right)
            return refusal or view(request, *args, **kwargs)

        guarded.access = allowed  # type: ignore[attr-defined]
        guarded.right = right  # type: ignore[attr-defined]
        return guarded

    return mark


signed_in = requires(*ANYONE)


def scope_of_request(request: HttpRequest) -> Scope:
    """The scope that the middleware put on the request."""
    return cast(Scope, request.scope)  # type: ignore[attr-defined]


def _refusal(request: HttpRequest, allowed: frozenset[Role], right: EnterpriseRight | None) -> HttpResponseBase | None:
    if not request.user.is_authenticated:
        return _ask_first(request, "sign_in")
    scope = scope_of_request(request)
    held = scope.roles & allowed
    if right and right not in scope.enterprise_rights:
        held -= {Role.MANAGER}
    if not held:
        raise PermissionDenied
    if held <= STAFF_ROLES and not has_second_factor(request):
        return _ask_first(request, "second_factor")
    return None


def _ask_first(request: HttpRequest, url_name: str) -> HttpResponseBase:
    """To a page that leads back here; a fragment's request takes the whole browser page there."""
    target = f"{resolve_url(url_name)}?{urlencode({'next': _page_of(request)})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def _page_of(request: HttpRequest) -> str:
    """The page that the person looks at: for a fragment or a sent form, the one that holds it."""
    if request.method == "GET" and not request.headers.get("HX-Request"):
        return request.get_full_path()
    here = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    if here.netloc != request.get_host():
        return "/"
    return f"{here.path}?{here.query}" if here.query else here.path


def has_second_factor(request: HttpRequest) -> bool:
    """Whether this session was opened with a second factor (TOTP)."""
    return bool(request.session.get("second_factor_at"))


def person_of(request: HttpRequest) -> Any:
    """The signed-in person (the project's user model lies above this module); 403 for nobody."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user
