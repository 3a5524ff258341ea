from django.urls import path

from providers.listings import api
from providers.listings.views.offers import (
    enterprise_listing_active,
    enterprise_listing_new,
    enterprise_listing_price,
    enterprise_listings,
)
from providers.listings.views.review import review_listing, review_listings
from providers.listings.views.terms import enterprise_listing_edit, enterprise_listing_history

urlpatterns = [
    path("enterprise/listings/", enterprise_listings, name="enterprise_listings"),
    path("enterprise/listings/new/", enterprise_listing_new, name="enterprise_listing_new"),
    path("enterprise/listings/<int:pk>/", enterprise_listing_edit, name="enterprise_listing_edit"),
    path("enterprise/listings/<int:pk>/history/", enterprise_listing_history, name="enterprise_listing_history"),
    path("enterprise/listings/<int:pk>/price/", enterprise_listing_price, name="enterprise_listing_price"),
    path("enterprise/listings/<int:pk>/active/", enterprise_listing_active, name="enterprise_listing_active"),
    path("review/listings/", review_listings, name="review_listings"),
    path("review/listings/<int:pk>/", review_listing, name="review_listing"),
    path("api/v1/enterprise/listings/", api.enterprise_listings, name="api_enterprise_listings"),
]
