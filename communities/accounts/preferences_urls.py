"""Switches of the header."""

from django.urls import path

from communities.accounts import preferences

urlpatterns = [
    path("preferences/language", preferences.set_language, name="set_language"),
    path("preferences/mode", preferences.set_mode, name="set_mode"),
]
