"""The enterprise's office: where its admission stands, what to do next, its licences."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from homeservice.kernel.access import person_of, requires, scope_of_request
from homeservice.kernel.clock import now, today
from homeservice.kernel.errors import DomainError
from homeservice.kernel.states import steps_from
from homeservice.kernel.vocabulary import CredentialCode, EnterpriseRight, Role
from homeservice.kernel.web import refuse
from providers.admission.actions import appeal, exit_, submit_enterprise, submit_worker
from providers.admission.forms import AppealForm, PledgeForm, ReasonForm
from providers.admission.models import ReviewCase
from providers.admission.queries import events_of, open_case_of
from providers.admission.steps import STEPS
from providers.admission.wording import NEXT, gaps, mends, timeline
from providers.credentials.models import Credential
from providers.credentials.queries import papers_of
from providers.enterprises.models import Enterprise
from providers.enterprises.queries import managed_by
from providers.workers.queries import workers_of

HERE = "enterprise_office"


@requires(Role.MANAGER)
@require_safe
def enterprise_office(request: HttpRequest) -> HttpResponse:
    """Everything about the enterprise itself, for all who act for it; changes need the right to the office."""
    return _show(request, _own(request))


@requires(Role.MANAGER, right=EnterpriseRight.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def enterprise_submit(request: HttpRequest) -> HttpResponse:
    """The enterprise's admission goes to the desk, with the legal representative's pledge."""
    enterprise, form = _own(request), PledgeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            submit_enterprise(enterprise=enterprise, pledged=True, actor_id=person_of(request).pk, at=now())
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Submitted. You will be told as soon as it has been checked."))
            return redirect(HERE)
    licences = papers_of(enterprise)
    context = {
        "enterprise": enterprise, "form": form, "licences": _current(licences), "gaps": gaps(licences, today()),
        "can_submit": STEPS["submit"].may_leave(enterprise.state),
    }  # fmt: skip
    return render(request, "providers/admission/submit.html", context, status=422 if form.is_bound else 200)


@requires(Role.MANAGER, right=EnterpriseRight.OFFICE)
@require_POST
def enterprise_exit(request: HttpRequest) -> HttpResponse:
    """The enterprise leaves the platform."""
    enterprise, form = _own(request), ReasonForm(request.POST)
    if form.is_valid():
        try:
            exit_(
                holder=enterprise, actor_id=person_of(request).pk, at=now(), role=Role.MANAGER,
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The enterprise has left. Running bookings are finished or handed over."))
            return redirect(HERE)
    return _show(request, enterprise, exit_form=form)


@requires(Role.MANAGER, right=EnterpriseRight.OFFICE)
@require_POST
def enterprise_appeal(request: HttpRequest) -> HttpResponse:
    """The enterprise asks the desk to look at its suspension or blacklisting again."""
    enterprise, form = _own(request), AppealForm(request.POST)
    if form.is_valid():
        try:
            appeal(
                holder=enterprise, statement=form.cleaned_data["statement"], actor_id=person_of(request).pk, at=now()
            )
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The appeal is with the reviewing office: it answers within 15 working days."))
            return redirect(HERE)
    return _show(request, enterprise, appeal_form=form)


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_POST
def enterprise_worker_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """One of the enterprise's workers goes to the desk."""
    worker = get_object_or_404(workers_of(scope_of_request(request)), pk=pk)
    try:
        submit_worker(worker=worker, actor_id=person_of(request).pk, at=now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Submitted. You will be told as soon as the worker's papers have been checked."))
    return redirect("enterprise_worker", worker.pk)


def _own(request: HttpRequest) -> Enterprise:
    enterprise: Enterprise = get_object_or_404(managed_by(scope_of_request(request)))
    return enterprise


def _show(
    request: HttpRequest,
    enterprise: Enterprise,
    *,
    exit_form: ReasonForm | None = None,
    appeal_form: AppealForm | None = None,
) -> HttpResponse:
    """The page, with a refused form as it was typed."""
    scope, licences, events = scope_of_request(request), papers_of(enterprise), events_of(enterprise)
    possible = {step.name for step in steps_from(STEPS, enterprise.state)}
    context: dict[str, Any] = {
        "enterprise": enterprise,
        "next": NEXT[enterprise.state],
        "timeline": timeline(events),
        "mends": mends(events) if enterprise.state in ("returned", "suspended") else [],
        "licences": _current(licences),
        "gaps": gaps(licences, today()),
        "licensed": any(one.code == CredentialCode.BUSINESS_LICENCE for one in _current(licences)),
        "appealed": "appeal" in possible and open_case_of(enterprise, ReviewCase.Kind.APPEAL),
        "possible": possible,
        "may_change": EnterpriseRight.OFFICE in scope.enterprise_rights,
        "may_appoint": EnterpriseRight.ACCOUNTS in scope.enterprise_rights,
        "exit_form": exit_form or ReasonForm(),
        "appeal_form": appeal_form or AppealForm(),
        "refused": "exit" if exit_form else "appeal" if appeal_form else "",
        "today": today(),
    }
    return render(request, "providers/admission/office.html", context, status=422 if context["refused"] else 200)


def _current(licences: list[Credential]) -> list[Credential]:
    """Those that still say something: superseded ones stand in the history."""
    return [one for one in licences if one.state != Credential.State.SUPERSEDED]
