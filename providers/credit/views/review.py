"""Reviewing staff record what counts for and against, and answer objections."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from homeservice.kernel.access import person_of, requires, scope_of_request
from homeservice.kernel.clock import now, today
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Role
from homeservice.kernel.web import paginated, refuse
from providers.credit.actions import answer_objection, record_event
from providers.credit.forms import AnswerForm, EventForm, HolderSearchForm
from providers.credit.models import Objection
from providers.credit.queries import (
    enterprises_found,
    enterprises_to_review,
    events_of,
    events_to_review,
    objections_to_review,
    open_objections,
    rules_for,
    workers_found,
    workers_to_review,
)
from providers.credit.wording import explained
from providers.enterprises.models import Enterprise
from providers.workers.models import Worker


@requires(Role.STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def review_credit(request: HttpRequest) -> HttpResponse:
    """Objections by the day on which they are due, the latest records, and the search for a holder.

    The search is posted and changes nothing: a mobile number has no place in an address.
    """
    scope, form = scope_of_request(request), HolderSearchForm(request.POST)
    form.is_valid()
    wanted = form.cleaned_data.get("q", "")
    context = {
        "form": form,
        "wanted": wanted,
        "enterprises": enterprises_found(scope, wanted),
        "workers": workers_found(scope, wanted),
        "objections": open_objections(scope),
        "page": paginated(request, events_to_review(scope)),
        "columns": _columns(),
        "today": today(),
    }
    return render(request, "providers/credit/review.html", context)


@requires(Role.STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def credit_event_new(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Record something of a worker or an enterprise, beside what is on record already."""
    holder = _holder(request, kind, pk)
    form = EventForm(request.POST or None, request.FILES or None, rules=rules_for(kind, today()))
    if form.is_valid():
        cleaned = form.cleaned_data
        names = ("rule", "occurred_date", "source", "source_name", "document_no", "summary")
        try:
            record_event(
                holder=holder,
                scan=cleaned["file"],
                actor_id=person_of(request).pk,
                at=now(),
                **{name: cleaned[name] for name in names},
            )
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("It is recorded, and the holder has been told."))
            return redirect("review_credit")
    context = {
        "holder": holder,
        "kind": kind,
        "form": form,
        "explained": explained(events_of(holder), today()),
    }
    return render(request, "providers/credit/event_new.html", context, status=422 if form.is_bound else 200)


@requires(Role.STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def objection_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The record, the objection and the answer to it."""
    found: QuerySet[Objection] = objections_to_review(scope_of_request(request))
    objection = get_object_or_404(found, pk=pk)
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        cleaned = form.cleaned_data
        try:
            answer_objection(
                objection=objection,
                outcome=cleaned["outcome"],
                answer=cleaned["answer"],
                actor_id=person_of(request).pk,
                at=now(),
            )
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The objection is answered, and the holder has been told."))
            return redirect("review_credit")
    own = objection.event.recorded_by_id == person_of(request).pk
    context: dict[str, Any] = {"objection": objection, "form": form, "own_record": own, "today": today()}
    return render(request, "providers/credit/answer.html", context, status=422 if form.is_bound else 200)


def _holder(request: HttpRequest, kind: str, pk: int) -> Worker | Enterprise:
    scope = scope_of_request(request)
    if kind == "worker":
        return get_object_or_404(workers_to_review(scope), pk=pk)
    if kind == "enterprise":
        return get_object_or_404(enterprises_to_review(scope), pk=pk)
    raise Http404


def _columns() -> list[dict[str, str]]:
    return [
        {"key": "rule", "label": _("Kind of record")},
        {"key": "holder", "label": _("Whose record")},
        {"key": "points", "label": _("Points"), "class": "hs-right"},
        {"key": "day", "label": _("When")},
        {"key": "state", "label": _("State")},
    ]
