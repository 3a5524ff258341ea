"""What a worker and an enterprise read of their own credit, and their objections."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from homeservice.foundation.uploads import confidential_file
from homeservice.kernel.access import person_of, public, requires, scope_of_request, signed_in
from homeservice.kernel.clock import now, today
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import EnterpriseRight, Role
from homeservice.kernel.web import paginated, refuse
from providers.credit.actions import file_objection
from providers.credit.forms import ObjectionForm
from providers.credit.models import CreditEvent, CreditRule
from providers.credit.queries import documents_open_to, events_of, own_events, rules_in_force, scores_of_workers
from providers.credit.rules import BASE, GRADES, LEAST, MOST, MOST_FOR
from providers.credit.wording import explained
from providers.enterprises.models import Enterprise
from providers.workers.models import Worker
from providers.workers.queries import workers_of


@requires(Role.WORKER)
@require_safe
def worker_credit(request: HttpRequest) -> HttpResponse:
    """The worker's own score, line by line."""
    scope = scope_of_request(request)
    worker = get_object_or_404(Worker.objects.visible_to(scope), pk=scope.worker_id or 0)
    context = {"holder": worker, "explained": explained(events_of(worker), today()), "may_object": True}
    return render(request, "providers/credit/worker.html", context)


@requires(Role.MANAGER)
@require_safe
def enterprise_credit(request: HttpRequest) -> HttpResponse:
    """The enterprise's score, line by line, and its workers' scores for accounts that look after them."""
    scope = scope_of_request(request)
    enterprise = get_object_or_404(Enterprise.objects.visible_to(scope), pk=scope.enterprise_id or 0)
    context: dict[str, Any] = {
        "holder": enterprise,
        "explained": explained(events_of(enterprise), today()),
        "may_object": EnterpriseRight.OFFICE in scope.enterprise_rights,
    }
    if EnterpriseRight.STAFFING in scope.enterprise_rights:
        page = paginated(request, workers_of(scope).order_by("joined_date", "pk"))
        scores = scores_of_workers([worker.pk for worker in page], today())
        context |= {"page": page, "lines": [(worker, scores[worker.pk]) for worker in page], "columns": _columns()}
    return render(request, "providers/credit/enterprise.html", context)


@requires(Role.WORKER, Role.MANAGER, right=EnterpriseRight.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def credit_objection(request: HttpRequest, pk: int) -> HttpResponse:
    """Object to a record: it is marked as disputed and answered within 20 days."""
    event = _own_event(request, pk)
    form = ObjectionForm(request.POST or None)
    if form.is_valid():
        try:
            filed = file_objection(
                event=event, text=form.cleaned_data["text"], actor_id=person_of(request).pk, at=now()
            )
        except DomainError as error:
            refuse(form, error)
        else:
            said = _("Your objection is filed. You have an answer by %(day)s at the latest.")
            messages.success(request, said % {"day": filed.due_date})
            return redirect("worker_credit" if event.worker_id else "enterprise_credit")
    status = 422 if form.is_bound else 200
    return render(request, "providers/credit/objection.html", {"event": event, "form": form}, status=status)


@signed_in
@require_safe
def credit_event_scan(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The document behind a record, for its holder and the reviewing staff; an enterprise reads its workers' scores."""
    event = get_object_or_404(documents_open_to(scope_of_request(request)), pk=pk)
    if event.scan is None:
        raise Http404
    return confidential_file(event.scan)


@public
@require_safe
def credit_formula(request: HttpRequest) -> HttpResponse:
    """The published formula and every rule of it."""
    rules = rules_in_force(today())
    grades = [
        (least, GRADES[place - 1][0] - 1 if place else MOST, grade) for place, (least, grade) in enumerate(GRADES)
    ]
    context = {
        "of_workers": [rule for rule in rules if rule.holder == CreditRule.Holder.WORKER],
        "of_enterprises": [rule for rule in rules if rule.holder == CreditRule.Holder.ENTERPRISE],
        "grades": grades,
        "base": BASE,
        "least": LEAST,
        "most": MOST,
        "most_for": MOST_FOR,
    }
    return render(request, "providers/credit/formula.html", context)


def _own_event(request: HttpRequest, pk: int) -> CreditEvent:
    found: QuerySet[CreditEvent] = own_events(scope_of_request(request))
    return get_object_or_404(found, pk=pk)


def _columns() -> list[dict[str, str]]:
    return [
        {"key": "worker", "label": _("Worker")},
        {"key": "score", "label": _("Score"), "class": "hs-right"},
        {"key": "grade", "label": _("In a word")},
        {"key": "for", "label": _("Counts for"), "class": "hs-right"},
        {"key": "against", "label": _("Counts against"), "class": "hs-right"},
    ]
