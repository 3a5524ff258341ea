"""The desk's lists of enterprises and workers, and the steps that staff take with them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.accounts.queries import person_by_phone
from homeservice.kernel.access import person_of, requires, scope_of_request
from homeservice.kernel.clock import now, today
from homeservice.kernel.errors import DomainError
from homeservice.kernel.states import steps_from
from homeservice.kernel.vocabulary import Admission, Role
from homeservice.kernel.web import page_or_fragment, paginated, refuse
from providers.admission.actions import blacklist, exit_, readmit, suspend
from providers.admission.forms import ContactForm, GradesForm, HandOverForm, HoldersForm, ReasonForm
from providers.admission.models import ReviewCase
from providers.admission.queries import Holder, events_of, reviewed_enterprises, reviewed_workers, states_counted
from providers.admission.steps import STEPS
from providers.admission.wording import gaps, timeline
from providers.bindings.actions import end_by_office
from providers.bindings.queries import binding_of
from providers.credentials.queries import papers_of
from providers.enterprises.actions import change_contact, change_grades, hand_over_representation
from providers.enterprises.models import Enterprise
from providers.workers.models import Worker

Act = Callable[..., None]
ACTS: Mapping[str, Act] = {"suspend": suspend, "readmit": readmit, "exit": exit_, "blacklist": blacklist}
UNBIND = "unbind"


@requires(Role.STAFF)
@require_safe
def review_enterprises(request: HttpRequest) -> HttpResponse:
    """The enterprises of the reviewer's divisions, by name."""
    form = HoldersForm(request.GET)
    q, state = _narrowing(form)
    rows = reviewed_enterprises(scope_of_request(request))
    found = states_counted(rows)
    if q:
        rows = rows.filter(name__icontains=q) | rows.filter(social_credit_code=q.upper())
    context = {
        "form": form,
        "tabs": _tabs(found, state),
        "page": paginated(request, (rows.filter(state=state) if state else rows).order_by("name", "pk")),
        "columns": [
            {"key": "name", "label": _("Enterprise")}, {"key": "division", "label": _("District or street")},
            {"key": "state", "label": _("State")}, {"key": "contact", "label": _("Key contact")},
            {"key": "star", "label": _("Star and credit grade")},
        ],
    }  # fmt: skip
    page = "providers/admission/enterprises.html"
    return page_or_fragment(request, page, "providers/admission/_enterprises.html", context)


@requires(Role.STAFF)
@require_safe
def review_workers(request: HttpRequest) -> HttpResponse:
    """The workers of the reviewer's divisions, the latest first. Names are encrypted: they are searched by enterprise."""
    form = HoldersForm(request.GET)
    q, state = _narrowing(form)
    rows = reviewed_workers(scope_of_request(request))
    found = states_counted(rows)
    if q:
        rows = rows.filter(enterprise__name__icontains=q)
    context = {
        "form": form,
        "tabs": _tabs(found, state),
        "page": paginated(request, (rows.filter(state=state) if state else rows).order_by("-pk")),
        "columns": [
            {"key": "name", "label": _("Worker")}, {"key": "enterprise", "label": _("Enterprise")},
            {"key": "home", "label": _("Lives in")}, {"key": "state", "label": _("State")},
        ],
    }  # fmt: skip
    page = "providers/admission/workers.html"
    return page_or_fragment(request, page, "providers/admission/_workers.html", context)


@requires(Role.STAFF)
@require_safe
def review_enterprise(request: HttpRequest, pk: int) -> HttpResponse:
    """One enterprise as the desk sees it."""
    return _show_enterprise(request, _enterprise(request, pk))


@requires(Role.STAFF)
@require_safe
def review_worker(request: HttpRequest, pk: int) -> HttpResponse:
    """One worker as the desk sees it."""
    worker = get_object_or_404(reviewed_workers(scope_of_request(request)), pk=pk)
    return render(request, "providers/admission/review_worker.html", {"worker": worker, **_common(worker)})


@requires(Role.STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def review_enterprise_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Suspend, readmit, exit or blacklist an enterprise: first what will happen, then a reason."""
    return _step(request, _enterprise(request, pk), step, "review_enterprise")


@requires(Role.STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def review_worker_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Suspend, readmit, exit or blacklist a worker; or end the binding that the enterprise does not let go."""
    worker = get_object_or_404(reviewed_workers(scope_of_request(request)), pk=pk)
    return _step(request, worker, step, "review_worker")


@requires(Role.STAFF)
@require_POST
def review_enterprise_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Key contact or not, and its liaison officer."""
    enterprise = _enterprise(request, pk)
    form = ContactForm(request.POST, enterprise=enterprise)
    if form.is_valid():
        try:
            change_contact(enterprise=enterprise, actor_id=person_of(request).pk, at=now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The contact is saved."))
            return redirect("review_enterprise", enterprise.pk)
    return _show_enterprise(request, enterprise, contact_form=form)


@requires(Role.STAFF)
@require_POST
def review_enterprise_grades(request: HttpRequest, pk: int) -> HttpResponse:
    """Star and credit grade as an authority published them."""
    enterprise, form = _enterprise(request, pk), GradesForm(request.POST)
    if form.is_valid():
        try:
            change_grades(enterprise=enterprise, actor_id=person_of(request).pk, at=now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Star and credit grade are saved."))
            return redirect("review_enterprise", enterprise.pk)
    return _show_enterprise(request, enterprise, grades_form=form)


@requires(Role.STAFF)
@require_POST
def review_enterprise_representative(request: HttpRequest, pk: int) -> HttpResponse:
    """Another person is the legal representative from now on."""
    enterprise, form = _enterprise(request, pk), HandOverForm(request.POST)
    if form.is_valid():
        try:
            person = person_by_phone(form.cleaned_data["phone"])
            if person is None:
                message = _("Nobody has signed in with this number yet. Ask them to sign in once.")
                raise DomainError("person_unknown", message, field="phone")
            hand_over_representation(
                enterprise=enterprise,
                to=person,
                reason=form.cleaned_data["reason"],
                actor_id=person_of(request).pk,
                at=now(),
            )
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The representation is handed over."))
            return redirect("review_enterprise", enterprise.pk)
    return _show_enterprise(request, enterprise, hand_over_form=form)


def _enterprise(request: HttpRequest, pk: int) -> Enterprise:
    return get_object_or_404(reviewed_enterprises(scope_of_request(request)), pk=pk)


def _narrowing(form: HoldersForm) -> tuple[str, str]:
    form.is_valid()
    return str(form.cleaned_data.get("q", "")).strip(), form.cleaned_data.get("state", "")


def _tabs(found: Any, state: str) -> list[dict[str, Any]]:
    """Each state with its count, as a link; states that nobody is in are left out."""
    lines = [
        ("", _("All"), sum(found.values())),
        *((one.value, one.label, found.get(one.value, 0)) for one in Admission),
    ]
    return [
        {"label": label, "href": f"?state={value}" if value else "?", "count": count, "current": value == state}
        for value, label, count in lines
        if count or value in ("", state)
    ]


def _common(holder: Holder) -> dict[str, Any]:
    """What both pages show: licences or papers, the timeline, the steps that are possible, open cases."""
    papers = papers_of(holder)
    whose = {"enterprise": holder} if isinstance(holder, Enterprise) else {"worker": holder}
    return {
        "holder": holder,
        "papers": papers,
        "gaps": gaps(papers, today()) if isinstance(holder, Enterprise) else [],
        "timeline": timeline(events_of(holder)),
        "steps": [name for name in ACTS if name in {step.name for step in steps_from(STEPS, holder.state)}],
        "cases": list(ReviewCase.objects.filter(closed_at__isnull=True, **whose).order_by("due_at", "pk")),
        "today": today(),
    }


def _show_enterprise(request: HttpRequest, enterprise: Enterprise, **forms: Any) -> HttpResponse:
    contact = {"key_contact": enterprise.key_contact, "liaison": enterprise.liaison_id}
    grades = {"star": enterprise.star, "credit_grade": enterprise.credit_grade}
    context = {
        "enterprise": enterprise,
        "contact_form": ContactForm(initial=contact, enterprise=enterprise),
        "grades_form": GradesForm(initial=grades),
        "hand_over_form": HandOverForm(),
        **_common(enterprise),
        **forms,
    }
    return render(request, "providers/admission/review_enterprise.html", context, status=422 if forms else 200)


def _unbind(*, holder: Worker, reason: str, actor_id: int, at: datetime) -> None:
    binding = binding_of(holder.user)
    if binding is None:
        raise DomainError("binding_not_in_force", _("This binding is not in force."))
    end_by_office(binding=binding, reason=reason, actor_id=actor_id, at=at)


def _step(request: HttpRequest, holder: Holder, step: str, page: str) -> HttpResponse:
    acts: Mapping[str, Act] = ACTS if isinstance(holder, Enterprise) else {**ACTS, UNBIND: _unbind}
    if step not in acts:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            acts[step](holder=holder, reason=form.cleaned_data["reason"], actor_id=person_of(request).pk, at=now())
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Done. Whom it concerns has been told."))
            return redirect(page, holder.pk)
    context = {
        "holder": holder,
        "step": step,
        "form": form,
        "page": page,
        "of_enterprise": isinstance(holder, Enterprise),
    }
    return render(request, "providers/admission/step.html", context, status=422 if form.is_bound else 200)
