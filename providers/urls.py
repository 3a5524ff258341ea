"""Gathers the URLs that the features define."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("providers.roster.urls")),
    path("", include("providers.worker_file.urls")),
    path("", include("providers.bindings.urls")),
    path("", include("providers.enterprises.urls")),
    path("", include("providers.admission.urls")),
    path("", include("providers.credentials.urls")),
    path("", include("providers.listings.urls")),
    path("", include("providers.credit.urls")),
    path("", include("providers.exchange.urls")),
    path("", include("providers.training.urls")),
    path("", include("providers.jobs.urls")),
    path("", include("providers.service_codes.urls")),
]
