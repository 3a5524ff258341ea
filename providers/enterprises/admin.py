"""Enterprises and their managers in the administration pages."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from homeservice.kernel.errors import DomainError
from providers.enterprises.models import Enterprise, EnterpriseManager
from providers.enterprises.rules import credit_code


class EnterpriseForm(forms.ModelForm):  # type: ignore[type-arg]
    """Refuses a credit code whose check character does not fit. The state changes on the reviewing desk only."""

    class Meta:
        model = Enterprise
        fields = [
            "name", "social_credit_code", "org_type", "outlet_mode", "division", "address", "established_date",
            "complaint_phone",
        ]  # fmt: skip

    def clean_social_credit_code(self) -> str:
        try:
            return credit_code(self.cleaned_data["social_credit_code"])
        except DomainError as error:
            raise forms.ValidationError(error.message, code=error.code) from error


class EnterpriseManagerInline(admin.TabularInline):  # type: ignore[type-arg]
    model = EnterpriseManager
    raw_id_fields = ["user", "appointed_by"]
    readonly_fields = ["appointed_at"]
    extra = 0


@admin.register(Enterprise)
class EnterpriseAdmin(SimpleHistoryAdmin):  # type: ignore[misc]
    form = EnterpriseForm
    list_display = ["name", "social_credit_code", "org_type", "division", "state", "worker_count", "star"]
    list_filter = ["state", "org_type", "star", "key_contact"]
    list_select_related = ["division"]
    search_fields = ["name", "social_credit_code", "=division__area_code", "division__name"]
    raw_id_fields = ["division"]
    readonly_fields = ["state", "state_reason", "key_contact", "liaison", "star", "credit_grade", "registered_at"]
    inlines = [EnterpriseManagerInline]
    ordering = ["name", "pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enterprise]:
        found: QuerySet[Enterprise] = super().get_queryset(request).annotate(_workers=Count("workers"))
        return found

    @admin.display(description=_("Workers"), ordering="_workers")
    def worker_count(self, enterprise: Any) -> int:
        return int(enterprise._workers)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # an enterprise leaves by its state; its bookings stay


@admin.register(EnterpriseManager)
class EnterpriseManagerAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["user", "enterprise", "rights"]
    list_filter = ["rights"]
    list_select_related = ["user", "enterprise"]
    search_fields = ["enterprise__name"]
    raw_id_fields = ["user", "enterprise"]
    ordering = ["enterprise__name", "pk"]
