"""Letters, signatures and bindings in the administration pages: to read; people change them on their own pages."""

from django.contrib import admin

from homeservice.foundation.admin import ReadOnlyAdmin
from providers.bindings.models import Authorisation, AuthorisationLetter, Binding


@admin.register(AuthorisationLetter)
class AuthorisationLetterAdmin(ReadOnlyAdmin):
    list_display = ["version", "valid_from", "sha256"]
    ordering = ["-valid_from", "-version"]


@admin.register(Authorisation)
class AuthorisationAdmin(ReadOnlyAdmin):
    list_display = ["pk", "worker", "letter", "channel", "signed_at", "withdrawn_at"]
    list_filter = ["letter", "channel"]
    list_select_related = ["worker"]
    exclude = ["signed_name"]
    search_fields = ["=worker__pk"]
    date_hierarchy = "signed_at"
    ordering = ["-signed_at", "-pk"]


@admin.register(Binding)
class BindingAdmin(ReadOnlyAdmin):
    list_display = ["pk", "user", "enterprise", "relation", "state", "proposed_by", "proposed_at", "ended_at"]
    list_filter = ["state", "proposed_by", "relation"]
    list_select_related = ["user", "enterprise"]
    search_fields = ["=pk", "enterprise__name"]
    date_hierarchy = "proposed_at"
    ordering = ["-proposed_at", "-pk"]
