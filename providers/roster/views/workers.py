"""The list of an enterprise's workers and its export."""

import csv
from collections.abc import Iterable
from io import StringIO

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from homeservice.foundation import audit
from homeservice.foundation.spreadsheets import harmless
from homeservice.kernel.access import person_of, requires, scope_of_request
from homeservice.kernel.clock import now, today
from homeservice.kernel.scope import Scope
from homeservice.kernel.vocabulary import EnterpriseRight, Role
from homeservice.kernel.web import page_or_fragment, paginated
from providers.bindings.queries import waiting_at
from providers.enterprises.models import Enterprise
from providers.roster.forms import RosterFilterForm
from providers.roster.queries import RosterLine, Wanted, roster


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_safe
def enterprise_workers(request: HttpRequest) -> HttpResponse:
    """The enterprise's workers with their gaps; narrowed by name, service, state and gap."""
    scope, form = scope_of_request(request), RosterFilterForm(request.GET)
    wanted = _wanted(form, request.GET.get("sort", "name"))
    context = {
        "enterprise": enterprise_of_manager(scope),
        "form": form,
        "page": paginated(request, roster(scope, wanted, today())),
        "sort": wanted.sort,
        "columns": _columns(),
        "waiting": waiting_at(scope).count(),
        "narrowed": any((wanted.q, wanted.kind, wanted.state, wanted.gap)),
    }
    return page_or_fragment(request, "providers/roster/workers.html", "providers/roster/_workers.html", context)


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_POST
def enterprise_workers_export(request: HttpRequest) -> HttpResponse:
    """The same list as a table for spreadsheets (CSV with BOM). It holds names, so the log says who took it."""
    scope, form = scope_of_request(request), RosterFilterForm(request.GET)
    lines = roster(scope, _wanted(form, request.GET.get("sort", "name")), today())
    enterprise = enterprise_of_manager(scope)
    audit.record(
        at=now(), actor_id=person_of(request).pk, action="export", subject=enterprise, what="workers", rows=len(lines)
    )
    response = HttpResponse(_csv(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="workers-{today():%Y%m%d}.csv"'
    return response


def enterprise_of_manager(scope: Scope) -> Enterprise:
    """The enterprise that the signed-in manager acts for; 404 for one who no longer does."""
    found: QuerySet[Enterprise] = Enterprise.objects.visible_to(scope)
    return get_object_or_404(found, pk=scope.enterprise_id or 0)


def _wanted(form: RosterFilterForm, sort: str) -> Wanted:
    """What fits of the query; what doesn't is passed over, as if it had not been asked."""
    form.is_valid()
    return Wanted(**{name: form.cleaned_data.get(name, "") for name in ("q", "kind", "state", "gap")}, sort=sort)


def _columns() -> list[dict[str, str]]:
    return [
        {"key": "name", "label": _("Name"), "sort": "yes"},
        {"key": "kinds", "label": _("Services")},
        {"key": "state", "label": _("State")},
        {"key": "gaps", "label": _("Gaps")},
        {"key": "rating", "label": _("Rating"), "sort": "yes", "class": "hs-right"},
        {"key": "visits", "label": _("Visits"), "class": "hs-right"},
    ]


def _csv(lines: Iterable[RosterLine]) -> str:
    out = StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(
        [_("Name"), _("Services"), _("State"), _("What blocks"), _("What expires"), _("Rating"), _("Visits")]
    )
    for line in lines:
        worker = line.worker
        cells = [
            worker.real_name,
            " / ".join(line.kinds),
            worker.get_state_display(),
            " / ".join(str(gap.text) for gap in line.gaps.blocking),
            " / ".join(f"{gap.text} {gap.since or ''}" for gap in line.gaps.coming),
            line.rating or "",
            "" if line.visits is None else line.visits,
        ]
        writer.writerow([harmless(str(cell)) for cell in cells])
    return out.getvalue()
