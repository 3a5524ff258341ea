from django.urls import path

from providers.credentials import api
from providers.credentials.views import papers, submit

urlpatterns = [
    path("enterprise/workers/<int:worker_pk>/papers/new/", submit.credential_new, name="credential_new"),
    path("enterprise/licences/new/", submit.enterprise_licence_new, name="enterprise_licence_new"),
    path("worker/papers/new/", submit.worker_paper_new, name="worker_paper_new"),
    path("papers/<int:pk>/", papers.credential_history, name="credential_history"),
    path("papers/<int:pk>/renew/", submit.credential_renew, name="credential_renew"),
    path("papers/<int:pk>/revoke/", papers.credential_revoke, name="credential_revoke"),
    path("papers/<int:pk>/scan/", papers.credential_scan, name="credential_scan"),
    path("api/v1/credential-types/", api.credential_types, name="api_credential_types"),
    path("api/v1/workers/<int:worker_pk>/credentials/", api.worker_credentials, name="api_worker_credentials"),
]
