"""The worker's own papers: what holds until when, what is missing, and for which service."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from homeservice.kernel.access import requires, scope_of_request
from homeservice.kernel.clock import today
from homeservice.kernel.vocabulary import Role
from providers.bindings.queries import is_authorised
from providers.catalogue.models import ServiceKind
from providers.credentials.queries import assess_kinds, gaps_of, papers_of
from providers.workers.models import Worker


@requires(Role.WORKER)
@require_safe
def worker_papers(request: HttpRequest) -> HttpResponse:
    """One's own papers with their validity, and what each kind of service still needs."""
    scope, on_date = scope_of_request(request), today()
    found = Worker.objects.visible_to(scope).select_related("enterprise")
    worker: Worker = get_object_or_404(found, pk=scope.worker_id or 0)
    answers = assess_kinds(worker.pk, on_date)
    bound = set(worker.kinds.values_list("kind_id", flat=True))
    lines = [(kind, answers[kind.code], kind.code in bound) for kind in ServiceKind.objects.order_by("position", "pk")]
    context = {
        "worker": worker,
        "papers": papers_of(worker),
        "gaps": gaps_of([worker.pk], on_date)[worker.pk],
        "mine": [line for line in lines if line[2]],
        "ready": [line for line in lines if not line[2] and line[1].verdict != "block"],
        "closed": [line for line in lines if not line[2] and line[1].verdict == "block"],
        "authorised": is_authorised(worker.pk),
        "today": on_date,
    }
    return render(request, "providers/roster/papers.html", context)
