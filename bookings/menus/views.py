"""What residents see of menus: one point's, and the search across those near home."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from bookings.menus.cards import menu_html, opening_shown
from bookings.menus.forms import SearchForm
from bookings.menus.queries import (
    by_item,
    entries_near,
    items_meant,
    kinds_at,
    points_reaching,
    points_with_menus,
    search_near,
)
from communities.divisions.current import current_community
from homeservice.kernel.access import public
from homeservice.kernel.clock import now
from homeservice.kernel.web import page_or_fragment
from providers.catalogue.models import ServiceKind


@public
def point_menu(request: HttpRequest, point_id: int) -> HttpResponse:
    """A point's menu: tiles of its kinds, then its cards; `?kind=` shows one kind. One query while warm."""
    point = get_object_or_404(points_with_menus(), pk=point_id)
    context = menu_context(request, point)
    return page_or_fragment(request, "bookings/menus/menu.html", "bookings/menus/_shown.html", context)


@public
def search_menu(request: HttpRequest) -> HttpResponse:
    """Items near home by a few letters; what is known but not offered here is said, with whom to ask."""
    community = current_community(request)
    if community is None:
        return redirect("find_community")
    form = SearchForm(request.GET)
    query = form.query
    found = search_near(community.lat, community.lon, query=query) if query else []
    context: dict[str, Any] = {"community": community, "form": form, "query": query, "found": found}
    if not found:
        points = list(points_reaching(community.lat, community.lon))
        context |= {"points": points[:3], "kinds": kinds_at([point.pk for point in points])}
        context["elsewhere"] = items_meant(query) if query else []
    return page_or_fragment(request, "bookings/menus/search.html", "bookings/menus/_found.html", context)


@public
def kind_near(request: HttpRequest, kind_code: str) -> HttpResponse:
    """One kind as the points near home offer it: each item with its best price first."""
    community = current_community(request)
    if community is None:
        return redirect("find_community")
    kind = get_object_or_404(ServiceKind, pk=kind_code)
    found = by_item(entries_near(community.lat, community.lon, kind=kind.code))
    return render(request, "bookings/menus/kind.html", {"community": community, "kind": kind, "found": found})


def menu_context(request: HttpRequest, point: Any) -> dict[str, Any]:
    """What the menu's page and its preview show of a point of `points_with_menus`."""
    mode = "elder" if request.COOKIES.get("mode") == "elder" else "standard"
    menu = menu_html(point, kind_code=request.GET.get("kind", ""), mode=mode)
    return {"point": point, "opening": opening_shown(point.pk, now()), "menu": menu}
