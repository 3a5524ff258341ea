"""The nearest free times of a menu entry, as its page shows them before anybody orders."""

from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from bookings.menus.models import MenuEntry
from bookings.slots.queries import HORIZON_DAYS, Ask, free_times
from communities.accounts.queries import households_of
from communities.divisions.current import current_community
from homeservice.kernel import clock
from homeservice.kernel.access import person_of, public
from homeservice.kernel.web import page_or_fragment
from providers.credentials.rules import Context

SHOWN = 3
CACHED_S = 30
SOON_DAYS = 3  # most entries have a free time so soon: the longer look is taken only without one


@public
@require_GET
def entry_next_free(request: HttpRequest, entry_id: int) -> HttpResponse:
    """The next free times near the person's home, else near the community that they look at."""
    on_offer = MenuEntry.objects.on_offer().filter(listing__item__bookable=True)
    entry = get_object_or_404(on_offer.select_related("point", "listing__item", "listing__enterprise"), pk=entry_id)
    place = _place(request)
    times = _next_free(entry, place) if place else []
    context = {"entry": entry, "place_known": place is not None, "times": times}
    return page_or_fragment(request, "bookings/slots/next_free.html", "bookings/slots/_next_free.html", context)


def _place(request: HttpRequest) -> tuple[float, float] | None:
    home = households_of(person_of(request)).first() if request.user.is_authenticated else None
    where = home or current_community(request)
    return (where.lat, where.lon) if where else None


def _next_free(entry: MenuEntry, place: tuple[float, float]) -> list[datetime]:
    """The first free times for the smallest quantity; remembered for half a minute for all who ask near there."""
    lat, lon = (round(degrees, 3) for degrees in place)  # some 100 m: neighbours share the answer
    key = f"next-free:{entry.pk}:{lat}:{lon}"
    known = cache.get(key)
    if known is None:
        item = entry.listing.item
        ask = Ask(entry, item.min_quantity, lat, lon, Context(child_present=item.child_contact))
        known = _first(ask, SOON_DAYS) or _first(ask, HORIZON_DAYS)
        cache.set(key, known, CACHED_S)
    return list(known)


def _first(ask: Ask, days: int) -> list[datetime]:
    at = clock.now()
    return free_times(ask, first_day=clock.local_day(at), days=days, at=at)[:SHOWN]
