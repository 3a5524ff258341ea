from django.urls import path

from providers.credentials.views import credential_new

urlpatterns = [path("enterprise/workers/<int:worker_pk>/papers/new/", credential_new, name="credential_new")]
