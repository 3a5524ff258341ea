from django.urls import path

from providers.jobs import api
from providers.jobs.views import enterprise, funnel, public

APPLICATION = "enterprise/jobs/applications/<int:pk>"

urlpatterns = [
    # everybody
    path("jobs/", public.job_openings, name="job_openings"),
    path("jobs/mine/", public.my_applications, name="my_applications"),
    path("jobs/mine/<int:pk>/withdraw/", public.application_withdraw, name="application_withdraw"),
    path("jobs/mine/<int:pk>/arrived/", public.application_arrived, name="application_arrived"),
    path("jobs/<int:pk>/", public.job_opening, name="job_opening"),
    path("jobs/<int:pk>/apply/", public.job_apply, name="job_apply"),
    # the enterprise
    path("enterprise/jobs/", enterprise.enterprise_jobs, name="enterprise_jobs"),
    path("enterprise/jobs/new/", enterprise.enterprise_job_new, name="enterprise_job_new"),
    path("enterprise/jobs/<int:pk>/", enterprise.enterprise_job, name="enterprise_job"),
    path("enterprise/jobs/<int:pk>/edit/", enterprise.enterprise_job_edit, name="enterprise_job_edit"),
    path("enterprise/jobs/<int:pk>/close/", enterprise.enterprise_job_close, name="enterprise_job_close"),
    path(f"{APPLICATION}/", enterprise.enterprise_application, name="enterprise_application"),
    path(f"{APPLICATION}/invite/", enterprise.enterprise_application_invite, name="enterprise_application_invite"),
    path(f"{APPLICATION}/place/", enterprise.enterprise_application_place, name="enterprise_application_place"),
    path(f"{APPLICATION}/refuse/", enterprise.enterprise_application_refuse, name="enterprise_application_refuse"),
    path(f"{APPLICATION}/arrived/", enterprise.enterprise_application_arrived, name="enterprise_application_arrived"),
    path(f"{APPLICATION}/reveal/", enterprise.enterprise_application_reveal, name="enterprise_application_reveal"),
    # who oversees
    path("desk/training/funnel/", funnel.training_funnel, name="training_funnel"),
    # programs
    path("api/v1/job-openings/", api.job_openings, name="api_job_openings"),
]
