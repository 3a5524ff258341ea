"""Communities ask for trainings; institutions of the city take them on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.divisions.models import Division
from communities.divisions.queries import find_communities
from homeservice.kernel.access import person_of, requires, scope_of_request
from homeservice.kernel.clock import now
from homeservice.kernel.errors import DomainError
from homeservice.kernel.scope import Scope, within
from homeservice.kernel.vocabulary import Role
from homeservice.kernel.web import paginated, refuse
from providers.training.actions import request_training, take_request, withdraw_request
from providers.training.forms import RequestForm, SessionForm
from providers.training.models import TrainingRequest
from providers.training.queries import is_training_institution, requests_for, requests_of_desk
from providers.training.views.institution import FORM_METHODS, institution
from providers.training.views.own import CHOICES, community_choices, form_arguments, is_searching, own_enterprise

OWN_SHOWN = 30


@requires(Role.STAFF, Role.SUPERVISOR)
@require_safe
def training_requests(request: HttpRequest) -> HttpResponse:
    """What the communities of one's divisions asked for, and what became of it."""
    scope = scope_of_request(request)
    state = request.GET.get("state", "")
    rows = TrainingRequest.objects.visible_to(scope).select_related("community", "kind", "taken_by", "session")
    if state in TrainingRequest.State.values:
        rows = rows.filter(state=state)
    context = {
        "page": paginated(request, rows.order_by("-requested_at", "-pk")),
        "tabs": _tabs(state),
        "may_ask": bool(scope.desk_areas),
        "own": set(requests_of_desk(scope).filter(state="open").values_list("pk", flat=True))
        if scope.desk_areas
        else (),
        "columns": _columns(),
    }
    return render(request, "providers/training/requests.html", context)


@requires(Role.STAFF)
@require_http_methods(FORM_METHODS)
def training_request_new(request: HttpRequest) -> HttpResponse:
    """Ask for a training in a community of one's divisions."""
    scope, searching = scope_of_request(request), is_searching(request)
    found = _own_communities(scope, request.POST.get("q", ""), str(request.POST.get("community", "")))
    data = request.POST if request.method == "POST" and not searching else None
    form = RequestForm(data, communities=found, initial=request.POST.dict() if searching else {})
    if form.is_valid():
        try:
            request_training(**form.cleaned_data, actor_id=person_of(request).pk, at=now())
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The training institutions of your city see the request now."))
            return redirect("training_requests")
    context = {
        "form": form, "communities": found, "chosen": request.POST.get("community", ""),
        "query": request.POST.get("q", ""), "may_ask": bool(scope.desk_areas),
    }  # fmt: skip
    return render(request, "providers/training/request_form.html", context, status=422 if form.is_bound else 200)


@requires(Role.STAFF)
@require_POST
def training_request_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The community no longer asks for it."""
    row = get_object_or_404(requests_of_desk(scope_of_request(request)), pk=pk)
    try:
        withdraw_request(request=row)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The request is withdrawn."))
    return redirect("training_requests")


@institution
@require_safe
def enterprise_requests(request: HttpRequest) -> HttpResponse:
    """What communities of the institution's city ask for, the open ones first."""
    enterprise = own_enterprise(request)
    rows = requests_for(enterprise, scope_of_request(request))
    context = {
        "page": paginated(request, rows.order_by("-state", "wished_for", "-requested_at", "-pk")),
        "trains": is_training_institution(enterprise),
        "columns": _columns(),
    }
    return render(request, "providers/training/open_requests.html", context)


@institution
@require_http_methods(FORM_METHODS)
def enterprise_request_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a request on by planning a session for it."""
    enterprise, at = own_enterprise(request), now()
    asked = get_object_or_404(requests_for(enterprise, scope_of_request(request)).filter(state="open"), pk=pk)
    wished = {"community": asked.community_id, "day": asked.wished_for, "seats": asked.headcount}
    form = SessionForm(provider=enterprise, at=at, **form_arguments(request, wished))
    if form.is_valid():
        course = form.cleaned_data["course"]
        try:
            session = take_request(request=asked, provider=enterprise, course=course, facts=form.facts(), at=at)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The request is yours, and the community is told. Publish the session next."))
            return redirect("training_roll", session.pk)
    context = {"form": form, "asked": asked, **community_choices(request, form)}
    return render(request, "providers/training/session_form.html", context, status=422 if form.is_bound else 200)


def _own_communities(scope: Scope, query: str, chosen: str) -> list[Division]:
    """The communities of the desk's divisions: those found by name; without a search the first by pinyin."""
    rows = Division.objects.filter(within("area_code", scope.desk_areas), level=Division.Level.COMMUNITY)
    known = list(rows.filter(pk=chosen)) if chosen.isdecimal() and len(chosen) == 12 else []
    if query.strip():
        codes = [one.pk for one in find_communities(query.replace("\x00", ""), limit=200)]
        return [*known, *rows.filter(pk__in=codes).exclude(pk=chosen).order_by("pinyin", "pk")[:CHOICES]]
    return [*known, *rows.exclude(pk=chosen).order_by("pinyin", "pk")[:OWN_SHOWN]]


def _tabs(state: str) -> list[dict[str, object]]:
    shown = [("", _("All")), *TrainingRequest.State.choices]
    return [{"label": label, "href": f"?state={key}", "current": key == state} for key, label in shown]


def _columns() -> list[dict[str, str]]:
    return [
        {"key": "community", "label": _("Community")},
        {"key": "kind", "label": _("Service")},
        {"key": "headcount", "label": _("How many people"), "class": "hs-right"},
        {"key": "wished_for", "label": _("Wished for")},
        {"key": "note", "label": _("Note")},
        {"key": "state", "label": _("State")},
    ]
