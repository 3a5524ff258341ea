"""The reviewing staff's view of what enterprises post: to look at, not to change."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeservice.kernel.access import requires, scope_of_request
from homeservice.kernel.vocabulary import Role
from homeservice.kernel.web import page_or_fragment, paginated
from providers.listings.forms import ListingSearchForm
from providers.listings.history import past_versions
from providers.listings.queries import area_names, compared_price, listings_to_review, posted_by
from providers.listings.wording import notice_of


@requires(Role.STAFF)
@require_safe
def review_listings(request: HttpRequest) -> HttpResponse:
    """What the enterprises of one's divisions offer, found by enterprise or service."""
    form = ListingSearchForm(request.GET)
    form.is_valid()
    text = form.cleaned_data.get("q", "")
    page = paginated(request, listings_to_review(scope_of_request(request), text=text))
    context = {"page": page, "form": form, "columns": _columns(), "narrowed": bool(text)}
    return page_or_fragment(
        request, "providers/listings/review_list.html", "providers/listings/_review_list.html", context
    )


@requires(Role.STAFF)
@require_safe
def review_listing(request: HttpRequest, pk: int) -> HttpResponse:
    """One listing as residents read it, and all its versions."""
    listing = get_object_or_404(listings_to_review(scope_of_request(request)), pk=pk)
    versions = past_versions(listing)
    posted = posted_by(versions[0].version, listing.item)
    context = {
        "listing": listing,
        "versions": versions,
        "notice": notice_of(posted, listing.item, area_names=area_names([posted]), was_fen=compared_price(listing)),
    }
    return render(request, "providers/listings/review.html", context)


def _columns() -> list[dict[str, str]]:
    return [
        {"key": "item", "label": _("Service")},
        {"key": "enterprise", "label": _("Enterprise")},
        {"key": "price", "label": _("Price")},
        {"key": "version", "label": _("Version")},
        {"key": "state", "label": _("State")},
    ]
