from django.urls import path

from providers.roster import api
from providers.roster.views.facts import enterprise_worker_facts, worker_facts, worker_photo
from providers.roster.views.papers import worker_papers
from providers.roster.views.worker import (
    enterprise_worker,
    enterprise_worker_hours,
    enterprise_worker_kind,
    enterprise_worker_leave,
    enterprise_worker_leave_remove,
    enterprise_worker_photo,
)
from providers.roster.views.workers import enterprise_workers, enterprise_workers_export

urlpatterns = [
    path("api/v1/enterprise/workers/", api.enterprise_workers, name="api_enterprise_workers"),
    path("enterprise/workers/", enterprise_workers, name="enterprise_workers"),
    path("enterprise/workers/export/", enterprise_workers_export, name="enterprise_workers_export"),
    path("enterprise/workers/<int:pk>/", enterprise_worker, name="enterprise_worker"),
    path("enterprise/workers/<int:pk>/facts/", enterprise_worker_facts, name="enterprise_worker_facts"),
    path("worker/facts/", worker_facts, name="worker_facts"),
    path("worker/photo/", worker_photo, name="worker_photo"),
    path("worker/papers/", worker_papers, name="worker_papers"),
    path("enterprise/workers/<int:pk>/photo/", enterprise_worker_photo, name="enterprise_worker_photo"),
    path("enterprise/workers/<int:pk>/kinds/", enterprise_worker_kind, name="enterprise_worker_kind"),
    path("enterprise/workers/<int:pk>/hours/", enterprise_worker_hours, name="enterprise_worker_hours"),
    path("enterprise/workers/<int:pk>/leave/", enterprise_worker_leave, name="enterprise_worker_leave"),
    path(
        "enterprise/workers/<int:pk>/leave/<int:leave_pk>/remove/",
        enterprise_worker_leave_remove,
        name="enterprise_worker_leave_remove",
    ),
]
