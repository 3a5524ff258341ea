from django.urls import path

from providers.training import api
from providers.training.views import caravans, certificates, institution, public, requests, trainer

urlpatterns = [
    # everybody
    path("training/", public.training_sessions, name="training_sessions"),
    path("training/mine/", public.my_trainings, name="my_trainings"),
    path("training/<int:pk>/", public.training_session, name="training_session"),
    path("training/<int:pk>/enrol/", public.session_enrol, name="session_enrol"),
    path("training/<int:pk>/leave/", public.session_leave, name="session_leave"),
    path("training/<int:pk>/attend/", public.session_attend, name="session_attend"),
    path("training/caravans/<int:pk>/", caravans.caravan_route, name="caravan_route"),
    path("certificates/verify/", certificates.certificate_verify, name="certificate_verify"),
    path("certificates/<int:pk>/print/", certificates.certificate_pdf, name="certificate_pdf"),
    path("certificates/<int:pk>/revoke/", certificates.certificate_revoke, name="certificate_revoke"),
    # the trainer
    path("training/<int:pk>/list/", trainer.training_roll, name="training_roll"),
    path("training/<int:pk>/list/sheet/", trainer.training_sheet, name="training_sheet"),
    path("training/<int:pk>/list/mark/", trainer.training_mark, name="training_mark"),
    path("training/<int:pk>/list/close/", trainer.training_close, name="training_close"),
    path("training/<int:pk>/list/<int:enrolment_pk>/correct/", trainer.training_correct, name="training_correct"),
    # the institution
    path("enterprise/training/", institution.enterprise_training, name="enterprise_training"),
    path("enterprise/training/courses/", institution.enterprise_courses, name="enterprise_courses"),
    path("enterprise/training/courses/new/", institution.enterprise_course_new, name="enterprise_course_new"),
    path("enterprise/training/courses/<int:pk>/", institution.enterprise_course, name="enterprise_course"),
    path("enterprise/training/sessions/new/", institution.enterprise_session_new, name="enterprise_session_new"),
    path("enterprise/training/sessions/<int:pk>/", institution.enterprise_session, name="enterprise_session"),
    path(
        "enterprise/training/sessions/<int:pk>/publish/",
        institution.enterprise_session_publish,
        name="enterprise_session_publish",
    ),
    path(
        "enterprise/training/sessions/<int:pk>/cancel/",
        institution.enterprise_session_cancel,
        name="enterprise_session_cancel",
    ),
    path("enterprise/training/caravans/", caravans.enterprise_caravans, name="enterprise_caravans"),
    path("enterprise/training/caravans/<int:pk>/", caravans.enterprise_caravan, name="enterprise_caravan"),
    path(
        "enterprise/training/caravans/<int:pk>/stops/<int:stop_pk>/remove/",
        caravans.enterprise_stop_remove,
        name="enterprise_stop_remove",
    ),
    path("enterprise/training/requests/", requests.enterprise_requests, name="enterprise_requests"),
    path(
        "enterprise/training/requests/<int:pk>/take/", requests.enterprise_request_take, name="enterprise_request_take"
    ),
    # the community's desk
    path("desk/training/", requests.training_requests, name="training_requests"),
    path("desk/training/new/", requests.training_request_new, name="training_request_new"),
    path("desk/training/<int:pk>/withdraw/", requests.training_request_withdraw, name="training_request_withdraw"),
    # programs
    path("api/v1/training-sessions/", api.training_sessions, name="api_training_sessions"),
    path("api/v1/certificates/<str:code>/", api.certificate, name="api_certificate"),
]
