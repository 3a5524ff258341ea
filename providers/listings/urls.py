from django.urls import path

from providers.listings.views import (
    enterprise_listing_active,
    enterprise_listing_new,
    enterprise_listing_price,
    enterprise_listings,
)

urlpatterns = [
    path("enterprise/listings/", enterprise_listings, name="enterprise_listings"),
    path("enterprise/listings/new/", enterprise_listing_new, name="enterprise_listing_new"),
    path("enterprise/listings/<int:pk>/price/", enterprise_listing_price, name="enterprise_listing_price"),
    path("enterprise/listings/<int:pk>/active/", enterprise_listing_active, name="enterprise_listing_active"),
]
