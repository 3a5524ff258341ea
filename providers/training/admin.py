"""Training in the administration pages. Seats, results and certificates are only looked at: their own pages change them."""

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from homeservice.foundation.admin import ReadOnlyAdmin
from providers.training.models import (
    Caravan,
    CaravanStop,
    Certificate,
    Course,
    Enrolment,
    Session,
    TrainingRequest,
)


@admin.register(Course)
class CourseAdmin(SimpleHistoryAdmin):  # type: ignore[misc]
    list_display = ["code", "name_zh", "provider", "track", "hours", "certificate_code", "certificate_level", "active"]
    list_filter = ["track", "certificate_code", "active"]
    search_fields = ["=code", "name_zh", "name_en", "provider__name"]
    autocomplete_fields = ["provider"]
    list_select_related = ["provider"]
    ordering = ["provider__name", "name_zh", "pk"]


@admin.register(Caravan)
class CaravanAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["name", "provider", "plate", "active"]
    list_filter = ["active"]
    search_fields = ["name", "=plate", "provider__name"]
    autocomplete_fields = ["provider"]
    list_select_related = ["provider"]
    ordering = ["name", "pk"]


@admin.register(CaravanStop)
class CaravanStopAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["caravan", "community", "place", "starts_at", "ends_at"]
    search_fields = ["caravan__name", "place"]
    autocomplete_fields = ["caravan", "community"]
    list_select_related = ["caravan", "community"]
    date_hierarchy = "starts_at"
    ordering = ["-starts_at", "-pk"]


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    list_display = ["course", "community", "place", "starts_at", "seats", "taken", "state"]
    list_filter = ["state"]
    search_fields = ["course__name_zh", "place"]
    list_select_related = ["course", "community"]
    date_hierarchy = "starts_at"
    ordering = ["-starts_at", "-pk"]
    exclude = ["attendance_code"]


@admin.register(Enrolment)
class EnrolmentAdmin(ReadOnlyAdmin):
    list_display = ["session", "user", "state", "enrolled_at", "attended_at", "decided_at"]
    list_filter = ["state"]
    search_fields = ["=user__id", "session__course__name_zh"]
    list_select_related = ["session", "user"]
    date_hierarchy = "enrolled_at"
    ordering = ["-enrolled_at", "-pk"]


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    list_display = ["code", "course", "issued_at", "in_registry", "revoked_at", "revoked_reason"]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter), ("credential", admin.EmptyFieldListFilter)]
    search_fields = ["=code"]
    list_select_related = ["enrolment__session__course"]
    date_hierarchy = "issued_at"
    ordering = ["-issued_at", "-pk"]

    @admin.display(ordering="enrolment__session__course")
    def course(self, certificate: Certificate) -> str:
        return certificate.enrolment.session.course.name

    @admin.display(boolean=True)
    def in_registry(self, certificate: Certificate) -> bool:
        return certificate.credential_id is not None


@admin.register(TrainingRequest)
class TrainingRequestAdmin(ReadOnlyAdmin):
    list_display = ["community", "kind", "headcount", "wished_for", "state", "taken_by", "requested_at"]
    list_filter = ["state", "kind"]
    search_fields = ["=community__area_code", "note", "taken_by__name"]
    list_select_related = ["community", "kind", "taken_by"]
    date_hierarchy = "requested_at"
    ordering = ["-requested_at", "-pk"]
