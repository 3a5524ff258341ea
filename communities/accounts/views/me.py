"""One's own account: what we know, what was agreed to, and leaving."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.accounts.actions import close_account, rename, verify_identity, withdraw_consent
from communities.accounts.forms import IdentityForm, NameForm
from communities.accounts.identity import TEST_AREA
from communities.accounts.models import Consent, User
from communities.accounts.queries import consents_of, homes_with_people, identity_of, posts_of
from homeservice.kernel.access import has_second_factor, person_of, signed_in
from homeservice.kernel.clock import now
from homeservice.kernel.errors import DomainError
from homeservice.kernel.web import refuse, safe_next


@signed_in
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Everything about one's own account on one page."""
    user: User = person_of(request)
    context = {
        "person": user,
        "identity": identity_of(user),
        "homes": homes_with_people(user),
        "posts": posts_of(user),
        "second_factor": has_second_factor(request),
    }
    return render(request, "communities/accounts/me.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def change_name(request: HttpRequest) -> HttpResponse:
    """How we address the person."""
    user: User = person_of(request)
    form = NameForm(request.POST or None, initial={"name": user.name})
    if form.is_valid():
        try:
            rename(user=user, name=form.cleaned_data["name"])
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("me")
    return render(request, "communities/accounts/change_name.html", {"form": form})


@signed_in
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def verify_identity_page(request: HttpRequest) -> HttpResponse:
    """Real name and ID number, checked once; a refusal says why and keeps what was typed."""
    user: User = person_of(request)
    onward = safe_next(request, resolve_url("me"))
    form = IdentityForm(request.POST or None)
    if form.is_valid() and _identified(request, form, user):
        return redirect(onward)
    context = {
        "form": form,
        "identity": identity_of(user),
        "next": onward,
        "test_area": TEST_AREA if settings.EMBEDDED else "",
    }
    return render(request, "communities/accounts/verify_identity.html", context)


@signed_in
@require_safe
def my_consents(request: HttpRequest) -> HttpResponse:
    """What was agreed to, when and how, and taking it back."""
    context = {"consents": consents_of(person_of(request)), "privacy": Consent.Kind.PRIVACY}
    return render(request, "communities/accounts/my_consents.html", context)


@signed_in
@require_POST
def withdraw_consent_page(request: HttpRequest, kind: str) -> HttpResponse:
    """The consent is withdrawn; without the privacy notice nobody stays signed in."""
    withdraw_consent(user=person_of(request), kind=kind, at=now())
    if kind == Consent.Kind.PRIVACY:
        logout(request)
        messages.success(request, _("Your consent is withdrawn and you are signed out."))
        return redirect(settings.LOGOUT_REDIRECT_URL)
    messages.success(request, _("Your consent is withdrawn."))
    return redirect("my_consents")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def close_account_page(request: HttpRequest) -> HttpResponse:
    """Says what closing means, and closes."""
    if request.method == "POST":
        try:
            close_account(user=person_of(request), at=now())
        except DomainError as error:
            messages.error(request, str(error.message))
            return redirect("close_account")
        logout(request)
        messages.success(request, _("Your account is closed."))
        return redirect(settings.LOGOUT_REDIRECT_URL)
    return render(request, "communities/accounts/close_account.html")


def _identified(request: HttpRequest, form: IdentityForm, user: User) -> bool:
    typed = form.cleaned_data
    try:
        identity = verify_identity(
            user=user, real_name=typed["real_name"], id_number=typed["id_number"], consented=typed["consent"], at=now()
        )
    except DomainError as error:
        refuse(form, error)
        return False
    if identity.state != identity.State.VERIFIED:
        form.add_error("id_number", _(identity.reason))
        return False
    messages.success(request, _("Your identity is verified."))
    return True
