"""Registering an enterprise, and changing what is on file of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from communities.accounts.queries import why_not_identified
from homeservice.kernel.access import person_of, requires, scope_of_request, signed_in
from homeservice.kernel.clock import now
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import EnterpriseRight, Role
from homeservice.kernel.web import refuse
from providers.enterprises.actions import change_facts, register_enterprise
from providers.enterprises.forms import FactsForm, RegisterForm, facts_of
from providers.enterprises.queries import district_by_code, districts_found, managed_by

OFFICE = "enterprise_office"


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def enterprise_register(request: HttpRequest) -> HttpResponse:
    """A person with a verified identity registers the enterprise whose legal representative they are."""
    person = person_of(request)
    if scope_of_request(request).enterprise_id:
        messages.info(request, _("You act for an enterprise already. One person manages one enterprise."))
        return redirect(OFFICE)
    if why_not_identified(person):
        return render(request, "providers/enterprises/register.html", {"unverified": True})
    searching = "find" in request.POST
    sent = request.POST if request.method == "POST" and not searching else None
    form = RegisterForm(sent, initial=request.POST.dict() if searching else None)
    if form.is_valid():
        try:
            register_enterprise(
                facts=form.facts(), representative=form.cleaned_data["legal_representative"], person=person, at=now()
            )
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The enterprise is registered. Hand in the business licence next."))
            return redirect(OFFICE)
    context = {"form": form, **_districts(request, "")}
    return render(request, "providers/enterprises/register.html", context, status=422 if form.is_bound else 200)


@requires(Role.MANAGER, right=EnterpriseRight.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def enterprise_facts(request: HttpRequest) -> HttpResponse:
    """What is on file of the enterprise. What stands on the licence can be mended until it is checked."""
    enterprise = get_object_or_404(managed_by(scope_of_request(request)))
    searching, known = "find" in request.POST, facts_of(enterprise)
    initial = {**known, **request.POST.dict()} if searching else known
    sent = request.POST if request.method == "POST" and not searching else None
    form = FactsForm(sent, initial=initial)
    if form.is_valid():
        try:
            change_facts(enterprise=enterprise, facts=form.facts(), actor_id=person_of(request).pk, at=now())
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("What is on file has been changed."))
            return redirect(OFFICE)
    context = {"form": form, "enterprise": enterprise, **_districts(request, enterprise.division_id)}
    return render(request, "providers/enterprises/facts.html", context, status=422 if form.is_bound else 200)


@signed_in
@require_safe
def district_choices(request: HttpRequest) -> HttpResponse:
    """The districts and streets that fit what is being typed: a fragment."""
    found = districts_found(request.GET.get("q", ""))
    return render(request, "providers/enterprises/_district_choices.html", {"districts": found, "chosen": ""})


def _districts(request: HttpRequest, known: str) -> dict[str, Any]:
    """What the finder shows: the chosen one first, then what the search found."""
    query = request.POST.get("q", "")
    chosen = district_by_code(request.POST.get("division", known))
    found = districts_found(query)
    first = [chosen] if chosen and chosen not in found else []
    return {"query": query, "chosen": chosen.pk if chosen else "", "districts": [*first, *found]}
