"""Jobs near home in the administration pages. Applications are only looked at."""

from django.contrib import admin

from homeservice.foundation.admin import ReadOnlyAdmin
from providers.jobs.models import JobApplication, JobOpening


@admin.register(JobOpening)
class JobOpeningAdmin(ReadOnlyAdmin):
    list_display = ["title", "enterprise", "community", "kind", "placed", "places", "state", "closes_date"]
    list_filter = ["state", "relation", "trains", "lodging"]
    search_fields = ["title", "enterprise__name", "=community__area_code"]
    list_select_related = ["enterprise", "community", "kind"]
    date_hierarchy = "published_at"
    ordering = ["-published_at", "-pk"]


@admin.register(JobApplication)
class JobApplicationAdmin(ReadOnlyAdmin):
    list_display = ["opening", "user", "state", "applied_at", "interview_at", "decided_at", "arrived_at"]
    list_filter = ["state"]
    search_fields = ["=user__id", "opening__title", "opening__enterprise__name"]
    list_select_related = ["opening", "user"]
    date_hierarchy = "applied_at"
    ordering = ["-applied_at", "-pk"]
    exclude = ["note", "answer"]
