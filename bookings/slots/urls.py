"""Fragments about free times."""

from django.urls import path

from bookings.slots.views import entry_next_free

urlpatterns = [path("menu/<int:entry_id>/next-free/", entry_next_free, name="entry_next_free")]
