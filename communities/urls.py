"""Gathers the URLs that the features define."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("communities.accounts.preferences_urls")),
    path("", include("communities.points.urls")),
    path("", include("communities.accounts.urls")),
    path("", include("communities.inbox.urls")),
]
