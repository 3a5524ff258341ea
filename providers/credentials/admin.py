"""Papers to verify, and the enforcement table."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from simple_history.admin import SimpleHistoryAdmin

from homeservice.kernel.access import person_of
from homeservice.kernel.clock import now
from homeservice.kernel.errors import DomainError
from providers.credentials.actions import decide_credential, mark_holder_changed
from providers.credentials.models import Credential, CredentialType, Requirement, number_index


class PaperForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new paper is refused beside its number if the issuer's number is on file."""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if self.instance.pk is None and given.get("number"):
            self.instance.number_index = number_index(given["number"])
            same = Credential.objects.filter(code=given.get("code"), issuer=given.get("issuer"))
            if same.filter(number_index=self.instance.number_index).exists():
                self.add_error("number", _("A paper of this issuer with this number is on file already."))
        return given


@admin.register(Credential)
class CredentialAdmin(SimpleHistoryAdmin):  # type: ignore[misc]
    """Verify from the list; to refuse or revoke, write the reason into the paper first."""

    list_display = [
        "id",
        "code",
        "skill_level",
        "holder",
        "issuer",
        "masked_number",
        "valid_from",
        "valid_until",
        "state",
    ]
    list_filter = ["state", "code"]
    list_select_related = ["worker", "enterprise"]
    form = PaperForm
    search_fields = ["issuer", "enterprise__name", "worker__enterprise__name", "=worker__pk"]
    raw_id_fields = ["worker", "enterprise", "scan"]
    readonly_fields = ["state", "method", "renews", "submitted_at", "submitted_by", "decided_at", "decided_by"]
    date_hierarchy = "valid_from"
    ordering = ["-pk"]
    actions = ["verify_by_register", "verify_by_original", "verify_by_scan", "refuse", "revoke"]

    def get_fields(self, request: HttpRequest, obj: Credential | None = None) -> list[str]:
        """A number is typed once; afterwards it is shown masked."""
        wanted = "masked_number" if obj else "number"
        fields = [name for name in super().get_fields(request, obj) if name not in ("number", "masked_number")]
        return [*fields[:3], wanted, *fields[3:]]

    def get_readonly_fields(self, request: HttpRequest, obj: Credential | None = None) -> list[str]:
        return [*self.readonly_fields, *(["masked_number"] if obj else [])]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Credential], search_term: str
    ) -> tuple[QuerySet[Credential], bool]:
        """Also by a paper's whole number."""
        found, twice = super().get_search_results(request, queryset, search_term)
        by_number = queryset.filter(number_index=number_index(search_term.strip()))
        return (found | by_number if search_term.strip() else found), twice

    @admin.display(description=_("number of the paper"))
    def masked_number(self, paper: Credential) -> str:
        return paper.masked_number

    @admin.display(description=_("level"), ordering="level")
    def skill_level(self, paper: Credential) -> str:
        return paper.level_words

    @admin.display(description=_("Holder"))
    def holder(self, paper: Credential) -> str:
        return str(paper.worker or paper.enterprise)

    @admin.action(description=_("Verify the selected papers: found in the public register"))
    def verify_by_register(self, request: HttpRequest, papers: QuerySet[Credential]) -> None:
        self._decide(request, papers, Credential.State.VERIFIED, Credential.Method.REGISTER)

    @admin.action(description=_("Verify the selected papers: original seen"))
    def verify_by_original(self, request: HttpRequest, papers: QuerySet[Credential]) -> None:
        self._decide(request, papers, Credential.State.VERIFIED, Credential.Method.ORIGINAL)

    @admin.action(description=_("Verify the selected papers: scan compared"))
    def verify_by_scan(self, request: HttpRequest, papers: QuerySet[Credential]) -> None:
        self._decide(request, papers, Credential.State.VERIFIED, Credential.Method.SCAN)

    @admin.action(description=_("Refuse the selected papers (for the reason written in each)"))
    def refuse(self, request: HttpRequest, papers: QuerySet[Credential]) -> None:
        self._decide(request, papers, Credential.State.REFUSED)

    @admin.action(description=_("Revoke the selected papers (for the reason written in each)"))
    def revoke(self, request: HttpRequest, papers: QuerySet[Credential]) -> None:
        self._decide(request, papers, Credential.State.REVOKED)

    def _decide(self, request: HttpRequest, papers: QuerySet[Credential], state: str, method: str = "") -> None:
        decided, actor_id = 0, person_of(request).pk
        for paper in papers.order_by("pk"):
            try:
                decide_credential(
                    credential=paper, state=state, reason=paper.reason, method=method, actor_id=actor_id, at=now()
                )
            except DomainError as error:
                self.message_user(request, f"{paper.pk}: {error.message}", messages.ERROR)
            else:
                decided += 1
        if decided:
            said = ngettext("%(count)s paper decided.", "%(count)s papers decided.", decided) % {"count": decided}
            self.message_user(request, said, messages.SUCCESS)

    def save_model(self, request: HttpRequest, obj: Credential, form: Any, change: bool) -> None:
        """A paper entered by the office waits for verification like any other; one that it corrects counts as it
        is now, for codes and coming visits too."""
        if not change:
            obj.state = Credential.State.SUBMITTED
            obj.submitted_at, obj.submitted_by_id = now(), person_of(request).pk
        super().save_model(request, obj, form, change)
        mark_holder_changed(obj, at=now())

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # a paper is revoked, never lost


@admin.register(CredentialType)
class CredentialTypeAdmin(SimpleHistoryAdmin):  # type: ignore[misc]
    list_display = ["code", "name", "form", "levels", "holds_months", "must_end", "scan_needed", "sensitive"]
    list_filter = ["form", "of_enterprise", "must_end", "sensitive"]
    search_fields = ["code", "hint_zh", "hint_en"]
    ordering = ["position", "pk"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    @admin.display(description=_("name"))
    def name(self, kind: CredentialType) -> str:
        return str(kind)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # papers of the code may be on file


@admin.register(Requirement)
class RequirementAdmin(SimpleHistoryAdmin):  # type: ignore[misc]
    list_display = ["kind", "item_code", "reason_code", "holder", "condition", "effect", "basis", "valid_from"]
    list_filter = ["effect", "basis", "holder", "condition", "kind"]
    list_select_related = ["kind"]
    search_fields = ["reason_code", "item_code", "text_zh", "text_en"]
    ordering = ["kind__position", "item_code", "pk"]
