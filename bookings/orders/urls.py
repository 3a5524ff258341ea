"""Pages of ordering and of following a booking."""

from django.urls import path

from bookings.orders.views import choosing, following, ordering

urlpatterns = [
    path("menu/<int:entry_id>/order/", choosing.order_start, name="order_start"),
    path("menu/<int:entry_id>/hold/", choosing.order_hold, name="order_hold"),
    path("orders/<str:no>/", ordering.order_details, name="order_details"),
    path("bookings/", following.my_bookings, name="my_bookings"),
    path("bookings/<str:no>/", following.booking_page, name="booking_page"),
    path("bookings/<str:no>/again/", choosing.booking_again, name="booking_again"),
    path("bookings/<str:no>/call/<int:worker_id>/", following.booking_call, name="booking_call"),
    path("bookings/<str:no>/cancel/", following.booking_cancel, name="booking_cancel"),
    path("bookings/<str:no>/settle/", following.booking_settle, name="booking_settle"),
]
