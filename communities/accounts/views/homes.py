"""Homes and the people in them: one's own, and those one is family proxy for."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.accounts.actions import (
    add_proxy,
    add_recipient,
    change_household,
    change_recipient,
    leave_household,
    open_household,
    remove_recipient,
    revoke_proxy,
)
from communities.accounts.forms import HouseholdForm, ProxyForm, RecipientForm
from communities.accounts.models import CareRecipient, Consent, Household, HouseholdMember
from communities.accounts.queries import consent_in_force, members_of, owns, recipients_of
from communities.divisions.current import current_community
from communities.divisions.models import Division
from communities.divisions.queries import community_by_code, find_communities
from homeservice.kernel.access import person_of, scope_of_request, signed_in
from homeservice.kernel.clock import now
from homeservice.kernel.errors import DomainError
from homeservice.kernel.web import refuse, safe_next

CHOICES = 8


@signed_in
@require_safe
def household_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One home: where it is, who may order for it, and whom services are for."""
    return _show_household(request, _household(request, pk), ProxyForm())


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def household_new(request: HttpRequest) -> HttpResponse:
    """A new home of the signed-in person, in the community they look at unless they choose another."""
    here = current_community(request)
    form = HouseholdForm(request.POST or None, initial={"community": here.pk if here else ""})

    def save() -> str:
        household = open_household(owner=person_of(request), at=now(), **form.cleaned_data)
        return safe_next(request, resolve_url("household_page", household.pk))

    return _household_form(request, form, save, title=_("Add a home"))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def household_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the home is; only its owner changes that."""
    household = _own_household(request, pk)
    names = ("address", "label", "lat", "lon")
    initial = {"community": household.community_id, **{name: getattr(household, name) for name in names}}
    form = HouseholdForm(request.POST or None, initial=initial)

    def save() -> str:
        change_household(household=household, **form.cleaned_data)
        return resolve_url("household_page", household.pk)

    return _household_form(request, form, save, title=_("Change this home"))


@signed_in
@require_safe
def community_choices(request: HttpRequest) -> HttpResponse:
    """The communities found for what is being typed, as choices of the home's form."""
    found = find_communities(request.GET.get("q", ""), near=current_community(request), limit=CHOICES)
    return render(request, "communities/accounts/_community_choices.html", {"communities": found})


@signed_in
@require_POST
def household_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """The person no longer orders for this home."""
    leave_household(household=_household(request, pk), user=person_of(request), at=now())
    messages.success(request, _("This home is no longer on your list."))
    return redirect("me")


@signed_in
@require_POST
def proxy_add(request: HttpRequest, pk: int) -> HttpResponse:
    """The owner lets a family member order for the home."""
    household, owner = _own_household(request, pk), person_of(request)
    form = ProxyForm(request.POST)
    if form.is_valid():
        try:
            add_proxy(household=household, owner=owner, at=now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("They can order for this home now."))
            return redirect("household_page", household.pk)
    return _show_household(request, household, form)


@signed_in
@require_POST
def proxy_revoke(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    """The owner ends a mandate; it ends at once."""
    household = _own_household(request, pk)
    mandates = members_of(household).exclude(part=HouseholdMember.Part.OWNER)
    revoke_proxy(member=get_object_or_404(mandates, pk=member_pk), at=now())
    messages.success(request, _("They can no longer order for this home."))
    return redirect("household_page", household.pk)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def recipient_new(request: HttpRequest, pk: int) -> HttpResponse:
    """One more person of the home."""
    household, person = _household(request, pk), person_of(request)
    form = RecipientForm(request.POST or None)

    def save() -> str:
        consented = form.cleaned_data["consent"]
        add_recipient(household=household, facts=form.facts(), by=person, consented=consented, at=now())
        return safe_next(request, resolve_url("household_page", household.pk))

    return _recipient_form(request, household, form, save, None)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def recipient_edit(request: HttpRequest, pk: int, recipient_pk: int) -> HttpResponse:
    """What we know of a person of the home."""
    household, person = _household(request, pk), person_of(request)
    recipient = get_object_or_404(recipients_of(household), pk=recipient_pk)
    agreed = consent_in_force(person, Consent.Kind.SENSITIVE) and bool(recipient.health_facts)
    form = RecipientForm(request.POST or None, initial={**RecipientForm.of(recipient), "consent": agreed})

    def save() -> str:
        consented = form.cleaned_data["consent"]
        change_recipient(recipient=recipient, facts=form.facts(), by=person, consented=consented, at=now())
        return resolve_url("household_page", household.pk)

    return _recipient_form(request, household, form, save, recipient)


@signed_in
@require_POST
def recipient_remove(request: HttpRequest, pk: int, recipient_pk: int) -> HttpResponse:
    """The person is offered no more when something is booked."""
    household = _household(request, pk)
    remove_recipient(recipient=get_object_or_404(recipients_of(household), pk=recipient_pk), at=now())
    messages.success(request, _("Removed."))
    return redirect("household_page", household.pk)


def _household(request: HttpRequest, pk: int) -> Household:
    """A home that the person may order for; 404 for all others, whatever office the person holds."""
    scope = scope_of_request(request)
    mine = Household.objects.visible_to(scope).filter(pk__in=scope.household_ids).select_related("community")
    household: Household = get_object_or_404(mine, pk=pk)
    return household


def _own_household(request: HttpRequest, pk: int) -> Household:
    household = _household(request, pk)
    owned = HouseholdMember.objects.filter(
        household=household, user=person_of(request), part=HouseholdMember.Part.OWNER, revoked_at__isnull=True
    )
    get_object_or_404(owned)
    return household


def _show_household(request: HttpRequest, household: Household, form: ProxyForm) -> HttpResponse:
    context = {
        "household": household,
        "members": members_of(household),
        "recipients": recipients_of(household),
        "is_owner": owns(scope_of_request(request), household),
        "form": form,
    }
    return render(request, "communities/accounts/household.html", context)


def _household_form(request: HttpRequest, form: HouseholdForm, save: Callable[[], str], *, title: str) -> HttpResponse:
    """Searching for the community is a button of the same form, so that it works without a script."""
    searched = request.POST.get("q", "") if "find" in request.POST else ""
    if "find" in request.POST:
        form.errors.clear()
    elif form.is_valid():
        try:
            return redirect(save())
        except DomainError as error:
            refuse(form, error)
    context = {
        "form": form,
        "title": title,
        "query": request.POST.get("q", ""),
        "communities": _choices(request, form, searched),
        "chosen": str(form["community"].value() or ""),
        "next": safe_next(request, ""),
    }
    return render(request, "communities/accounts/household_form.html", context)


def _choices(request: HttpRequest, form: HouseholdForm, searched: str) -> list[Division]:
    """What the search found, after the community that is chosen already."""
    chosen = community_by_code(str(form["community"].value() or ""))
    found = find_communities(searched, near=current_community(request), limit=CHOICES) if searched else []
    return [*([chosen] if chosen else []), *(place for place in found if place != chosen)]


def _recipient_form(
    request: HttpRequest,
    household: Household,
    form: RecipientForm,
    save: Callable[[], str],
    recipient: CareRecipient | None,
) -> HttpResponse:
    if form.is_valid():
        try:
            return redirect(save())
        except DomainError as error:
            refuse(form, error)
    context = {"form": form, "household": household, "recipient": recipient, "next": safe_next(request, "")}
    return render(request, "communities/accounts/recipient_form.html", context)
