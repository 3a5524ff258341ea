"""Where a worker's own admission stands."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from homeservice.kernel.access import person_of, requires, scope_of_request
from homeservice.kernel.clock import now
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Role
from homeservice.kernel.web import refuse
from providers.admission.actions import appeal
from providers.admission.forms import AppealForm
from providers.admission.models import ReviewCase
from providers.admission.queries import events_of, open_case_of
from providers.admission.steps import STEPS
from providers.admission.wording import NEXT, mends, timeline
from providers.workers.models import Worker


@requires(Role.WORKER)
@require_safe
def worker_admission(request: HttpRequest) -> HttpResponse:
    """The state of the worker's admission, what happened, what is to be done."""
    return _show(request, _self(request))


@requires(Role.WORKER)
@require_POST
def worker_appeal(request: HttpRequest) -> HttpResponse:
    """The worker asks the desk to look at a suspension or blacklisting again."""
    worker, form = _self(request), AppealForm(request.POST)
    if form.is_valid():
        try:
            appeal(
                holder=worker, statement=form.cleaned_data["statement"], actor_id=person_of(request).pk, at=now(),
                role=Role.WORKER,
            )  # fmt: skip
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The appeal is with the reviewing office: it answers within 15 working days."))
            return redirect("worker_admission")
    return _show(request, worker, form)


def _self(request: HttpRequest) -> Worker:
    rows = Worker.objects.select_related("enterprise")
    worker: Worker = get_object_or_404(rows, pk=scope_of_request(request).worker_id or 0)
    return worker


def _show(request: HttpRequest, worker: Worker, form: AppealForm | None = None) -> HttpResponse:
    events = events_of(worker)
    context = {
        "worker": worker,
        "next": NEXT[worker.state],
        "timeline": timeline(events),
        "mends": mends(events) if worker.state in ("returned", "suspended") else [],
        "can_appeal": STEPS["appeal"].may_leave(worker.state),
        "appealed": open_case_of(worker, ReviewCase.Kind.APPEAL),
        "form": form or AppealForm(),
    }
    return render(request, "providers/admission/worker.html", context, status=422 if form else 200)
