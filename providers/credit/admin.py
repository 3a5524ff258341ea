"""Credit in the administration pages: rules can be changed within the law, events and objections only looked at."""

from typing import Any

from django import forms
from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from homeservice.foundation.admin import ReadOnlyAdmin
from providers.credit.models import CreditEvent, CreditRule, Objection
from providers.credit.rules import unlawful_text, unlawful_word


class CreditRuleForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = CreditRule
        fields = [
            "code", "holder", "category", "name_zh", "name_en", "points", "lasts_days", "valid_from", "valid_until",
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if unlawful_word(*(str(cleaned.get(name, "")) for name in ("code", "name_zh", "name_en"))):
            raise forms.ValidationError(unlawful_text(), code="credit_unlawful_text")
        return cleaned


@admin.register(CreditRule)
class CreditRuleAdmin(SimpleHistoryAdmin):  # type: ignore[misc]
    form = CreditRuleForm
    list_display = ["code", "holder", "category", "name_zh", "points", "lasts_days", "valid_from", "valid_until"]
    list_filter = ["holder", "category"]
    search_fields = ["code", "name_zh", "name_en"]
    ordering = ["holder", "-points", "code"]


@admin.register(CreditEvent)
class CreditEventAdmin(ReadOnlyAdmin):
    list_display = ["recorded_at", "rule", "worker", "enterprise", "points", "occurred_date", "expires_date", "state"]
    list_filter = ["state", "source", "rule__category"]
    list_select_related = ["rule", "worker", "enterprise"]
    search_fields = ["document_no", "source_name", "enterprise__name"]
    date_hierarchy = "occurred_date"
    ordering = ["-recorded_at", "-pk"]


@admin.register(Objection)
class ObjectionAdmin(ReadOnlyAdmin):
    list_display = ["filed_at", "event", "due_date", "outcome", "answered_by", "answered_at"]
    list_filter = ["outcome"]
    list_select_related = ["event__rule", "answered_by"]
    date_hierarchy = "filed_at"
    ordering = ["-filed_at", "-pk"]
