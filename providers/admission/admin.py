"""Cases and steps of admission in the administration pages: to look at. States change by the desk's steps only."""

from django.contrib import admin

from homeservice.foundation.admin import ReadOnlyAdmin
from providers.admission.models import AdmissionEvent, ReviewCase


@admin.register(AdmissionEvent)
class AdmissionEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "enterprise", "worker", "step", "from_state", "to_state", "reason_codes", "actor"]
    list_filter = ["step", "to_state"]
    list_select_related = ["enterprise", "worker", "actor"]
    search_fields = ["enterprise__name", "=worker__pk", "=actor__pk"]
    date_hierarchy = "at"
    ordering = ["-at", "-pk"]


@admin.register(ReviewCase)
class ReviewCaseAdmin(ReadOnlyAdmin):
    list_display = [
        "opened_at", "kind", "enterprise", "worker", "area", "is_clean", "due_at", "claimed_by", "closed_at", "outcome"
    ]  # fmt: skip
    list_filter = ["kind", "is_clean", "outcome"]
    list_select_related = ["enterprise", "worker", "claimed_by"]
    search_fields = ["enterprise__name", "worker__enterprise__name", "=worker__pk", "=area"]
    date_hierarchy = "opened_at"
    ordering = ["-opened_at", "-pk"]
