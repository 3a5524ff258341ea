"""The menu builder of the community desk. Each form works by a plain POST; HTMX swaps the list instead."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST

from bookings.menus.actions import add_entry, change_entry, move_entry, publish_entry, publish_menu, withdraw_entry
from bookings.menus.forms import EntryForm, SearchForm, form_of_entry, form_of_listing
from bookings.menus.models import Menu, MenuEntry
from bookings.menus.queries import (
    desk_entries,
    listings_offerable,
    menus_run_by,
    points_with_menus,
    search_offerable,
)
from bookings.menus.views import menu_context
from communities.points.models import ServicePoint
from homeservice.kernel.access import person_of, requires, scope_of_request
from homeservice.kernel.clock import now, today
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Role
from homeservice.kernel.web import paginated, refuse

OFFERS_SHOWN = 12


@requires(Role.STAFF)
def desk_menus(request: HttpRequest) -> HttpResponse:
    """The points whose menus the person builds; straight to the menu if there is only one."""
    page = paginated(request, menus_run_by(scope_of_request(request)))
    if page.paginator.count == 1:
        return redirect("desk_menu", page.object_list[0].pk)
    return render(request, "bookings/menus/desk_menus.html", {"page": page, "columns": _columns()})


@requires(Role.STAFF)
def desk_menu(request: HttpRequest, point_id: int) -> HttpResponse:
    """The menu of one point, to build; `?q=` looks for offers to add."""
    return _desk(request, _point(request, point_id))


@requires(Role.STAFF)
def desk_menu_preview(request: HttpRequest, point_id: int) -> HttpResponse:
    """The menu as residents see it now."""
    point = get_object_or_404(points_with_menus(), pk=_point(request, point_id).pk)
    return render(request, "bookings/menus/preview.html", menu_context(request, point))


@requires(Role.STAFF)
@require_POST
def desk_add_entry(request: HttpRequest, point_id: int) -> HttpResponse:
    """Put an offer on the menu as a draft. A refusal comes back with what was typed."""
    point = _point(request, point_id)
    listing = get_object_or_404(listings_offerable(point), pk=_number(request, "listing"))
    form = form_of_listing(listing, request.POST)
    entry = _done(form, lambda terms: add_entry(point=point, listing=listing, by=person_of(request), at=now(), **terms))
    if entry is None:
        return _desk(request, point, listing_form=(listing.pk, form))
    messages.success(request, _("“%(item)s” is on the menu as a draft.") % {"item": listing.item.name})
    return _after(request, point)


@requires(Role.STAFF)
@require_POST
def desk_change_entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Save a row's price, places and times. A refusal stands at its field."""
    entry = _entry(request, entry_id)
    form = form_of_entry(entry, request.POST)
    changed = _done(form, lambda terms: change_entry(entry=entry, by=person_of(request), at=now(), **terms))
    if changed is None:
        return _desk(request, entry.point, entry_form=(entry.pk, form))
    messages.success(request, _("“%(item)s” has been saved.") % {"item": entry.listing.item.name})
    return _after(request, entry.point)


@requires(Role.STAFF)
@require_POST
def desk_move_entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Move a row to the `place` that its up and down buttons carry."""
    entry = _entry(request, entry_id)
    move_entry(entry=entry, place=_number(request, "place"), by=person_of(request), at=now())
    return _after(request, entry.point)


@requires(Role.STAFF)
@require_POST
def desk_publish_entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Show a row to residents, or say what stands against it."""
    entry = _entry(request, entry_id)
    try:
        publish_entry(entry=entry, by=person_of(request), at=now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Residents now see “%(item)s”.") % {"item": entry.listing.item.name})
    return _after(request, entry.point)


@requires(Role.STAFF)
@require_POST
def desk_withdraw_entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Take a row off what residents see."""
    entry = _entry(request, entry_id)
    withdraw_entry(entry=entry, by=person_of(request), at=now())
    messages.success(request, _("Residents no longer see “%(item)s”.") % {"item": entry.listing.item.name})
    return _after(request, entry.point)


@requires(Role.STAFF)
@require_POST
def desk_publish_menu(request: HttpRequest, point_id: int) -> HttpResponse:
    """Show every draft that may be shown, and name those that may not."""
    point = _point(request, point_id)
    outcome = publish_menu(point=point, by=person_of(request), at=now())
    shown = len(outcome.published)
    if shown:
        text = ngettext("%(count)s entry is now shown.", "%(count)s entries are now shown.", shown)
        messages.success(request, text % {"count": shown})
    for entry, refusal in outcome.refused:
        messages.error(request, f"{entry.listing.item.name}: {refusal.message}")
    if not shown and not outcome.refused:
        messages.info(request, _("There is no draft to publish."))
    return _after(request, point)


def _columns() -> list[dict[str, str]]:
    return [
        {"key": "point", "label": _("Service point")},
        {"key": "community", "label": _("Community")},
        {"key": "published", "label": _("Published"), "class": "hs-right"},
        {"key": "draft", "label": _("Draft"), "class": "hs-right"},
        {"key": "withdrawn", "label": pgettext("menu entry", "Withdrawn"), "class": "hs-right"},
    ]


def _done(form: EntryForm, act: Callable[[dict[str, Any]], MenuEntry]) -> MenuEntry | None:
    """The action's entry, or None with the reason on the form."""
    if not form.is_valid():
        return None
    try:
        return act(form.terms())
    except DomainError as refusal:
        refuse(form, refusal)
        return None


def _desk(
    request: HttpRequest,
    point: ServicePoint,
    *,
    entry_form: tuple[int, EntryForm] | None = None,
    listing_form: tuple[int, EntryForm] | None = None,
) -> HttpResponse:
    """The page, or for HTMX its list; with one form as it was typed (then 422)."""
    search = SearchForm(request.GET)
    query = search.query
    rows = desk_entries(point, on_date=today())
    offers = search_offerable(point, query=query, on_date=today(), limit=OFFERS_SHOWN) if query else []
    entry_forms, listing_forms = dict([entry_form] if entry_form else []), dict([listing_form] if listing_form else [])
    context = {
        "point": point,
        "menu": Menu.objects.filter(point=point).first(),
        "rows": [(row, entry_forms.get(row.entry.pk) or form_of_entry(row.entry)) for row in rows],
        "draft_count": sum(row.entry.state == MenuEntry.State.DRAFT for row in rows),
        "search": search,
        "query": query,
        "offers": [(offer, listing_forms.get(offer.listing.pk) or form_of_listing(offer.listing)) for offer in offers],
    }
    wants_fragment = request.headers.get("HX-Request")
    template = "bookings/menus/_desk.html" if wants_fragment else "bookings/menus/desk_menu.html"
    return render(request, template, context, status=422 if entry_form or listing_form else 200)


def _after(request: HttpRequest, point: ServicePoint) -> HttpResponse:
    """The list again for HTMX; for a plain form back to the page, with its search."""
    if request.headers.get("HX-Request"):
        return _desk(request, point)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    response = redirect("desk_menu", point.pk)
    response["Location"] += query
    return response


def _point(request: HttpRequest, point_id: int) -> ServicePoint:
    points = ServicePoint.objects.run_by(scope_of_request(request)).select_related("community")
    point: ServicePoint = get_object_or_404(points, pk=point_id)
    return point


def _entry(request: HttpRequest, entry_id: int) -> MenuEntry:
    entries = MenuEntry.objects.run_by(scope_of_request(request)).select_related("point__community", "listing__item")
    entry: MenuEntry = get_object_or_404(entries, pk=entry_id)
    return entry


def _number(request: HttpRequest, name: str) -> int:
    """A number that our own buttons send; 0 for anything else, which is nothing's id and the first place."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
