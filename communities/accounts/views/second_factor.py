"""The second factor of staff: asked once a session, set up at the first time."""

from typing import Any
from urllib.parse import urlencode

import segno
from allauth.mfa.adapter import get_adapter
from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from communities.accounts.actions import answer_second_factor, confirm_enrolment, note_recovery_codes_seen
from communities.accounts.forms import EnrolForm, SecondFactorForm
from communities.accounts.models import User
from communities.accounts.queries import has_authenticator, present_totp, unseen_recovery_codes
from communities.accounts.totp import generate_totp_secret, totp_at
from homeservice.kernel.access import has_second_factor, person_of, scope_of_request, signed_in
from homeservice.kernel.clock import now
from homeservice.kernel.crypto import decrypt, encrypt
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import STAFF_ROLES
from homeservice.kernel.web import refuse, safe_next

AFTER = "after_second_factor"


@signed_in
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Asks for the authenticator's code, or sets one up; residents without duties have no need of it."""
    onward = safe_next(request, request.session.get(AFTER) or resolve_url(settings.LOGIN_REDIRECT_URL))
    if not scope_of_request(request).roles & STAFF_ROLES or (has_second_factor(request) and request.method != "POST"):
        return redirect(onward)
    user: User = person_of(request)
    return _ask(request, user, onward) if has_authenticator(user) else _enrol(request, user, onward)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The recovery codes, until the person says that they noted them; never again then."""
    onward = safe_next(request, resolve_url(settings.LOGIN_REDIRECT_URL))
    user: User = person_of(request)
    if not has_second_factor(request):
        return redirect("second_factor")
    if request.method == "POST":
        note_recovery_codes_seen(user=user)
        return redirect(onward)
    codes = unseen_recovery_codes(user)
    if not codes:
        return redirect(onward)
    return render(request, "communities/accounts/recovery_codes.html", {"codes": codes, "next": onward})


def _ask(request: HttpRequest, user: User, onward: str) -> HttpResponse:
    form = SecondFactorForm(request.POST or None)
    if form.is_valid():
        try:
            answer_second_factor(user=user, code=form.cleaned_data["code"], at=now())
        except DomainError as error:
            refuse(form, error)
        else:
            _opened(request)
            return redirect(onward)
    shown = present_totp(user, now()) if settings.EMBEDDED else None
    return render(
        request, "communities/accounts/second_factor.html", {"form": form, "next": onward, "shown_code": shown}
    )


def _enrol(request: HttpRequest, user: User, onward: str) -> HttpResponse:
    secret = _sealed_secret(request, user) or generate_totp_secret()
    form = EnrolForm(request.POST or None, initial={"sealed": _seal(user, secret)})
    if form.is_valid() and _sealed_secret(request, user):
        try:
            confirm_enrolment(user=user, secret=secret, code=form.cleaned_data["code"], at=now())
        except DomainError as error:
            refuse(form, error)
        else:
            _opened(request)
            messages.success(request, _("Your authenticator is set up."))
            return redirect(f"{resolve_url('recovery_codes')}?{urlencode({'next': onward})}")
    return render(request, "communities/accounts/second_factor_setup.html", _enrolment(form, user, secret, onward))


def _enrolment(form: EnrolForm, user: User, secret: str, onward: str) -> dict[str, Any]:
    address = get_adapter().build_totp_url(user, secret)
    return {
        "form": form,
        "sealed": _seal(user, secret),
        "qr": segno.make(address).svg_data_uri(scale=4, border=2),
        "key": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "shown_code": totp_at(secret, now()) if settings.EMBEDDED else None,
        "next": onward,
    }


def _opened(request: HttpRequest) -> None:
    """This session has its second factor, under a new key."""
    request.session.cycle_key()
    request.session["second_factor_at"] = now().isoformat()
    request.session.pop(AFTER, None)


def _seal(user: User, secret: str) -> str:
    return encrypt(f"{user.pk}:{secret}").hex()


def _sealed_secret(request: HttpRequest, user: User) -> str:
    """The secret that the form carries, if it was sealed for this person; else nothing."""
    try:
        owner, secret = decrypt(bytes.fromhex(request.POST.get("sealed", ""))).split(":", 1)
    except (ValueError, KeyError, IndexError, InvalidTag):
        return ""
    return secret if owner == str(user.pk) else ""
