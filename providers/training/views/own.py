"""What the institution's pages share: whose they are, and choosing a community."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from communities.divisions.current import current_community
from communities.divisions.queries import community_by_code, find_communities
from homeservice.kernel.access import scope_of_request
from providers.enterprises.models import Enterprise

CHOICES = 8


def own_enterprise(request: HttpRequest) -> Enterprise:
    """The enterprise that the signed-in manager acts for; 404 for one who no longer does."""
    scope = scope_of_request(request)
    found: QuerySet[Enterprise] = Enterprise.objects.visible_to(scope).select_related("division")
    return get_object_or_404(found, pk=scope.enterprise_id or 0)


def is_searching(request: HttpRequest) -> bool:
    """Whether the form was sent to find a community, which works without a script."""
    return request.method == "POST" and "find" in request.POST


def form_arguments(request: HttpRequest, initial: Mapping[str, Any]) -> dict[str, Any]:
    """`data` once the form is sent; while a community is searched, what was typed as `initial`."""
    if is_searching(request):
        return {"data": None, "initial": request.POST.dict()}
    return {"data": request.POST if request.method == "POST" else None, "initial": dict(initial)}


def community_choices(request: HttpRequest, form: forms.Form) -> dict[str, Any]:
    """What `_find_community.html` shows: the one that is chosen, and those that the search found."""
    query = request.POST.get("q", "").replace("\x00", "")
    chosen = community_by_code(str(request.POST.get("community") or form.initial.get("community") or ""))
    found = find_communities(query, near=chosen or current_community(request), limit=CHOICES) if query else []
    known = [chosen] if chosen and chosen not in found else []
    return {"query": query, "chosen": chosen.pk if chosen else "", "communities": [*known, *found]}
