from django.urls import path

from providers.credit import api
from providers.credit.views.own import (
    credit_event_scan,
    credit_formula,
    credit_objection,
    enterprise_credit,
    worker_credit,
)
from providers.credit.views.review import credit_event_new, objection_answer, review_credit

urlpatterns = [
    path("worker/credit/", worker_credit, name="worker_credit"),
    path("enterprise/credit/", enterprise_credit, name="enterprise_credit"),
    path("credit/", credit_formula, name="credit_formula"),
    path("credit/records/<int:pk>/objection/", credit_objection, name="credit_objection"),
    path("credit/records/<int:pk>/scan/", credit_event_scan, name="credit_event_scan"),
    path("review/credit/", review_credit, name="review_credit"),
    path("review/credit/<slug:kind>/<int:pk>/new/", credit_event_new, name="credit_event_new"),
    path("review/credit/objections/<int:pk>/", objection_answer, name="objection_answer"),
    path("api/v1/credit/formula/", api.credit_formula, name="api_credit_formula"),
]
