"""Gathers the URLs that the features define."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("bookings.menus.urls")),
    path("", include("bookings.contracts.urls")),
]
