"""API v1 and its schema."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from bookings.api import views
from homeservice.kernel.access import public

urlpatterns = [
    path("api/v1/sign-in/code/", views.sign_in_code, name="api_sign_in_code"),
    path("api/v1/sign-in/token/", views.sign_in_token, name="api_sign_in_token"),
    path("api/v1/sign-out/", views.sign_out_token, name="api_sign_out"),
    path("api/v1/communities/", views.communities, name="api_communities"),
    path("api/v1/communities/<str:area_code>/menu/", views.community_menu, name="api_community_menu"),
    path("api/v1/households/", views.households, name="api_households"),
    path("api/v1/entries/<int:entry_id>/slots/", views.entry_slots, name="api_entry_slots"),
    path("api/v1/bookings/", views.bookings, name="api_bookings"),
    path("api/v1/bookings/<str:no>/", views.booking, name="api_booking"),
    path("api/v1/bookings/<str:no>/cancel/", views.booking_cancel, name="api_booking_cancel"),
    path(
        "api/v1/schema/",
        public(SpectacularAPIView.as_view(permission_classes=[], authentication_classes=[])),
        name="api_schema",
    ),
]
