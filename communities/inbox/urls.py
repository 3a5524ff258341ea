"""URLs of the inbox."""

from django.urls import path

from communities.inbox import views

urlpatterns = [
    path("inbox", views.inbox, name="inbox"),
    path("inbox/read", views.inbox_read, name="inbox_read"),
    path("inbox/<int:pk>/open", views.notification_open, name="notification_open"),
]
