"""All URLs. Each feature has its own; here they only get their places."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("communities.urls")),
    path("", include("providers.urls")),
    path("", include("bookings.urls")),
    path("admin/", admin.site.urls),
]
