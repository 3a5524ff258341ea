"""From training to a job: how many people came how far, by division."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from communities.divisions.models import Division
from communities.divisions.queries import division_by_code
from homeservice.kernel.access import requires, scope_of_request
from homeservice.kernel.scope import Scope
from homeservice.kernel.vocabulary import Role
from providers.jobs.queries import divisions_held, funnel_of


@requires(Role.STAFF, Role.SUPERVISOR)
@require_safe
def training_funnel(request: HttpRequest) -> HttpResponse:
    """Trained, certified and placed in what lies under a division (`?in=`) that the person oversees."""
    scope = scope_of_request(request)
    held = divisions_held(scope)
    division = _asked(request, scope) or (held[0] if held else None)
    lines = funnel_of(division) if division else []
    sums = {name: sum(getattr(line, name) for line in lines) for name in ("trained", "certified", "placed")}
    context = {"division": division, "held": held, "lines": lines, "sums": sums, "columns": _columns()}
    return render(request, "providers/jobs/funnel.html", context)


def _asked(request: HttpRequest, scope: Scope) -> Division | None:
    code = request.GET.get("in", "")
    if not code:
        return None
    division = division_by_code(code) if len(code) <= 12 else None
    if division is None or not any(division.area_code.startswith(area) for area in scope.supply_areas):
        raise Http404
    return division


def _columns() -> list[dict[str, str]]:
    return [
        {"key": "division", "label": _("Division")},
        {"key": "trained", "label": _("Trained"), "class": "hs-right"},
        {"key": "certified", "label": _("Certified"), "class": "hs-right"},
        {"key": "placed", "label": _("Placed"), "class": "hs-right"},
        {"key": "picture", "label": _("Picture")},
    ]
