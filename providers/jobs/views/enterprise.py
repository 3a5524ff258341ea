"""The enterprise's side: openings, applications, placements and arrivals."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from homeservice.kernel.access import person_of, requires, scope_of_request
from homeservice.kernel.clock import now, today
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import EnterpriseRight, Role
from homeservice.kernel.web import paginated, refuse
from providers.jobs import actions
from providers.jobs.forms import InviteForm, OpeningForm, PurposeForm, RefuseForm
from providers.jobs.models import JobApplication, JobOpening
from providers.jobs.queries import applications_to, openings_of
from providers.jobs.rules import OPEN_STATES
from providers.training.views.own import community_choices, form_arguments, own_enterprise

staffing = requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
FORM_METHODS = ["GET", "HEAD", "POST"]


@staffing
@require_safe
def enterprise_jobs(request: HttpRequest) -> HttpResponse:
    """The enterprise's openings, those with applications to answer first."""
    rows = openings_of(scope_of_request(request)).order_by("-state", "-waiting", "-published_at", "-pk")
    context = {
        "enterprise": own_enterprise(request),
        "page": paginated(request, rows),
        "today": today(),
        "columns": _columns(),
    }
    return render(request, "providers/jobs/enterprise_jobs.html", context)


@staffing
@require_http_methods(FORM_METHODS)
def enterprise_job_new(request: HttpRequest) -> HttpResponse:
    """Post an opening."""
    enterprise, form = own_enterprise(request), OpeningForm(**form_arguments(request, {}))
    if form.is_valid():
        try:
            opening = actions.post_opening(enterprise=enterprise, facts=form.facts(), at=now())
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The opening is posted: everybody near it reads it."))
            return redirect("enterprise_job", opening.pk)
    return _form_page(request, form)


@staffing
@require_http_methods(FORM_METHODS)
def enterprise_job_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an opening."""
    opening = _opening(request, pk)
    form = OpeningForm(**form_arguments(request, OpeningForm.of(opening)))
    if form.is_valid():
        try:
            actions.change_opening(opening=opening, facts=form.facts(), at=now())
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The opening is saved."))
            return redirect("enterprise_job", opening.pk)
    return _form_page(request, form, opening=opening)


@staffing
@require_safe
def enterprise_job(request: HttpRequest, pk: int) -> HttpResponse:
    """One opening with its applications."""
    opening = _opening(request, pk)
    rows = applications_to(scope_of_request(request)).filter(opening=opening)
    page = paginated(request, rows.order_by("state", "applied_at", "pk"))
    return render(request, "providers/jobs/enterprise_job.html", {"opening": opening, "page": page, "today": today()})


@staffing
@require_POST
def enterprise_job_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Take no more applications."""
    opening = _opening(request, pk)
    try:
        actions.close_opening(opening=opening, at=now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The opening is closed, and those not answered are told."))
    return redirect("enterprise_job", opening.pk)


@staffing
@require_safe
def enterprise_application(request: HttpRequest, pk: int) -> HttpResponse:
    """One application: who, what they wrote, and what can be done next."""
    return _show(request, _application(request, pk))


@staffing
@require_POST
def enterprise_application_invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite the person to talk."""
    application, form = _application(request, pk), InviteForm(request.POST)
    if form.is_valid():
        when, answer = form.interview_at(), form.cleaned_data["answer"]
        try:
            actions.invite_to_talk(application=application, interview_at=when, answer=answer, at=now())
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The person is invited and told."))
            return redirect("enterprise_application", application.pk)
    return _show(request, application, invite_form=form)


@staffing
@require_POST
def enterprise_application_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the person the job; the binding is proposed to them."""
    application = _application(request, pk)
    try:
        actions.place(application=application, actor_id=person_of(request).pk, at=now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The person is placed. They confirm that they work for you, and their arrival."))
    return redirect("enterprise_application", application.pk)


@staffing
@require_POST
def enterprise_application_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Say no, with the reason that the person reads."""
    application, form = _application(request, pk), RefuseForm(request.POST)
    if form.is_valid():
        try:
            answer, actor_id = form.cleaned_data["answer"], person_of(request).pk
            actions.refuse_application(application=application, answer=answer, actor_id=actor_id, at=now())
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The person is told."))
            return redirect("enterprise_application", application.pk)
    return _show(request, application, refuse_form=form)


@staffing
@require_POST
def enterprise_application_arrived(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the person has begun."""
    application = _application(request, pk)
    try:
        actions.confirm_arrival(application=application, by_enterprise=True, at=now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The arrival is noted."))
    return redirect("enterprise_application", application.pk)


@staffing
@require_POST
def enterprise_application_reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole number of a person who was invited; the log says who asked and why."""
    application, form = _application(request, pk), PurposeForm(request.POST)
    phone = ""
    if form.is_valid():
        purpose, actor_id = form.cleaned_data["purpose"], person_of(request).pk
        try:
            phone = actions.reveal_applicant_phone(
                application=application, purpose=purpose, actor_id=actor_id, at=now()
            )
        except DomainError as error:
            refuse(form, error)
    return _show(request, application, purpose_form=None if phone else form, phone=phone)


def _show(request: HttpRequest, application: JobApplication, *, phone: str = "", **forms: Any) -> HttpResponse:
    """The page, with a refused form as it was typed."""
    placed, open_ = application.state == JobApplication.State.PLACED, application.state in OPEN_STATES
    context = {
        "application": application,
        "opening": application.opening,
        "phone": phone,
        "open": open_,
        "may_refuse": open_ or (placed and application.arrived_at is None),
        "may_reveal": application.state in (JobApplication.State.INTERVIEW, JobApplication.State.PLACED),
        "may_arrive": placed and application.enterprise_arrived_at is None,
        "invite_form": forms.get("invite_form") or InviteForm(),
        "refuse_form": forms.get("refuse_form") or RefuseForm(auto_id="id_refuse_%s"),
        "purpose_form": forms.get("purpose_form") or PurposeForm(),
    }
    refused = any(forms.values())
    answer = render(request, "providers/jobs/enterprise_application.html", context, status=422 if refused else 200)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _opening(request: HttpRequest, pk: int) -> JobOpening:
    opening: JobOpening = get_object_or_404(openings_of(scope_of_request(request)), pk=pk)
    return opening


def _application(request: HttpRequest, pk: int) -> JobApplication:
    application: JobApplication = get_object_or_404(applications_to(scope_of_request(request)), pk=pk)
    return application


def _form_page(request: HttpRequest, form: OpeningForm, **more: Any) -> HttpResponse:
    context = {"form": form, **more, **community_choices(request, form)}
    return render(request, "providers/jobs/opening_form.html", context, status=422 if form.is_bound else 200)


def _columns() -> list[dict[str, str]]:
    return [
        {"key": "title", "label": _("Opening")},
        {"key": "community", "label": _("Community")},
        {"key": "pay", "label": _("Pay")},
        {"key": "places", "label": _("Places"), "class": "hs-right"},
        {"key": "waiting", "label": _("To answer"), "class": "hs-right"},
        {"key": "closes", "label": _("Last day to apply")},
        {"key": "state", "label": _("State")},
    ]
