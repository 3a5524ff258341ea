"""One worker of the enterprise: papers, services, hours and leave."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from homeservice.kernel.access import person_of, requires, scope_of_request
from homeservice.kernel.clock import now, today
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Admission, EnterpriseRight, Role
from homeservice.kernel.web import refuse
from providers.bindings.queries import binding_of, is_authorised
from providers.catalogue.models import ServiceKind
from providers.credentials.actions import bind_worker_to_kind, unbind_worker_from_kind
from providers.credentials.queries import assess_kinds, papers_of
from providers.roster.forms import WEEKDAYS, HoursForm, LeaveForm, PhotoForm
from providers.roster.queries import gaps_shown
from providers.roster.views.closed import while_authorised
from providers.workers.actions import add_leave, change_photo, change_working_hours, remove_leave
from providers.workers.models import Leave, Worker
from providers.workers.queries import hours_of, leaves_ahead, limits_of, workers_of

SUBMITTABLE = (Admission.AWAITING_AUTHORISATION, Admission.RETURNED)


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_safe
def enterprise_worker(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one worker of the enterprise on one page."""
    return _show(request, _worker(request, pk))


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_POST
@while_authorised
def enterprise_worker_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """A new photo: what residents see at the door."""
    worker, form = _worker(request, pk), PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            change_photo(worker=worker, file=form.cleaned_data["file"], actor_id=person_of(request).pk, at=now())
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The new photo is in use."))
            return redirect("enterprise_worker", worker.pk)
    return _show(request, worker, photo_form=form)


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_POST
@while_authorised
def enterprise_worker_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter leave of whole days."""
    worker, form = _worker(request, pk), LeaveForm(request.POST)
    if form.is_valid():
        starts_at, ends_at = form.period()
        try:
            add_leave(worker=worker, starts_at=starts_at, ends_at=ends_at, reason=form.cleaned_data["reason"], at=now())
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The leave is entered: nobody can book these days."))
            return redirect("enterprise_worker", worker.pk)
    return _show(request, worker, leave_form=form)


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_POST
@while_authorised
def enterprise_worker_leave_remove(request: HttpRequest, pk: int, leave_pk: int) -> HttpResponse:
    """Take back a leave that is not over."""
    worker = _worker(request, pk)
    remove_leave(leave=get_object_or_404(Leave, pk=leave_pk, worker=worker, period__endswith__gt=now()))
    messages.success(request, _("The leave is taken back."))
    return redirect("enterprise_worker", worker.pk)


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_POST
@while_authorised
def enterprise_worker_kind(request: HttpRequest, pk: int) -> HttpResponse:
    """Bind the worker to a kind of service, or take it away (`remove`). The gate's refusal is shown above the page."""
    worker = _worker(request, pk)
    kind = get_object_or_404(ServiceKind, pk=request.POST.get("kind", "").replace("\x00", ""))
    if "remove" in request.POST:
        unbind_worker_from_kind(worker=worker, kind=kind, at=now())
        messages.success(request, _("%(kind)s is taken away.") % {"kind": kind.name})
        return redirect("enterprise_worker", worker.pk)
    try:
        bind_worker_to_kind(worker=worker, kind=kind, at=now())
    except DomainError as error:
        return _show(request, worker, kind_refused=f"{kind.name}: {error.message}")
    messages.success(request, _("%(kind)s is added: the worker can be booked for it.") % {"kind": kind.name})
    return redirect("enterprise_worker", worker.pk)


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_http_methods(["GET", "HEAD", "POST"])
@while_authorised
def enterprise_worker_hours(request: HttpRequest, pk: int) -> HttpResponse:
    """The worker's week, two parts a day."""
    worker = _worker(request, pk)
    form = HoursForm(request.POST or None, spans=hours_of(worker))
    if form.is_valid():
        try:
            change_working_hours(worker=worker, spans=form.spans())
        except DomainError as error:
            weekday = str(error.field).removeprefix("day_")
            form.add_error(f"starts_{weekday}_0", str(error.message))
        else:
            messages.success(request, _("The working hours are saved."))
            return redirect("enterprise_worker", worker.pk)
    status = 422 if form.is_bound else 200
    return render(request, "providers/roster/hours.html", {"worker": worker, "form": form}, status=status)


def _worker(request: HttpRequest, pk: int) -> Worker:
    found: QuerySet[Worker] = workers_of(scope_of_request(request)).select_related("user", "photo")
    return get_object_or_404(found, pk=pk)


def _show(
    request: HttpRequest,
    worker: Worker,
    *,
    leave_form: LeaveForm | None = None,
    photo_form: PhotoForm | None = None,
    kind_refused: str = "",
) -> HttpResponse:
    """The page, with a refused form as it was typed."""
    on_date, week = today(), _week(worker)
    context = {
        "worker": worker,
        "binding": binding_of(worker.user),
        "authorised": is_authorised(worker.pk),
        "may_submit": worker.state in SUBMITTABLE,
        "limits": limits_of([worker.pk], on_date)[worker.pk],
        "gaps": gaps_shown([worker.pk], on_date)[worker.pk],
        "papers": papers_of(worker),
        "week": week,
        "without_hours": not any(hours for _day, hours in week),
        "leaves": leaves_ahead(worker, at=now()),
        "leave_form": leave_form or LeaveForm(),
        "photo_form": photo_form or PhotoForm(),
        "kind_refused": kind_refused,
        "today": on_date,
        **_kinds(worker, on_date),
    }
    status = 422 if leave_form or photo_form or kind_refused else 200
    return render(request, "providers/roster/worker.html", context, status=status)


def _kinds(worker: Worker, on_date: date) -> dict[str, Any]:
    """The kinds with the gate's answer: those bound, and those that could be."""
    answers = assess_kinds(worker.pk, on_date)
    bound = set(worker.kinds.values_list("kind_id", flat=True))
    lines = [(kind, answers[kind.code]) for kind in ServiceKind.objects.order_by("position", "pk")]
    free = [line for line in lines if line[0].code not in bound]
    return {
        "bound_kinds": [line for line in lines if line[0].code in bound],
        "open_kinds": [line for line in free if line[1].verdict != "block"],
        "closed_kinds": [line for line in free if line[1].verdict == "block"],
    }


def _week(worker: Worker) -> list[tuple[Any, list[str]]]:
    """Each weekday's name with its hours, `08:00–12:00`."""
    spans = hours_of(worker)
    return [
        (WEEKDAYS[weekday], [f"{one.starts:%H:%M}–{one.ends:%H:%M}" for one in spans if one.weekday == weekday])
        for weekday in range(7)
    ]
