"""Pages of the order terms."""

from django.urls import path

from bookings.contracts import views

urlpatterns = [path("terms/<str:version>/", views.terms_page, name="terms_page")]
