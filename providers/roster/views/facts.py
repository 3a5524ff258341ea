"""A worker's facts: how they travel, how far, what they speak and can, and how long they are willing to work."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from homeservice.kernel.access import person_of, requires, scope_of_request
from homeservice.kernel.clock import now, today
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import EnterpriseRight, Role
from homeservice.kernel.web import refuse
from providers.bindings.queries import is_authorised
from providers.roster.forms import FactsForm, PhotoForm
from providers.roster.views.closed import while_authorised
from providers.workers.actions import change_facts, change_photo
from providers.workers.finding import community_choices, is_searching
from providers.workers.models import Worker
from providers.workers.queries import relation_limits, workers_of
from providers.workers.rules import PLATFORM_LIMITS


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_http_methods(["GET", "HEAD", "POST"])
@while_authorised
def enterprise_worker_facts(request: HttpRequest, pk: int) -> HttpResponse:
    """The enterprise enters them for its worker, who has signed."""
    worker: Worker = get_object_or_404(workers_of(scope_of_request(request)), pk=pk)
    return _edit(request, worker, own=False)


@requires(Role.WORKER)
@require_http_methods(["GET", "HEAD", "POST"])
def worker_facts(request: HttpRequest) -> HttpResponse:
    """The worker enters them, and a photo."""
    return _edit(request, _own(request), own=True)


@requires(Role.WORKER)
@require_POST
def worker_photo(request: HttpRequest) -> HttpResponse:
    """A new photo of one's own: what residents see at the door."""
    worker, form = _own(request), PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            change_photo(worker=worker, file=form.cleaned_data["file"], actor_id=person_of(request).pk, at=now())
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The new photo is in use."))
            return redirect("worker_facts")
    return _show(request, worker, FactsForm(initial=FactsForm.initial_of(worker)), own=True, photo_form=form)


def _edit(request: HttpRequest, worker: Worker, *, own: bool) -> HttpResponse:
    searching = is_searching(request)
    initial = request.POST.dict() if searching else FactsForm.initial_of(worker)
    form = FactsForm(None if searching else request.POST or None, initial=initial)
    if form.is_valid():
        try:
            if not is_authorised(worker.pk):
                message = _("The worker must sign the authorisation before anything about them is entered.")
                raise DomainError("authorisation_missing", message)
            change_facts(worker=worker, facts=form.facts(), actor_id=person_of(request).pk, at=now())
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The facts are saved."))
            return redirect("worker_facts") if own else redirect("enterprise_worker", worker.pk)
    return _show(request, worker, form, own=own)


def _show(
    request: HttpRequest, worker: Worker, form: FactsForm, *, own: bool, photo_form: PhotoForm | None = None
) -> HttpResponse:
    context = {
        "worker": worker,
        "form": form,
        "photo_form": photo_form or PhotoForm(),
        "own": own,
        "limits": relation_limits(today()).get(worker.relation, PLATFORM_LIMITS),
        **community_choices(request, known=worker.home_community_id),
    }
    status = 422 if form.is_bound or photo_form else 200
    return render(request, "providers/roster/facts.html", context, status=status)


def _own(request: HttpRequest) -> Worker:
    scope = scope_of_request(request)
    worker: Worker = get_object_or_404(Worker.objects.visible_to(scope), pk=scope.worker_id or 0)
    return worker
