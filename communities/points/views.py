"""Finding one's community, and its page with the points near home."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.divisions.current import current_community, remember_in_browser
from communities.divisions.models import Division
from communities.divisions.queries import (
    SEARCH_LIMIT,
    breadcrumb,
    children_of,
    communities_near,
    community_by_code,
    division_by_code,
    find_communities,
)
from communities.points import actions
from communities.points.forms import PlaceForm
from communities.points.models import ServicePoint
from communities.points.queries import openings, point_counts, points_near, points_of_community
from communities.points.rules import Opening
from homeservice.foundation.navigation import url_or_nothing
from homeservice.kernel import clock
from homeservice.kernel.access import public
from homeservice.kernel.web import own_place, page_or_fragment

PAGE, FRAGMENT = "communities/points/find_community.html", "communities/points/_find_community.html"
FAR_M = 30_000  # the nearest community further off than this: the person is not in the province
NEAR_POINTS = 6
NEAR_WITHIN_M = 20_000


@dataclass(frozen=True, slots=True)
class PointCard:
    """A point as a community's page shows it."""

    point: ServicePoint
    opening: Opening
    distance_m: float | None
    menu_url: str

    @property
    def comes_here(self) -> bool:
        """Whether the community's middle lies within the point's reach."""
        return self.distance_m is None or self.distance_m <= self.point.reach_m


@require_safe
@public
def find_community(request: HttpRequest) -> HttpResponse:
    """Search by `?q=`, or descend the tree by `?in=`; the cities to begin with."""
    query = request.GET.get("q", "").strip()
    if query:
        found = find_communities(query, near=current_community(request))
        cut_off = len(found) == SEARCH_LIMIT
        return page_or_fragment(request, PAGE, FRAGMENT, _finder(request, found=found, query=query, cut_off=cut_off))
    inside = request.GET.get("in", "")
    division = division_by_code(inside) if inside else None
    if inside and division is None:
        raise Http404
    return page_or_fragment(request, PAGE, FRAGMENT, _finder(request, **_branch(division)))


@require_POST
@public
def communities_near_me(request: HttpRequest) -> HttpResponse:
    """The communities nearest to where the browser says it is. Nothing is kept."""
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return redirect("find_community")
    near = communities_near(form.cleaned_data["lat"], form.cleaned_data["lon"])
    far = not near or near[0].distance_m > FAR_M
    context = _finder(request, found=[] if far else near, located=True)
    return page_or_fragment(request, PAGE, FRAGMENT, context)


@require_POST
@public
def choose_community(request: HttpRequest) -> HttpResponse:
    """Keep the choice, then show the community, or go back to the page that asked for one."""
    community = community_by_code(request.POST.get("area_code", ""))
    if community is None:
        raise Http404
    if request.user.is_authenticated:
        actions.choose_community(user=request.user, community=community)
    wanted = own_place(request, request.POST.get("next", ""))
    response = redirect(wanted or reverse("community_page", args=[community.area_code]))
    remember_in_browser(request, response, community)
    return response


@require_safe
@public
def community_page(request: HttpRequest, area_code: str) -> HttpResponse:
    """A community's points and the nearest others, as cards and on a map."""
    community = community_by_code(area_code)
    if community is None:
        raise Http404
    own, others = _cards(community)
    above = [(division.name, _branch_url(division)) for division in breadcrumb(community)[1:-1]]
    context = {
        "community": community,
        "crumbs": [*above, (community.called, "")],
        "own": own,
        "others": others,
        "dots": [_dot(card) for card in [*own, *others]],
        "is_mine": current_community(request) == community,
    }
    return render(request, "communities/points/community.html", context)


def _finder(request: HttpRequest, **more: Any) -> dict[str, Any]:
    wanted = request.POST.get("next", "") or request.GET.get("next", "")
    return {"chosen": current_community(request), "next": own_place(request, wanted), **more}


def _branch(division: Division | None) -> dict[str, Any]:
    """What lies directly under a division, with the count of points, and the way back up."""
    children = children_of(division.area_code if division else None)
    counts = point_counts(children)
    path = breadcrumb(division)[1:] if division else []
    return {
        "branch": division,
        "way": [(_("All cities"), reverse("find_community")), *((step.name, _branch_url(step)) for step in path)],
        "children": [(child, counts.get(child.area_code, 0)) for child in children],
        "of_communities": bool(children) and children[0].level == Division.Level.COMMUNITY,
    }


def _branch_url(division: Division) -> str:
    return f"{reverse('find_community')}?in={division.area_code}"


def _cards(community: Division) -> tuple[list[PointCard], list[PointCard]]:
    """The community's own points, and the nearest of others. Four queries."""
    own = points_of_community(community.area_code)
    near = points_near(community.lat, community.lon, limit=NEAR_POINTS + len(own), within_m=NEAR_WITHIN_M)
    others = [point for point in near if point.community_id != community.area_code][:NEAR_POINTS]
    stand = openings([point.pk for point in [*own, *others]], clock.now())
    return [_card(point, stand[point.pk]) for point in own], [_card(point, stand[point.pk]) for point in others]


def _card(point: ServicePoint, opening: Opening) -> PointCard:
    return PointCard(point, opening, getattr(point, "distance_m", None), url_or_nothing("point_menu", point.pk))


def _dot(card: PointCard) -> dict[str, Any]:
    tone = "" if card.opening.open_now else "off"
    return {"lat": card.point.lat, "lon": card.point.lon, "label": card.point.name, "href": card.menu_url, "tone": tone}
