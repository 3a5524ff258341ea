from django.urls import path

from providers.admission import api
from providers.admission.views import case, holders, office, queue, worker

urlpatterns = [
    path("enterprise/office/", office.enterprise_office, name="enterprise_office"),
    path("enterprise/office/submit/", office.enterprise_submit, name="enterprise_submit"),
    path("enterprise/office/exit/", office.enterprise_exit, name="enterprise_exit"),
    path("enterprise/office/appeal/", office.enterprise_appeal, name="enterprise_appeal"),
    path("enterprise/workers/<int:pk>/submit/", office.enterprise_worker_submit, name="enterprise_worker_submit"),
    path("worker/admission/", worker.worker_admission, name="worker_admission"),
    path("worker/admission/appeal/", worker.worker_appeal, name="worker_appeal"),
    path("review/", queue.review_queue, name="review_queue"),
    path("review/next/", queue.review_next, name="review_next"),
    path("review/bulk/", queue.review_bulk, name="review_bulk"),
    path("review/cases/<int:pk>/", case.review_case, name="review_case"),
    path("review/cases/<int:pk>/claim/", case.review_claim, name="review_claim"),
    path("review/cases/<int:pk>/release/", case.review_release, name="review_release"),
    path("review/cases/<int:pk>/papers/<int:paper_pk>/", case.review_paper, name="review_paper"),
    path("review/cases/<int:pk>/accept/", case.review_accept, name="review_accept"),
    path("review/cases/<int:pk>/return/", case.review_return, name="review_return"),
    path("review/enterprises/", holders.review_enterprises, name="review_enterprises"),
    path("review/enterprises/<int:pk>/", holders.review_enterprise, name="review_enterprise"),
    path("review/enterprises/<int:pk>/contact/", holders.review_enterprise_contact, name="review_enterprise_contact"),
    path("review/enterprises/<int:pk>/grades/", holders.review_enterprise_grades, name="review_enterprise_grades"),
    path(
        "review/enterprises/<int:pk>/representative/",
        holders.review_enterprise_representative,
        name="review_enterprise_representative",
    ),
    path(
        "review/enterprises/<int:pk>/steps/<slug:step>/", holders.review_enterprise_step, name="review_enterprise_step"
    ),
    path("review/workers/", holders.review_workers, name="review_workers"),
    path("review/workers/<int:pk>/", holders.review_worker, name="review_worker"),
    path("review/workers/<int:pk>/steps/<slug:step>/", holders.review_worker_step, name="review_worker_step"),
    path("api/v1/enterprise/", api.enterprise, name="api_enterprise"),
]
