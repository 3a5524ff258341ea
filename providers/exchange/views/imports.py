"""The enterprise's imports: a file sent, its check, its report, and the decision."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from homeservice.foundation import audit
from homeservice.foundation.rules import XLSX
from homeservice.kernel.access import person_of, requires, scope_of_request
from homeservice.kernel.clock import now, today
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import EnterpriseRight, Role
from homeservice.kernel.web import not_modified, paginated, refuse
from providers.enterprises.models import Enterprise
from providers.exchange.actions import drop_import, is_forgotten, order_take_over, start_import, table_of
from providers.exchange.books import report_book, template_book
from providers.exchange.forms import ExportForm, ImportForm
from providers.exchange.models import ImportRun
from providers.exchange.queries import WORKING, faults_of, imports_of, rows_done
from providers.exchange.rules import fault_words
from providers.exchange.sheets import SHEETS, headings_of


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_safe
def enterprise_imports(request: HttpRequest) -> HttpResponse:
    """What was sent before, the form for another file, and the exports."""
    return show_imports(request)


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_POST
def enterprise_import_new(request: HttpRequest) -> HttpResponse:
    """Send a file: it is checked at once, and nothing is entered before one says so."""
    scope = scope_of_request(request)
    enterprise = get_object_or_404(Enterprise.objects.visible_to(scope), pk=scope.enterprise_id or 0)
    form = ImportForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            run = start_import(
                enterprise=enterprise,
                subject=form.cleaned_data["subject"],
                file=form.cleaned_data["file"],
                attested=form.cleaned_data["attested"],
                actor_id=person_of(request).pk,
                at=now(),
            )
        except DomainError as error:
            refuse(form, error)
        else:
            return redirect("enterprise_import", run.pk)
    return show_imports(request, import_form=form)


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_safe
def enterprise_import_template(request: HttpRequest, subject: str) -> HttpResponse:
    """An empty table to fill in."""
    sheet = SHEETS.get(subject)
    if sheet is None:
        return HttpResponse(status=404)
    return workbook(template_book(sheet()), f"{subject}-template.xlsx")


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_safe
def enterprise_import(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the file is, what it would do, and what is wrong with it."""
    return render(request, "providers/exchange/run.html", _context(request, _run(request, pk)))


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_safe
def enterprise_import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a fragment that asks again while a process works on the file; 304 while nothing has changed."""
    run = _run(request, pk)
    etag = f"{run.pk}-{run.state}-{run.rows}-{rows_done(run)}-{get_language()}"
    unchanged = not_modified(request, etag)
    if unchanged:
        return unchanged
    response = render(request, "providers/exchange/_run.html", _context(request, run))
    response["ETag"] = f'"{etag}"'
    response["Cache-Control"] = "private, no-cache"
    return response


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_safe
def enterprise_import_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The file with its faulty cells marked, to mend and send again. The log says who took it."""
    run = _run(request, pk)
    if is_forgotten(run.file):
        messages.error(request, _("The file has been deleted. Please send it again."))
        return redirect("enterprise_import", run.pk)
    audit.record(at=now(), actor_id=person_of(request).pk, action="import_report", subject=run)
    book = report_book(SHEETS[run.subject](), table_of(run), faults_of(run))
    return workbook(book, f"{run.subject}-report-{today():%Y%m%d}.xlsx")


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_POST
def enterprise_import_take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything in the file is entered."""
    run = _run(request, pk)
    try:
        order_take_over(run=run, actor_id=person_of(request).pk, at=now())
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("enterprise_import", run.pk)


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_POST
def enterprise_import_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing in the file is entered, and it is deleted."""
    run = _run(request, pk)
    try:
        drop_import(run=run, actor_id=person_of(request).pk, at=now())
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("enterprise_import", run.pk)
    messages.success(request, _("The file is dropped and deleted."))
    return redirect("enterprise_imports")


def show_imports(
    request: HttpRequest, *, import_form: ImportForm | None = None, export_form: ExportForm | None = None
) -> HttpResponse:
    """The page, with a refused form as it was typed."""
    context = {
        "page": paginated(request, imports_of(scope_of_request(request))),
        "columns": _columns(),
        "import_form": import_form or ImportForm(),
        "export_form": export_form or ExportForm(),
    }
    status = 422 if import_form or export_form else 200
    return render(request, "providers/exchange/imports.html", context, status=status)


def workbook(content: bytes, name: str, content_type: str = XLSX) -> HttpResponse:
    """A table to keep."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _run(request: HttpRequest, pk: int) -> ImportRun:
    found: QuerySet[ImportRun] = imports_of(scope_of_request(request))
    return get_object_or_404(found, pk=pk)


def _context(request: HttpRequest, run: ImportRun) -> dict[str, Any]:
    page = paginated(request, faults_of(run), size=50)
    headings = headings_of(SHEETS[run.subject]())
    lines = [
        (fault, headings.get(fault.column, "").removesuffix(" *"), fault_words(fault.message, fault.params))
        for fault in page
    ]
    return {
        "run": run,
        "done": rows_done(run),
        "working": run.state in WORKING,
        "page": page,
        "lines": lines,
        "forgotten": is_forgotten(run.file),
        "columns": [
            {"key": "row", "label": _("Row")},
            {"key": "column", "label": _("Column")},
            {"key": "wrong", "label": _("What is wrong")},
        ],
    }


def _columns() -> list[dict[str, str]]:
    return [
        {"key": "started", "label": _("Sent")},
        {"key": "subject", "label": _("What")},
        {"key": "rows", "label": _("Rows"), "class": "hs-right"},
        {"key": "faults", "label": _("Faults"), "class": "hs-right"},
        {"key": "state", "label": _("State")},
    ]
