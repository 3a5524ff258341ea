from django.urls import path

from communities.points import views

urlpatterns = [
    path("communities/", views.find_community, name="find_community"),
    path("communities/near/", views.communities_near_me, name="communities_near_me"),
    path("communities/choose/", views.choose_community, name="choose_community"),
    path("c/<str:area_code>/", views.community_page, name="community_page"),
]
