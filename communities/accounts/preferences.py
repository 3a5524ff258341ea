"""How a person wants the pages: language and 长辈版, kept in cookies so that they hold before signing in."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_POST

from communities.accounts.actions.preferences import keep_elder_mode, keep_language
from communities.accounts.models import User
from homeservice.kernel.access import public
from homeservice.kernel.web import safe_next

MODE_COOKIE = "mode"
MODES = frozenset({"standard", "elder"})
KEPT_FOR = timedelta(days=365)


@public
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """The pages are in the posted language from now on; an unknown one changes nothing."""
    language = request.POST.get("language", "")
    response = HttpResponseRedirect(safe_next(request, "/"))
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
    response = HttpResponseRedirect(safe_next(request, "/"))
    if mode in MODES:
        _keep(response, MODE_COOKIE, mode)
        if request.user.is_authenticated:
            keep_elder_mode(user=request.user, elder_mode=mode == "elder")
    return response


def bring_preferences(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """A browser that has chosen nothing itself takes over what the person who just signed in prefers."""
    if user.language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        _keep(response, settings.LANGUAGE_COOKIE_NAME, user.language)
    if user.elder_mode and MODE_COOKIE not in request.COOKIES:
        _keep(response, MODE_COOKIE, "elder")


def _keep(response: HttpResponseBase, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=KEPT_FOR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
