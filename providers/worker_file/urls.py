from django.urls import path

from providers.worker_file.views.file import (
    enterprise_file_entry_new,
    enterprise_worker_file,
    file_entry_remove,
    file_entry_scan,
    worker_file,
    worker_file_entry_new,
)
from providers.worker_file.views.joining import (
    enterprise_binding_code,
    enterprise_binding_in_person,
    worker_apply,
    worker_apply_to,
    worker_join,
)

urlpatterns = [
    path("worker/bindings/<int:pk>/join/", worker_join, name="worker_join"),
    path("worker/apply/", worker_apply, name="worker_apply"),
    path("worker/apply/<int:pk>/", worker_apply_to, name="worker_apply_to"),
    path("enterprise/bindings/<int:pk>/in-person/", enterprise_binding_in_person, name="enterprise_binding_in_person"),
    path("enterprise/bindings/<int:pk>/code/", enterprise_binding_code, name="enterprise_binding_code"),
    path("worker/file/", worker_file, name="worker_file"),
    path("worker/file/entries/new/", worker_file_entry_new, name="worker_file_entry_new"),
    path("enterprise/workers/<int:pk>/file/", enterprise_worker_file, name="enterprise_worker_file"),
    path("enterprise/workers/<int:pk>/file/new/", enterprise_file_entry_new, name="enterprise_file_entry_new"),
    path("file-entries/<int:pk>/remove/", file_entry_remove, name="file_entry_remove"),
    path("file-entries/<int:pk>/scan/", file_entry_scan, name="file_entry_scan"),
]
