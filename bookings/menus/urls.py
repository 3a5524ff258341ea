"""Pages of menus, and of the desk's menu builder."""

from django.urls import path

from bookings.menus import desk_views, views

urlpatterns = [
    path("points/<int:point_id>/", views.point_menu, name="point_menu"),
    path("search/", views.search_menu, name="search_menu"),
    path("services/<str:kind_code>/", views.kind_near, name="kind_near"),
    path("desk/menu/", desk_views.desk_menus, name="desk_menus"),
    path("desk/menu/<int:point_id>/", desk_views.desk_menu, name="desk_menu"),
    path("desk/menu/<int:point_id>/preview/", desk_views.desk_menu_preview, name="desk_menu_preview"),
    path("desk/menu/<int:point_id>/add/", desk_views.desk_add_entry, name="desk_add_entry"),
    path("desk/menu/<int:point_id>/publish/", desk_views.desk_publish_menu, name="desk_publish_menu"),
    path("desk/menu/entries/<int:entry_id>/change/", desk_views.desk_change_entry, name="desk_change_entry"),
    path("desk/menu/entries/<int:entry_id>/move/", desk_views.desk_move_entry, name="desk_move_entry"),
    path("desk/menu/entries/<int:entry_id>/publish/", desk_views.desk_publish_entry, name="desk_publish_entry"),
    path("desk/menu/entries/<int:entry_id>/withdraw/", desk_views.desk_withdraw_entry, name="desk_withdraw_entry"),
]
