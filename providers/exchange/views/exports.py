"""Workers and papers as a table. Masked, unless the log knows what the full one is for."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from homeservice.foundation import audit
from homeservice.foundation.rules import XLSX
from homeservice.kernel.access import person_of, requires, scope_of_request
from homeservice.kernel.clock import now, today
from homeservice.kernel.scope import Scope
from homeservice.kernel.vocabulary import EnterpriseRight, Role
from providers.enterprises.models import Enterprise
from providers.exchange.books import CredentialExport, WorkerExport, export_file
from providers.exchange.forms import ExportForm
from providers.exchange.models import ImportRun
from providers.exchange.queries import credentials_to_export, workers_to_export
from providers.exchange.views.imports import show_imports, workbook

PURPOSE = (2, audit.PURPOSE_MAX)
CSV_TYPE = "text/csv; charset=utf-8"


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_POST
def enterprise_export(request: HttpRequest) -> HttpResponse:
    """Take the table away."""
    scope, form = scope_of_request(request), ExportForm(request.POST)
    enterprise = get_object_or_404(Enterprise.objects.visible_to(scope), pk=scope.enterprise_id or 0)
    if not form.is_valid() or not _has_purpose(form):
        return show_imports(request, export_form=form)
    wanted = form.cleaned_data
    content, count = _table(scope, wanted)
    audit.record(
        at=now(), actor_id=person_of(request).pk, action="export", subject=enterprise, purpose=wanted["purpose"].strip(),
        what=wanted["subject"], rows=count, full=wanted["full"],
    )  # fmt: skip
    name = f"{wanted['subject']}-{today():%Y%m%d}.{wanted['form']}"
    return workbook(content, name, XLSX if wanted["form"] == "xlsx" else CSV_TYPE)


def _has_purpose(form: ExportForm) -> bool:
    said = form.cleaned_data["purpose"].strip()
    if len(said) > PURPOSE[1] or (form.cleaned_data["full"] and len(said) < PURPOSE[0]):
        form.add_error("purpose", _("Say what you need it for, in 2 to 200 characters."))
        return False
    return True


def _table(scope: Scope, wanted: dict[str, Any]) -> tuple[bytes, int]:
    if wanted["subject"] == ImportRun.Subject.WORKERS:
        return export_file(WorkerExport(full=wanted["full"]), workers_to_export(scope), wanted["form"])
    return export_file(CredentialExport(full=wanted["full"]), credentials_to_export(scope), wanted["form"])
