"""Jobs near home, for everybody: the list, an opening, applying and one's own applications."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.divisions.current import current_community
from homeservice.kernel.access import person_of, public, scope_of_request, signed_in
from homeservice.kernel.clock import now, today
from homeservice.kernel.errors import DomainError
from homeservice.kernel.web import page_or_fragment, paginated, refuse
from providers.jobs.actions import apply, confirm_arrival, withdraw
from providers.jobs.forms import ApplyForm, JobFilterForm
from providers.jobs.models import JobApplication, JobOpening
from providers.jobs.queries import application_for, applications_of, openings_wanted
from providers.jobs.rules import OPEN_STATES


@public
@require_safe
def job_openings(request: HttpRequest) -> HttpResponse:
    """Openings that one may apply for, the nearest to one's community first."""
    form, near = JobFilterForm(request.GET), current_community(request)
    context = {
        "form": form,
        "near": near,
        "page": paginated(request, openings_wanted(form.wanted(), near, today())),
        "is_worker": scope_of_request(request).worker_id is not None,
    }
    return page_or_fragment(request, "providers/jobs/openings.html", "providers/jobs/_openings.html", context)


@public
@require_safe
def job_opening(request: HttpRequest, pk: int) -> HttpResponse:
    """One opening: what is done, what is paid, and one's own application."""
    return _show(request, _opening(request, pk))


@signed_in
@require_POST
def job_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Apply, once; the enterprise may then see the number."""
    opening, form = _opening(request, pk), ApplyForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            apply(opening=opening, user=person_of(request), note=typed["note"], consented=typed["consent"], at=now())
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Your application is with the enterprise. You are told when it answers."))
            return redirect("job_opening", opening.pk)
    return _show(request, opening, form=form)


@signed_in
@require_safe
def my_applications(request: HttpRequest) -> HttpResponse:
    """What the person applied for, and what became of it."""
    page = paginated(request, applications_of(person_of(request).pk))
    lines = [
        {
            "application": one,
            "may_withdraw": _may_withdraw(one),
            "may_arrive": one.state == JobApplication.State.PLACED and one.person_arrived_at is None,
        }
        for one in page
    ]
    return render(request, "providers/jobs/mine.html", {"page": page, "lines": lines})


@signed_in
@require_POST
def application_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the application back."""
    try:
        withdraw(application=_own(request, pk), at=now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Your application is withdrawn."))
    return redirect("my_applications")


@signed_in
@require_POST
def application_arrived(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one has begun."""
    try:
        confirm_arrival(application=_own(request, pk), by_enterprise=False, at=now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Your arrival is noted."))
    return redirect("my_applications")


def _show(request: HttpRequest, opening: JobOpening, *, form: ApplyForm | None = None) -> HttpResponse:
    mine = application_for(opening, scope_of_request(request).user_id)
    live = mine is not None and mine.state not in (JobApplication.State.WITHDRAWN, JobApplication.State.REFUSED)
    context: dict[str, Any] = {
        "opening": opening,
        "mine": mine,
        "may_apply": _is_open(opening) and not live,
        "left": opening.places - opening.placed,
        "form": form or ApplyForm(),
    }
    return render(request, "providers/jobs/opening.html", context, status=422 if form else 200)


def _opening(request: HttpRequest, pk: int) -> JobOpening:
    """An opening that is public, or that the person applied for: that remains readable after."""
    rows = JobOpening.objects.select_related("enterprise", "community", "kind")
    opening: JobOpening = get_object_or_404(rows, pk=pk)
    if not _is_open(opening) and application_for(opening, scope_of_request(request).user_id) is None:
        raise Http404
    return opening


def _is_open(opening: JobOpening) -> bool:
    admitted = opening.enterprise.state == "admitted"
    return admitted and opening.state == JobOpening.State.OPEN and opening.closes_date >= today()


def _own(request: HttpRequest, pk: int) -> JobApplication:
    rows: QuerySet[JobApplication] = JobApplication.objects.visible_to(scope_of_request(request))
    return get_object_or_404(rows.filter(user=person_of(request)), pk=pk)


def _may_withdraw(one: JobApplication) -> bool:
    return one.state in OPEN_STATES or (one.state == JobApplication.State.PLACED and one.arrived_at is None)
