"""All URLs. Each feature has its own; here they only get their places."""

from django.contrib import admin
from django.urls import include, path

from homeservice.foundation.styleguide import styleguide
from homeservice.operation import healthz, metrics

urlpatterns = [
    path("", include("communities.urls")),
    path("", include("providers.urls")),
    path("", include("bookings.urls")),
    path("", include("homeservice.foundation.urls")),
    path("styleguide/", styleguide, name="styleguide"),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
]
