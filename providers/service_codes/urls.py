"""Pages of service codes. The public ones are short: they stand in QR codes."""

from django.urls import path

from providers.service_codes import api
from providers.service_codes.views.duty import review_code
from providers.service_codes.views.enterprise import enterprise_code, enterprise_worker_badge, enterprise_worker_code
from providers.service_codes.views.own import worker_badge, worker_code, worker_scans
from providers.service_codes.views.public import service_code, service_code_door, service_code_photo, service_code_seen

urlpatterns = [
    path("s/<str:public_id>/", service_code, name="service_code"),
    path("s/d/<str:token>/", service_code_door, name="service_code_door"),
    path("s/seen/<str:scan>/", service_code_seen, name="service_code_seen"),
    path("s/photo/<str:reference>/", service_code_photo, name="service_code_photo"),
    path("worker/code/", worker_code, name="worker_code"),
    path("worker/code/scans/", worker_scans, name="worker_scans"),
    path("worker/code/badge/", worker_badge, name="worker_badge"),
    path("enterprise/code/", enterprise_code, name="enterprise_code"),
    path("enterprise/workers/<int:pk>/code/", enterprise_worker_code, name="enterprise_worker_code"),
    path("enterprise/workers/<int:pk>/badge/", enterprise_worker_badge, name="enterprise_worker_badge"),
    path("review/codes/<str:public_id>/", review_code, name="review_code"),
    path("api/v1/codes/<str:public_id>/", api.code, name="api_service_code"),
    path("api/v1/worker/code/", api.own_code, name="api_worker_code"),
]
