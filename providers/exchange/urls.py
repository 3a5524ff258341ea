from django.urls import path

from providers.exchange.views.exports import enterprise_export
from providers.exchange.views.imports import (
    enterprise_import,
    enterprise_import_drop,
    enterprise_import_new,
    enterprise_import_progress,
    enterprise_import_report,
    enterprise_import_take_over,
    enterprise_import_template,
    enterprise_imports,
)

urlpatterns = [
    path("enterprise/imports/", enterprise_imports, name="enterprise_imports"),
    path("enterprise/imports/new/", enterprise_import_new, name="enterprise_import_new"),
    path("enterprise/imports/template/<slug:subject>/", enterprise_import_template, name="enterprise_import_template"),
    path("enterprise/imports/export/", enterprise_export, name="enterprise_export"),
    path("enterprise/imports/<int:pk>/", enterprise_import, name="enterprise_import"),
    path("enterprise/imports/<int:pk>/progress/", enterprise_import_progress, name="enterprise_import_progress"),
    path("enterprise/imports/<int:pk>/report/", enterprise_import_report, name="enterprise_import_report"),
    path("enterprise/imports/<int:pk>/take-over/", enterprise_import_take_over, name="enterprise_import_take_over"),
    path("enterprise/imports/<int:pk>/drop/", enterprise_import_drop, name="enterprise_import_drop"),
]
