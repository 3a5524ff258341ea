"""Listings: the enterprise's editor, and the reviewing staff's view."""

from tests.architecture.walk import MANAGER, REVIEWER, Case, alike, listing, plain

CASES: dict[str, Case] = {
    **alike(Case(listing, MANAGER), "enterprise_listing_edit", "enterprise_listing_history"),
    "review_listing": Case(listing, REVIEWER),
    **plain("review_listings", "api_enterprise_listings"),
}
