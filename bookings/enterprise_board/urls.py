"""The enterprise's board and bookings."""

from django.urls import path

from bookings.enterprise_board import views

urlpatterns = [
    path("enterprise/board/", views.enterprise_board, name="enterprise_board"),
    path("enterprise/bookings/<str:no>/", views.enterprise_booking, name="enterprise_booking"),
    path("enterprise/bookings/<str:no>/assign/", views.enterprise_assign, name="enterprise_assign"),
]
