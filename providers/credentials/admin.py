"""Papers to verify, and the enforcement table."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from simple_history.admin import SimpleHistoryAdmin

from homeservice.kernel.access import person_of
from homeservice.kernel.clock import now
from homeservice.kernel.errors import DomainError
from providers.credentials.actions import decide_credential
from providers.credentials.models import Credential, Requirement


@admin.register(Credential)
class CredentialAdmin(SimpleHistoryAdmin):  # type: ignore[misc]
    """Verify from the list; to refuse or revoke, write the reason into the paper first."""

    list_display = ["id", "code", "skill_level", "holder", "issuer", "number", "valid_from", "valid_until", "state"]
    list_filter = ["state", "code"]
    list_select_related = ["worker", "enterprise"]
    search_fields = ["number", "issuer", "enterprise__name", "worker__enterprise__name", "=worker__pk"]
    raw_id_fields = ["worker", "enterprise", "scan"]
    readonly_fields = ["state"]
    date_hierarchy = "valid_from"
    ordering = ["-pk"]
    actions = ["verify", "refuse", "revoke"]

    @admin.display(description=_("level"), ordering="level")
    def skill_level(self, paper: Credential) -> str:
        return paper.level_words

    @admin.display(description=_("Holder"))
    def holder(self, paper: Credential) -> str:
        return str(paper.worker or paper.enterprise)

    @admin.action(description=_("Verify the selected papers"))
    def verify(self, request: HttpRequest, papers: QuerySet[Credential]) -> None:
        self._decide(request, papers, Credential.State.VERIFIED)

    @admin.action(description=_("Refuse the selected papers (for the reason written in each)"))
    def refuse(self, request: HttpRequest, papers: QuerySet[Credential]) -> None:
        self._decide(request, papers, Credential.State.REFUSED)

    @admin.action(description=_("Revoke the selected papers (for the reason written in each)"))
    def revoke(self, request: HttpRequest, papers: QuerySet[Credential]) -> None:
        self._decide(request, papers, Credential.State.REVOKED)

    def _decide(self, request: HttpRequest, papers: QuerySet[Credential], state: str) -> None:
        decided = 0
        for paper in papers.order_by("pk"):
            try:
                decide_credential(
                    credential=paper, state=state, reason=paper.reason, actor_id=person_of(request).pk, at=now()
                )
            except DomainError as error:
                self.message_user(request, f"{paper.pk}: {error.message}", messages.ERROR)
            else:
                decided += 1
        if decided:
            said = ngettext("%(count)s paper decided.", "%(count)s papers decided.", decided) % {"count": decided}
            self.message_user(request, said, messages.SUCCESS)

    def save_model(self, request: HttpRequest, obj: Credential, form: Any, change: bool) -> None:
        """A paper entered by the office waits for verification like any other."""
        if not change:
            obj.state = Credential.State.SUBMITTED
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # a paper is revoked, never lost


@admin.register(Requirement)
class RequirementAdmin(SimpleHistoryAdmin):  # type: ignore[misc]
    list_display = ["kind", "item_code", "reason_code", "holder", "condition", "effect", "basis", "valid_from"]
    list_filter = ["effect", "basis", "holder", "condition", "kind"]
    list_select_related = ["kind"]
    search_fields = ["reason_code", "item_code", "text_zh", "text_en"]
    ordering = ["kind__position", "item_code", "pk"]
