"""The worker's pages."""

from django.urls import path

from bookings.visits import scan_views, views

urlpatterns = [
    path("worker/", views.worker_day, name="worker_day"),
    path("worker/visits/<str:no>/", views.worker_visit, name="worker_visit"),
    path("worker/visits/<str:no>/confirm/", views.worker_confirm, name="worker_confirm"),
    path("worker/visits/<str:no>/decline/", views.worker_decline, name="worker_decline"),
    path("worker/visits/<str:no>/on-my-way/", views.worker_set_out, name="worker_set_out"),
    path("worker/visits/<str:no>/check-in/", views.worker_check_in, name="worker_check_in"),
    path("worker/visits/<str:no>/finish/", views.worker_finish, name="worker_finish"),
    path("worker/visits/<str:no>/unsafe/", views.worker_unsafe, name="worker_unsafe"),
    path("worker/visits/<str:no>/no-show/", views.worker_no_show, name="worker_no_show"),
    path("visits/scanned/<str:scan>/", scan_views.visit_scan, name="visit_scan"),
    path("bookings/<str:no>/worker/<int:worker_id>/code/", scan_views.booking_worker_code, name="booking_worker_code"),
    path("worker/visits/<str:no>/call/", views.worker_call, name="worker_call"),
]
