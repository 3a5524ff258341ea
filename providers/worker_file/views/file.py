"""The worker's file: one's own, and those of an enterprise's workers."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from homeservice.foundation.uploads import confidential_file
from homeservice.kernel.access import person_of, requires, scope_of_request
from homeservice.kernel.clock import now, today
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import EnterpriseRight, Role
from homeservice.kernel.web import refuse
from providers.bindings.queries import is_authorised
from providers.worker_file.actions import add_entry, remove_entry
from providers.worker_file.forms import EntryForm, RemovalForm
from providers.worker_file.queries import entries_open_to, entries_removable_by, file_of
from providers.worker_file.rules import OWN_KINDS, PART_OF
from providers.workers.models import Worker
from providers.workers.queries import workers_of


@requires(Role.WORKER)
@require_safe
def worker_file(request: HttpRequest) -> HttpResponse:
    """One's own file, to read, to print and to add to: the law gives a copy to whom it is about."""
    return _show(request, _own(request), own=True)


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_safe
def enterprise_worker_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of one's worker; nothing of it without the worker's authorisation."""
    worker = _staffed(request, pk)
    if not is_authorised(worker.pk):
        return render(request, "providers/worker_file/closed.html", {"worker": worker}, status=403)
    return _show(request, worker, own=False)


@requires(Role.WORKER)
@require_http_methods(["GET", "HEAD", "POST"])
def worker_file_entry_new(request: HttpRequest) -> HttpResponse:
    """Add to one's own file what one knows best oneself."""
    return _add(request, _own(request), own=True)


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_http_methods(["GET", "HEAD", "POST"])
def enterprise_file_entry_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a contract, a dispute, a claim or the like to a worker's file."""
    return _add(request, _staffed(request, pk), own=False)


@requires(Role.WORKER, Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def file_entry_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an entry that one has written out of sight, with a reason."""
    scope = scope_of_request(request)
    entry = get_object_or_404(entries_removable_by(scope), pk=pk)
    back = _back(entry.worker, own=entry.worker_id == scope.worker_id)
    form = RemovalForm(request.POST or None)
    if form.is_valid():
        try:
            remove_entry(entry=entry, actor_id=person_of(request).pk, at=now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The entry is removed."))
            return redirect(*back)
    context = {"entry": entry, "form": form, "own": entry.worker_id == scope.worker_id}
    return render(request, "providers/worker_file/remove.html", context, status=422 if form.is_bound else 200)


@requires(Role.WORKER, Role.MANAGER)
@require_safe
def file_entry_scan(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The document of an entry, kept by no browser."""
    entry = get_object_or_404(entries_open_to(scope_of_request(request)).filter(scan__isnull=False), pk=pk)
    assert entry.scan is not None
    return confidential_file(entry.scan)


def _show(request: HttpRequest, worker: Worker, *, own: bool) -> HttpResponse:
    removable = entries_removable_by(scope_of_request(request)).filter(worker=worker).values_list("pk", flat=True)
    context = {
        "file": file_of(worker, today()),
        "worker": worker,
        "own": own,
        "removable": set(removable),
        "today": today(),
    }
    return render(request, "providers/worker_file/file.html", context)


def _add(request: HttpRequest, worker: Worker, *, own: bool) -> HttpResponse:
    kinds = OWN_KINDS if own else frozenset(PART_OF)
    kind = request.GET.get("kind", "")
    form = EntryForm(request.POST or None, request.FILES or None, kinds=kinds, initial={"kind": kind})
    if form.is_valid():
        try:
            add_entry(
                worker=worker,
                entry=form.entry(),
                scan=form.cleaned_data["scan"],
                actor_id=person_of(request).pk,
                at=now(),
            )
        except DomainError as error:
            refuse(form, error if error.field != "file" else DomainError(error.code, error.message, field="scan"))
        else:
            messages.success(request, _("The entry stands in the file."))
            return redirect(*_back(worker, own=own))
    context = {"form": form, "worker": worker, "own": own}
    return render(request, "providers/worker_file/entry_new.html", context, status=422 if form.is_bound else 200)


def _back(worker: Worker, *, own: bool) -> tuple[Any, ...]:
    return ("worker_file",) if own else ("enterprise_worker_file", worker.pk)


def _own(request: HttpRequest) -> Worker:
    scope = scope_of_request(request)
    found = Worker.objects.visible_to(scope).select_related("user", "enterprise", "home_community")
    worker: Worker = get_object_or_404(found, pk=scope.worker_id or 0)
    return worker


def _staffed(request: HttpRequest, pk: int) -> Worker:
    found = workers_of(scope_of_request(request)).select_related("user", "enterprise")
    worker: Worker = get_object_or_404(found, pk=pk)
    return worker
