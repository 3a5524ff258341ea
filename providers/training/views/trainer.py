"""The list of a session, as its trainer and its institution keep it: attendance, results, the sheet to sign."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from homeservice.kernel.access import person_of, scope_of_request, signed_in
from homeservice.kernel.clock import local_day, now
from homeservice.kernel.errors import DomainError
from homeservice.kernel.web import refuse
from providers.training.actions import close_session, correct_result, decide_results, mark_present
from providers.training.forms import ReasonForm
from providers.training.models import Enrolment, Session
from providers.training.queries import code_of_day, roll_of, sessions_of, sessions_run_by
from providers.training.rules import CORRECTION, DOORS_OPEN_BEFORE

MANY = 500


@signed_in
@require_safe
def training_roll(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has a seat, who was there, who has passed; with today's attendance code in large type."""
    session, at = _session(request, pk), now()
    rows = roll_of(session)
    seated = [row for row in rows if row.state != Enrolment.State.WAITING]
    context = {
        "session": session,
        "seated": seated,
        "waiting": [row for row in rows if row.state == Enrolment.State.WAITING],
        "present": sum(row.attended_at is not None for row in seated),
        "code": code_of_day(session, at) if _code_is_shown(session, at) else "",
        "code_day": at,
        "begun": at >= session.starts_at - DOORS_OPEN_BEFORE,
        "may_close": session.state == Session.State.OPEN and at >= session.ends_at,
        "may_edit": session.starts_at > at and sessions_of(scope_of_request(request)).filter(pk=session.pk).exists(),
        "correctable": [row.pk for row in seated if _correctable(row, at)],
    }
    return render(request, "providers/training/roll.html", context)


@signed_in
@require_safe
def training_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The list on paper, to be signed by hand."""
    session = _session(request, pk)
    rows = [row for row in roll_of(session) if row.state != Enrolment.State.WAITING]
    empty = range(min(max(session.seats - len(rows), 0), 5))
    return render(request, "providers/training/sheet.html", {"session": session, "rows": rows, "empty": empty})


@signed_in
@require_POST
def training_mark(request: HttpRequest, pk: int) -> HttpResponse:
    """For the people ticked: they are here, have passed, or have not (`do`)."""
    session, chosen, actor_id, at = _session(request, pk), _chosen(request), person_of(request).pk, now()
    try:
        if request.POST.get("do") == "present":
            count = mark_present(session=session, enrolment_ids=chosen, actor_id=actor_id, at=at)
            said = ngettext("%(count)s person is noted as present.", "%(count)s people are noted as present.", count)
        else:
            passed = request.POST.get("do") == "passed"
            count = len(
                decide_results(session=session, enrolment_ids=chosen, passed=passed, actor_id=actor_id, at=at)
            )  # fmt: skip
            said = ngettext("%(count)s result is entered.", "%(count)s results are entered.", count)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, said % {"count": count})
    return redirect("training_roll", session.pk)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def training_correct(request: HttpRequest, pk: int, enrolment_pk: int) -> HttpResponse:
    """Mend a result that was entered by mistake, with the reason."""
    session = _session(request, pk)
    decided = Enrolment.objects.filter(session=session, state__in=[Enrolment.State.PASSED, Enrolment.State.FAILED])
    enrolment = get_object_or_404(decided.select_related("user"), pk=enrolment_pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        reason, actor_id = form.cleaned_data["reason"], person_of(request).pk
        try:
            correct_result(enrolment=enrolment, reason=reason, actor_id=actor_id, at=now())
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The result is corrected, and the person is told."))
            return redirect("training_roll", session.pk)
    context = {"session": session, "enrolment": enrolment, "form": form}
    return render(request, "providers/training/correct.html", context, status=422 if form.is_bound else 200)


@signed_in
@require_POST
def training_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the list: who was not seen was absent."""
    session = _session(request, pk)
    try:
        close_session(session=session, at=now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The list is closed."))
    return redirect("training_roll", session.pk)


def _session(request: HttpRequest, pk: int) -> Session:
    session: Session = get_object_or_404(sessions_run_by(scope_of_request(request)), pk=pk)
    return session


def _chosen(request: HttpRequest) -> list[int]:
    """The ticked rows; what is no number of a row is passed over."""
    ticked = request.POST.getlist("who")[:MANY]
    return [int(one) for one in ticked if one.isascii() and one.isdecimal() and len(one) < 18]


def _code_is_shown(session: Session, at: datetime) -> bool:
    """On each day of a published session, so that the trainer may write it on the board beforehand."""
    day = local_day(at)
    return session.state == Session.State.OPEN and local_day(session.starts_at) <= day <= local_day(session.ends_at)


def _correctable(row: Enrolment, at: datetime) -> bool:
    decided = row.decided_at
    return decided is not None and row.corrected_at is None and at <= decided + CORRECTION
