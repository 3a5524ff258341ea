"""What an enterprise offers, and for how much."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from homeservice.kernel.access import person_of, requires, scope_of_request
from homeservice.kernel.clock import now
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import EnterpriseRight, Role
from homeservice.kernel.web import paginated, refuse
from providers.enterprises.models import Enterprise
from providers.listings.actions import change_price, offer_item, set_listing_active
from providers.listings.forms import OfferForm, PriceForm
from providers.listings.models import Listing
from providers.listings.queries import listings_of


@requires(Role.MANAGER, right=EnterpriseRight.PRICES)
@require_safe
def enterprise_listings(request: HttpRequest) -> HttpResponse:
    """The enterprise's listings, and the form for another one."""
    return _show(request)


@requires(Role.MANAGER, right=EnterpriseRight.PRICES)
@require_POST
def enterprise_listing_new(request: HttpRequest) -> HttpResponse:
    """Offer an item of the catalogue."""
    scope = scope_of_request(request)
    enterprise = get_object_or_404(Enterprise.objects.visible_to(scope), pk=scope.enterprise_id or 0)
    form = OfferForm(request.POST)
    if form.is_valid():
        cleaned = form.cleaned_data
        try:
            listing = offer_item(
                enterprise=enterprise,
                item=cleaned["item"],
                tier=cleaned["tier"],
                price_fen=cleaned["price"],
                actor_id=person_of(request).pk,
                at=now(),
            )
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("“%(item)s” is offered now.") % {"item": listing.item.name})
            return redirect("enterprise_listing_edit", listing.pk)
    return _show(request, offer_form=form)


@requires(Role.MANAGER, right=EnterpriseRight.PRICES)
@require_POST
def enterprise_listing_price(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a unit price; what has been booked keeps its own."""
    listing, form = own_listing(request, pk), PriceForm(request.POST)
    if form.is_valid():
        try:
            change_price(
                listing=listing, price_fen=form.cleaned_data["price"], actor_id=person_of(request).pk, at=now()
            )
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The new price of “%(item)s” is saved.") % {"item": listing.item.name})
            return redirect("enterprise_listings")
    return _show(request, price_forms={listing.pk: form})


@requires(Role.MANAGER, right=EnterpriseRight.PRICES)
@require_POST
def enterprise_listing_active(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a listing off all menus, or put it back (`active`)."""
    listing, active = own_listing(request, pk), "active" in request.POST
    try:
        set_listing_active(listing=listing, active=active, at=now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        said = _("“%(item)s” is offered again.") if active else _("“%(item)s” is no longer offered.")
        messages.success(request, said % {"item": listing.item.name})
    return redirect("enterprise_listings")


def own_listing(request: HttpRequest, pk: int) -> Listing:
    """One of the enterprise's own; 404 for a stranger."""
    found: QuerySet[Listing] = listings_of(scope_of_request(request))
    return get_object_or_404(found, pk=pk)


def _show(
    request: HttpRequest, *, offer_form: OfferForm | None = None, price_forms: dict[int, PriceForm] | None = None
) -> HttpResponse:
    page = paginated(request, listings_of(scope_of_request(request)))
    refused = price_forms or {}
    lines = [
        (one, refused.get(one.pk) or PriceForm(initial={"price": one.price_fen}, auto_id=f"id_{one.pk}_%s"))
        for one in page
    ]
    context = {"page": page, "lines": lines, "offer_form": offer_form or OfferForm(), "columns": _columns()}
    status = 422 if offer_form or price_forms else 200
    return render(request, "providers/listings/listings.html", context, status=status)


def _columns() -> list[dict[str, str]]:
    return [
        {"key": "item", "label": _("Service")},
        {"key": "tier", "label": _("Tier")},
        {"key": "usual", "label": _("Usual price")},
        {"key": "price", "label": _("Your price")},
        {"key": "state", "label": _("State")},
        {"key": "terms", "label": _("Terms")},
        {"key": "change", "label": _("Change")},
    ]
