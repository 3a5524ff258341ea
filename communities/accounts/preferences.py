"""How a person wants the pages: language and 长辈版, kept in cookies so that they hold before signing in."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from communities.accounts.actions.preferences import keep_elder_mode, keep_language
from homeservice.kernel.access import public

MODE_COOKIE = "mode"
MODES = frozenset({"standard", "elder"})
KEPT_FOR = timedelta(days=365)


@public
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """The pages are in the posted language from now on; an unknown one changes nothing."""
    language = request.POST.get("language", "")
    response = _back(request)
    if language in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, language)
        if request.user.is_authenticated:
            keep_language(user=request.user, language=language)
    return response


@public
@require_POST
def set_mode(request: HttpRequest) -> HttpResponse:
    """The pages are in the posted mode from now on; an unknown one changes nothing."""
    mode = request.POST.get("mode", "")
    response = _back(request)
    if mode in MODES:
        _keep(response, MODE_COOKIE, mode)
        if request.user.is_authenticated:
            keep_elder_mode(user=request.user, elder_mode=mode == "elder")
    return response


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To where the person was, never to another site."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(wanted if safe else resolve_url("/"))


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=KEPT_FOR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
