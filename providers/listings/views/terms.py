"""What one listing posts: the editor with the resident's view beside it, and what it posted before."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from homeservice.kernel.access import person_of, requires
from homeservice.kernel.clock import now
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import EnterpriseRight, Role
from homeservice.kernel.web import refuse
from providers.listings.actions import publish_version
from providers.listings.forms import TermsForm, typed_of
from providers.listings.history import past_versions
from providers.listings.models import Listing
from providers.listings.queries import area_names, compared_price, counties_of, offered, posted_by, version_in_force
from providers.listings.rules import MOST_ADD_ONS, Posted, why_not_publish
from providers.listings.views.offers import own_listing
from providers.listings.wording import notice_of


@requires(Role.MANAGER, right=EnterpriseRight.PRICES)
@require_http_methods(["GET", "HEAD", "POST"])
def enterprise_listing_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit the terms; “look at it” (`preview`) shows them as residents will read them, before they are published."""
    listing = own_listing(request, pk)
    present = posted_by(version_in_force(listing), listing.item)
    form = _form(request, listing, present)
    if not form.is_bound or not form.is_valid():
        return _show(request, listing, form, present)
    posted = form.posted()
    try:
        if "preview" in request.POST:
            return _preview(request, listing, form, posted)
        version = publish_version(
            listing=listing,
            posted=posted,
            seen_no=form.cleaned_data["seen_no"],
            actor_id=person_of(request).pk,
            at=now(),
        )
    except DomainError as error:
        refuse(form, error)
        return _show(request, listing, form, present)
    said = _("Version %(no)s of “%(item)s” is posted. Who has booked keeps the terms of before.")
    messages.success(request, said % {"no": version.no, "item": listing.item.name})
    return redirect("enterprise_listing_history", listing.pk)


@requires(Role.MANAGER, right=EnterpriseRight.PRICES)
@require_safe
def enterprise_listing_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Every version with what it changed, the latest first."""
    listing = own_listing(request, pk)
    context = {"listing": listing, "versions": past_versions(listing)}
    return render(request, "providers/listings/history.html", context)


def _form(request: HttpRequest, listing: Listing, present: Posted) -> TermsForm:
    typed = request.POST or None
    rows = sum(1 for number in range(MOST_ADD_ONS) if typed and f"add_on_{number}_zh" in typed)
    return TermsForm(
        typed,
        initial=typed_of(present, listing.version_no),
        counties=counties_of(listing.enterprise),
        add_ons=max(rows - 2, len(present.add_ons)),
    )


def _preview(request: HttpRequest, listing: Listing, form: TermsForm, posted: Posted) -> HttpResponse:
    refusal = why_not_publish(offered(listing.item, listing.enterprise), posted)
    if refusal:
        raise refusal
    return _page(request, listing, form, posted, status=200, previewed=True)


def _show(request: HttpRequest, listing: Listing, form: TermsForm, present: Posted) -> HttpResponse:
    return _page(request, listing, form, present, status=422 if form.errors else 200)


def _page(
    request: HttpRequest, listing: Listing, form: TermsForm, shown: Posted, *, status: int, previewed: bool = False
) -> HttpResponse:
    was_fen = compared_price(listing) if shown.price_fen == listing.price_fen else None
    context: dict[str, Any] = {
        "listing": listing,
        "form": form,
        "notice": notice_of(shown, listing.item, area_names=area_names([shown]), was_fen=was_fen),
        "previewed": previewed,
    }
    return render(request, "providers/listings/edit.html", context, status=status)
