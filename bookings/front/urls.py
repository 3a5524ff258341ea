"""The resident's home, and the page of an item."""

from django.urls import path

from bookings.front import views

urlpatterns = [
    path("", views.home, name="home"),
    path("menu/<int:entry_id>/", views.entry_page, name="entry_page"),
]
