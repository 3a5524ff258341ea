"""The page of one version of the terms."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from bookings.contracts.models import Terms
from bookings.contracts.rules import blocks_of
from homeservice.kernel.access import public
from providers.catalogue.models import in_language


@public
def terms_page(request: HttpRequest, version: str) -> HttpResponse:
    """Any version that was ever published, since bookings made under it stay."""
    terms = get_object_or_404(Terms, version=version)
    title, *blocks = blocks_of(in_language(terms.text_zh, terms.text_en))
    context = {"terms": terms, "title": title, "blocks": blocks}
    return render(request, "bookings/contracts/terms.html", context)
