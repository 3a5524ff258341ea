"""Trainings near home: the list, a session, a seat, and one's own trainings."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.divisions.current import current_community
from homeservice.kernel.access import person_of, public, scope_of_request, signed_in
from homeservice.kernel.clock import now
from homeservice.kernel.errors import DomainError
from homeservice.kernel.web import page_or_fragment, paginated, refuse
from providers.training.actions import attend, enrol, leave
from providers.training.forms import CodeForm, SessionFilterForm
from providers.training.models import Enrolment, Session
from providers.training.queries import (
    Wanted,
    enrolment_of,
    sessions_run_by,
    sessions_wanted,
    trainings_of,
    waiting_position,
)
from providers.training.rules import why_not_now


@public
@require_safe
def training_sessions(request: HttpRequest) -> HttpResponse:
    """Trainings to come, those of one's own community first; `?map=1` shows where they are."""
    form, near = SessionFilterForm(request.GET), current_community(request)
    page = paginated(request, sessions_wanted(_wanted(form), near, now()))
    context = {
        "form": form,
        "near": near,
        "page": page,
        "with_map": "map" in request.GET,
        "dots": [{"lat": one.lat, "lon": one.lon, "label": f"{one.course.name} · {one.place}"} for one in page],
        "is_worker": scope_of_request(request).worker_id is not None,
    }
    return page_or_fragment(
        request, "providers/training/sessions.html", "providers/training/_sessions.html", context
    )  # fmt: skip


@public
@require_safe
def training_session(request: HttpRequest, pk: int) -> HttpResponse:
    """One session: what, where, when, how many seats are left; and one's own seat."""
    session = _readable_session(request, pk)
    return _show(request, session)


@signed_in
@require_POST
def session_enrol(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a seat, or a place in the queue."""
    session = _readable_session(request, pk)
    try:
        enrolment = enrol(session=session, user=person_of(request), at=now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        if enrolment.state == Enrolment.State.WAITING:
            messages.warning(
                request, _("All seats are taken: you are on the waiting list and are told when one falls free.")
            )
        else:
            messages.success(request, _("You have a seat."))
    return redirect("training_session", session.pk)


@signed_in
@require_POST
def session_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the seat, or the place in the queue, back."""
    enrolment = _enrolment(request, pk)
    try:
        leave(enrolment=enrolment, at=now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("You have given your seat back."))
    return redirect("training_session", pk)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def session_attend(request: HttpRequest, pk: int) -> HttpResponse:
    """Check in by the code that the trainer shows."""
    enrolment, form = _enrolment(request, pk), CodeForm(request.POST or None)
    if form.is_valid():
        try:
            attend(enrolment=enrolment, code=form.cleaned_data["code"], at=now())
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Welcome: your attendance is noted."))
            return redirect("my_trainings")
    context = {"enrolment": enrolment, "session": enrolment.session, "form": form}
    return render(request, "providers/training/attend.html", context, status=422 if form.is_bound else 200)


@signed_in
@require_safe
def my_trainings(request: HttpRequest) -> HttpResponse:
    """Everything that the person enrolled in, with certificates."""
    at = now()
    page = paginated(request, trainings_of(person_of(request).pk))
    lines = [
        {"enrolment": one, "may_attend": _may_attend(one, at), "may_leave": _may_leave(one, at)} for one in page
    ]  # fmt: skip
    return render(request, "providers/training/mine.html", {"page": page, "lines": lines})


def _show(request: HttpRequest, session: Session) -> HttpResponse:
    at, mine = now(), enrolment_of(session, scope_of_request(request).user_id)
    context = {
        "session": session,
        "mine": mine,
        "position": waiting_position(mine) if mine and mine.state == Enrolment.State.WAITING else None,
        "left": session.seats - session.taken,
        "is_open": session.state == Session.State.OPEN and session.starts_at > at,
        "may_attend": mine and _may_attend(mine, at),
        "may_leave": mine and _may_leave(mine, at),
        "keeps_list": sessions_run_by(scope_of_request(request)).filter(pk=session.pk).exists(),
        "kinds": list(session.course.kinds.order_by("position", "pk")),
        "dots": [{"lat": session.lat, "lon": session.lon, "label": session.place}],
    }
    return render(request, "providers/training/session.html", context)


def _readable_session(request: HttpRequest, pk: int) -> Session:
    """A session that is public, or that the person had a seat in, or keeps the list of: those remain readable after."""
    rows = Session.objects.select_related("course__provider", "community", "stop__caravan")
    session: Session = get_object_or_404(rows, pk=pk)
    if session.state == Session.State.OPEN and session.course.active:
        return session
    scope = scope_of_request(request)
    concerned = (
        scope.user_id is not None and Enrolment.objects.filter(session=session, user_id=scope.user_id).exists()
    ) or sessions_run_by(scope).filter(pk=session.pk).exists()
    if not concerned:
        raise Http404
    return session


def _enrolment(request: HttpRequest, session_pk: int) -> Enrolment:
    own = Enrolment.objects.visible_to(scope_of_request(request)).filter(user=person_of(request))
    live = own.exclude(state=Enrolment.State.CANCELLED).select_related("session__course", "session__community")
    found: Enrolment = get_object_or_404(live, session_id=session_pk)
    return found


def _may_attend(enrolment: Enrolment, at: datetime) -> bool:
    session = enrolment.session
    seated = enrolment.state == Enrolment.State.ENROLLED and session.state == Session.State.OPEN
    return seated and why_not_now(session.starts_at, session.ends_at, at) is None


def _may_leave(enrolment: Enrolment, at: datetime) -> bool:
    kept = (Enrolment.State.ENROLLED, Enrolment.State.WAITING)
    return enrolment.state in kept and bool(enrolment.session.starts_at > at)


def _wanted(form: SessionFilterForm) -> Wanted:
    """What fits of the query; what doesn't is passed over, as if it had not been asked."""
    form.is_valid()
    cleaned = form.cleaned_data
    return Wanted(
        track=cleaned.get("track", ""), kind=cleaned.get("kind", ""), from_date=cleaned.get("since"),
        free=bool(cleaned.get("free")),
    )  # fmt: skip
