from django.urls import path

from providers.bindings import api
from providers.bindings.views.enterprise import (
    enterprise_binding_answer,
    enterprise_binding_end,
    enterprise_binding_end_answer,
    enterprise_binding_take_back,
    enterprise_bindings,
    enterprise_worker_invite,
)
from providers.bindings.views.worker import (
    authorisation_letter,
    worker_authorisation,
    worker_authorisation_withdraw,
    worker_binding_decline,
    worker_binding_end,
    worker_binding_end_answer,
    worker_bindings,
)

urlpatterns = [
    path("enterprise/workers/invite/", enterprise_worker_invite, name="enterprise_worker_invite"),
    path("enterprise/bindings/", enterprise_bindings, name="enterprise_bindings"),
    path("enterprise/bindings/<int:pk>/answer/", enterprise_binding_answer, name="enterprise_binding_answer"),
    path("enterprise/bindings/<int:pk>/take-back/", enterprise_binding_take_back, name="enterprise_binding_take_back"),
    path("enterprise/bindings/<int:pk>/end/", enterprise_binding_end, name="enterprise_binding_end"),
    path(
        "enterprise/bindings/<int:pk>/end/answer/", enterprise_binding_end_answer, name="enterprise_binding_end_answer"
    ),
    path("worker/bindings/", worker_bindings, name="worker_bindings"),
    path("worker/bindings/<int:pk>/decline/", worker_binding_decline, name="worker_binding_decline"),
    path("worker/bindings/<int:pk>/end/", worker_binding_end, name="worker_binding_end"),
    path("worker/bindings/<int:pk>/end/answer/", worker_binding_end_answer, name="worker_binding_end_answer"),
    path("worker/authorisation/", worker_authorisation, name="worker_authorisation"),
    path("worker/authorisation/withdraw/", worker_authorisation_withdraw, name="worker_authorisation_withdraw"),
    path("api/v1/worker/bindings/", api.worker_bindings, name="api_worker_bindings"),
    path("authorisation/<str:version>/", authorisation_letter, name="authorisation_letter"),
]
