"""The resident's home, and the page of one item on a menu."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from bookings.front.queries import (
    done_before,
    entries_orderable,
    licences_of,
    next_visit,
    opening_of,
    points_at,
    requirements_shown,
)
from bookings.front.rules import cancel_method, price_method
from bookings.lifecycle.wording import next_step_text
from bookings.menus.queries import kinds_at
from bookings.money.queries import price_terms
from bookings.money.rules import milder_tiers
from communities.accounts.queries import households_of
from communities.divisions.current import current_community
from communities.divisions.models import Division
from communities.points.queries import points_near
from homeservice.foundation.navigation import WORK, url_or_nothing
from homeservice.kernel.access import public, scope_of_request
from homeservice.kernel.clock import local, local_day, now
from homeservice.kernel.vocabulary import Group, Place
from providers.listings.notices import notice_in_force
from providers.listings.queries import tiers_of, versions_of

NEARBY_M = 20_000


@require_safe
@public
def home(request: HttpRequest) -> HttpResponse:
    """What is near home and what comes next; without a community, a welcome that asks for one."""
    community = current_community(request) or _of_household(request)
    context: dict[str, Any] = {"community": community, "faces": _faces(request), **_own(request)}
    if community:
        context |= _near(community)
    return render(request, "bookings/home.html", context)


@require_safe
@public
def entry_page(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One item on a menu: what is done, what it costs and how that is calculated, who comes, and when."""
    entry = get_object_or_404(entries_orderable(), pk=entry_id)
    item, today = entry.listing.item, local_day(now())
    area = current_community(request) or entry.point.community
    versions, terms = versions_of(entry.listing), price_terms(area.area_code, today)
    terms = replace(terms, cancel_tiers=milder_tiers(terms.cancel_tiers, tiers_of(versions[0])))
    context = {
        "entry": entry,
        "item": item,
        "enterprise": entry.listing.enterprise,
        "notice": notice_in_force(entry.listing, versions, price_fen=entry.price_fen),
        "groups": [Group(group).label for group in item.groups],
        "price_method": price_method(
            price_fen=entry.price_fen,
            unit=item.get_unit_display(),
            min_quantity=max(item.min_quantity, versions[0].min_quantity or 0),
            at_home=item.place == Place.HOME,
            by_visit=item.bookable,
            terms=terms,
        ),
        "cancel_method": cancel_method(terms),
        "requirements": requirements_shown(item, on_date=today),
        "licences": licences_of(entry.listing.enterprise, on_date=today),
    }
    return render(request, "bookings/front/entry.html", context)


def _of_household(request: HttpRequest) -> Division | None:
    """The community of the person's first home, for those who never chose one."""
    home = households_of(request.user).first() if request.user.is_authenticated else None
    return home.community if home else None


def _own(request: HttpRequest) -> dict[str, Any]:
    """The person's next visit, and what they could order again."""
    if not request.user.is_authenticated:
        return {"hour": local(now()).hour}
    scope = scope_of_request(request)
    coming = next_visit(scope, at=now())
    return {
        "hour": local(now()).hour,
        "visit": coming,
        "visit_next": next_step_text(coming) if coming else "",
        "again": done_before(scope),
    }


def _near(community: Division) -> dict[str, Any]:
    """The points that reach the community, its own first, and what they offer; else whom one could call."""
    points = sorted(points_at(community.lat, community.lon), key=lambda point: point.community_id != community.pk)
    if not points:
        return {"far_points": points_near(community.lat, community.lon, limit=3, within_m=NEARBY_M)}
    return {"kinds": kinds_at([point.pk for point in points]), "points": opening_of(points, at=now())}


def _faces(request: HttpRequest) -> list[Any]:
    """The pages of the person's work, if they have any."""
    if not request.user.is_authenticated:
        return []
    roles = scope_of_request(request).roles
    return [place for place in WORK if place.role in roles and url_or_nothing(place.url_name)]
