"""Gathers the URLs that the features define."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("bookings.front.urls")),
    path("", include("bookings.menus.urls")),
    path("", include("bookings.contracts.urls")),
    path("", include("bookings.slots.urls")),
    path("", include("bookings.orders.urls")),
    path("", include("bookings.visits.urls")),
    path("", include("bookings.desk.urls")),
    path("", include("bookings.enterprise_board.urls")),
    path("", include("bookings.api.urls")),
]
