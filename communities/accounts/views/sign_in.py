"""Signing in on two pages: the phone, then the code. Between them the session keeps the phone encrypted."""

from datetime import datetime
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from communities.accounts.actions import IssuedCode, redeem_code, request_code
from communities.accounts.forms import CodeForm, SignInForm
from communities.accounts.models import User
from communities.accounts.preferences import bring_preferences
from communities.accounts.rules import PRIVACY_VERSION
from homeservice.kernel.access import has_second_factor, public, scope_of_request
from homeservice.kernel.clock import now
from homeservice.kernel.crypto import decrypt, encrypt, masked_phone
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import STAFF_ROLES
from homeservice.kernel.web import client_ip, refuse, safe_next

PENDING = "sign_in"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@public
@never_cache
@sensitive_post_parameters()
def sign_in(request: HttpRequest) -> HttpResponse:
    """Asks for the phone and the consent; a code is then on its way."""
    onward = safe_next(request, resolve_url(settings.LOGIN_REDIRECT_URL))
    if request.user.is_authenticated and request.method != "POST":
        return redirect(onward)
    form = SignInForm(request.POST or None)
    if form.is_valid() and _code_is_on_its_way(request, form, onward):
        return redirect("sign_in_code")
    return render(request, "communities/accounts/sign_in.html", {"form": form, "next": onward})


@public
@never_cache
@sensitive_post_parameters()
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Asks for the code; the person is then signed in, in a session with a new key."""
    pending = request.session.get(PENDING)
    if not pending:
        return redirect("sign_in")
    form = CodeForm(request.POST or None)
    if form.is_valid() and _signed_in(request, form, pending):
        response = redirect(_place_after(request, pending["next"]))
        bring_preferences(request, response, cast(User, request.user))
        return response
    return render(request, "communities/accounts/sign_in_code.html", {"form": form, **_facts(pending)})


@public
@require_POST
def sign_in_resend(request: HttpRequest) -> HttpResponse:
    """Another code for the phone of the first page."""
    pending = request.session.get(PENDING)
    if not pending:
        return redirect("sign_in")
    try:
        issued = request_code(phone=_phone_of(pending), ip=client_ip(request), at=now())
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        _keep_pending(request, issued, pending["next"])
        messages.success(request, _("A new code is on its way."))
    return redirect("sign_in_code")


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """The session is over and its contents are gone."""
    logout(request)
    messages.success(request, _("You are signed out."))
    return redirect(settings.LOGOUT_REDIRECT_URL)


@public
@require_safe
def privacy_notice(request: HttpRequest) -> HttpResponse:
    """What becomes of personal data: in short, then in full (PIPL Art 17, 30)."""
    return render(request, "communities/accounts/privacy_notice.html", {"version": PRIVACY_VERSION})


def _code_is_on_its_way(request: HttpRequest, form: SignInForm, onward: str) -> bool:
    phone = form.cleaned_data["phone"]
    try:
        _keep_pending(request, request_code(phone=phone, ip=client_ip(request), at=now()), onward)
    except DomainError as error:
        pending = request.session.get(PENDING)
        if error.code == "code_too_soon" and pending and _phone_of(pending) == phone:
            return True  # the form was sent twice: the first code is the one
        refuse(form, error)
        return False
    return True


def _keep_pending(request: HttpRequest, issued: IssuedCode, onward: str) -> None:
    request.session[PENDING] = {
        "phone": encrypt(issued.phone).hex(),
        "code": encrypt(issued.code).hex() if settings.EMBEDDED else "",
        "resend_at": issued.resend_at.isoformat(),
        "next": onward,
    }


def _signed_in(request: HttpRequest, form: CodeForm, pending: dict[str, Any]) -> bool:
    try:
        user = redeem_code(
            phone=_phone_of(pending), code=form.cleaned_data["code"], privacy_version=PRIVACY_VERSION, at=now()
        )
    except DomainError as error:
        refuse(form, error)
        return False
    login(request, user, backend=BACKEND)
    request.session.pop(PENDING, None)
    return True


def _place_after(request: HttpRequest, onward: str) -> str:
    """Who has duties gives the second factor first, so that their pages are open to them."""
    if scope_of_request(request).roles & STAFF_ROLES and not has_second_factor(request):
        request.session["after_second_factor"] = onward
        return resolve_url("second_factor")
    return onward


def _facts(pending: dict[str, Any]) -> dict[str, Any]:
    return {
        "phone": masked_phone(_phone_of(pending)),
        "wait_s": max(0, int((datetime.fromisoformat(pending["resend_at"]) - now()).total_seconds()) + 1),
        "shown_code": decrypt(bytes.fromhex(pending["code"])) if settings.EMBEDDED and pending["code"] else "",
        "next_query": urlencode({"next": pending["next"]}),
    }


def _phone_of(pending: dict[str, Any]) -> str:
    return decrypt(bytes.fromhex(pending["phone"]))
