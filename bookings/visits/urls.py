"""The worker's pages."""

from django.urls import path

from bookings.visits import views

urlpatterns = [
    path("work/", views.worker_day, name="worker_day"),
    path("work/visits/<str:no>/", views.worker_visit, name="worker_visit"),
    path("work/visits/<str:no>/confirm/", views.worker_confirm, name="worker_confirm"),
    path("work/visits/<str:no>/decline/", views.worker_decline, name="worker_decline"),
    path("work/visits/<str:no>/on-my-way/", views.worker_set_out, name="worker_set_out"),
    path("work/visits/<str:no>/check-in/", views.worker_check_in, name="worker_check_in"),
    path("work/visits/<str:no>/finish/", views.worker_finish, name="worker_finish"),
    path("work/visits/<str:no>/unsafe/", views.worker_unsafe, name="worker_unsafe"),
    path("work/visits/<str:no>/no-show/", views.worker_no_show, name="worker_no_show"),
    path("work/visits/<str:no>/call/", views.worker_call, name="worker_call"),
]
