"""The training institution's own pages: sessions and courses."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from homeservice.kernel.access import requires, scope_of_request
from homeservice.kernel.clock import now
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import EnterpriseRight, Role
from homeservice.kernel.web import paginated, refuse
from providers.training.actions import (
    add_course,
    cancel_session,
    change_course,
    change_session,
    plan_session,
    publish_session,
)
from providers.training.forms import CourseForm, ReasonForm, SessionForm
from providers.training.models import Course, Session
from providers.training.queries import courses_of, is_training_institution, requests_for, sessions_of
from providers.training.views.own import community_choices, form_arguments, own_enterprise

institution = requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
FORM_METHODS = ["GET", "HEAD", "POST"]
PAST = "past"


@institution
@require_safe
def enterprise_training(request: HttpRequest) -> HttpResponse:
    """The sessions to come (or `?show=past`), and the way to courses, caravans and requests."""
    enterprise, scope, at = own_enterprise(request), scope_of_request(request), now()
    past = request.GET.get("show") == PAST
    rows = sessions_of(scope)
    rows = rows.filter(ends_at__lte=at).order_by("-starts_at", "-pk") if past else (
        rows.filter(ends_at__gt=at).order_by("starts_at", "pk")
    )  # fmt: skip
    context = {
        "enterprise": enterprise,
        "trains": is_training_institution(enterprise),
        "page": paginated(request, rows),
        "past": past,
        "open_requests": requests_for(enterprise, scope).filter(state="open").count(),
        "columns": _session_columns(),
    }
    return render(request, "providers/training/institution.html", context)


@institution
@require_safe
def enterprise_courses(request: HttpRequest) -> HttpResponse:
    """What the institution teaches."""
    enterprise = own_enterprise(request)
    context = {
        "page": paginated(request, courses_of(scope_of_request(request))),
        "trains": is_training_institution(enterprise),
        "columns": _course_columns(),
    }
    return render(request, "providers/training/courses.html", context)


@institution
@require_http_methods(FORM_METHODS)
def enterprise_course_new(request: HttpRequest) -> HttpResponse:
    """Enter a new course."""
    enterprise, form = own_enterprise(request), CourseForm(request.POST or None)
    if form.is_valid():
        try:
            add_course(provider=enterprise, facts=form.facts(), kinds=form.cleaned_data["kinds"], at=now())
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The course is entered. Plan its first session next."))
            return redirect("enterprise_courses")
    return _form_page(request, "providers/training/course_form.html", form)


@institution
@require_http_methods(FORM_METHODS)
def enterprise_course(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a course."""
    course: Course = get_object_or_404(courses_of(scope_of_request(request)), pk=pk)
    form = CourseForm(request.POST or None, initial=CourseForm.of(course))
    if form.is_valid():
        try:
            change_course(course=course, facts=form.facts(), kinds=form.cleaned_data["kinds"], at=now())
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The course is saved."))
            return redirect("enterprise_courses")
    return _form_page(request, "providers/training/course_form.html", form, course=course)


@institution
@require_http_methods(FORM_METHODS)
def enterprise_session_new(request: HttpRequest) -> HttpResponse:
    """Plan a session of a course; it is a draft until it is published."""
    enterprise, at = own_enterprise(request), now()
    form = SessionForm(provider=enterprise, at=at, **form_arguments(request, {}))
    if form.is_valid():
        try:
            session = plan_session(course=form.cleaned_data["course"], facts=form.facts(), at=at)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The session is planned. Publish it when everything is right."))
            return redirect("training_roll", session.pk)
    return _form_page(request, "providers/training/session_form.html", form, **community_choices(request, form))


@institution
@require_http_methods(FORM_METHODS)
def enterprise_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a session; people with a seat are told of another time or place."""
    session, enterprise, at = _session(request, pk), own_enterprise(request), now()
    form = SessionForm(provider=enterprise, at=at, **form_arguments(request, SessionForm.of(session)))
    form.fields.pop("course")
    if form.is_valid():
        try:
            change_session(session=session, facts=form.facts(), at=at)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The session is saved."))
            return redirect("training_roll", session.pk)
    more = {"session": session, **community_choices(request, form)}
    return _form_page(request, "providers/training/session_form.html", form, **more)


@institution
@require_POST
def enterprise_session_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Let everybody enrol."""
    session = _session(request, pk)
    try:
        publish_session(session=session, at=now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The session is published: people can enrol."))
    return redirect("training_roll", session.pk)


@institution
@require_http_methods(FORM_METHODS)
def enterprise_session_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a session, with the reason that everybody is told."""
    session, form = _session(request, pk), ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            cancel_session(session=session, reason=form.cleaned_data["reason"], at=now())
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The session is cancelled, and everybody is told."))
            return redirect("enterprise_training")
    return _form_page(request, "providers/training/session_cancel.html", form, session=session)


def _session(request: HttpRequest, pk: int) -> Session:
    session: Session = get_object_or_404(sessions_of(scope_of_request(request)), pk=pk)
    return session


def _form_page(request: HttpRequest, template: str, form: Any, **more: Any) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, template, {"form": form, **more}, status=status)


def _session_columns() -> list[dict[str, str]]:
    return [
        {"key": "when", "label": _("When")},
        {"key": "course", "label": _("Course")},
        {"key": "place", "label": _("Place")},
        {"key": "seats", "label": _("Seats"), "class": "hs-right"},
        {"key": "trainer", "label": _("Trainer")},
        {"key": "state", "label": _("State")},
    ]


def _course_columns() -> list[dict[str, str]]:
    return [
        {"key": "name", "label": _("Course")},
        {"key": "track", "label": _("Track")},
        {"key": "hours", "label": _("Hours"), "class": "hs-right"},
        {"key": "certificate", "label": _("Certificate of a pass")},
        {"key": "price", "label": _("Price"), "class": "hs-right"},
        {"key": "sessions", "label": _("Sessions"), "class": "hs-right"},
    ]
