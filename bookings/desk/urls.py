"""The community desk's pages."""

from django.urls import path

from bookings.desk import list_views, order_views, views

urlpatterns = [
    path("desk/", views.desk_inbox, name="desk_inbox"),
    path("desk/bookings/<str:no>/", views.desk_booking, name="desk_booking"),
    path("desk/bookings/<str:no>/accept/", views.desk_accept, name="desk_accept"),
    path("desk/bookings/<str:no>/decline/", views.desk_decline, name="desk_decline"),
    path("desk/bookings/<str:no>/assign/", views.desk_assign, name="desk_assign"),
    path("desk/bookings/<str:no>/cancel/", views.desk_cancel, name="desk_cancel"),
    path("desk/bookings/<str:no>/unlock/", views.desk_unlock, name="desk_unlock"),
    path("desk/bookings/<str:no>/reveal/", views.desk_reveal, name="desk_reveal"),
    path("desk/search/", list_views.desk_search, name="desk_search"),
    path("desk/day/", list_views.desk_day_list, name="desk_day_list"),
    path("desk/day/export/", list_views.desk_day_export, name="desk_day_export"),
    path("desk/new/", order_views.desk_new, name="desk_new"),
    path("desk/new/register/", order_views.desk_new_register, name="desk_new_register"),
    path("desk/new/<str:token>/", order_views.desk_order, name="desk_order"),
    path("desk/new/<str:token>/home/", order_views.desk_order_home, name="desk_order_home"),
    path("desk/new/<str:token>/identity/", order_views.desk_order_identity, name="desk_order_identity"),
    path("desk/new/<str:token>/hold/", order_views.desk_order_hold, name="desk_order_hold"),
    path("desk/new/<str:token>/order/<str:no>/", order_views.desk_order_details, name="desk_order_details"),
]
