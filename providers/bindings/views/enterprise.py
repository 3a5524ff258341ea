"""The enterprise's side: invite, answer applications, end a binding."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from homeservice.kernel.access import person_of, requires, scope_of_request
from homeservice.kernel.clock import now
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import EnterpriseRight, Role
from homeservice.kernel.web import paginated, refuse
from providers.bindings.actions import (
    confirm_binding,
    confirm_end,
    decline_binding,
    invite_worker,
    keep_binding,
    propose_end,
    take_back_proposal,
)
from providers.bindings.forms import EndForm, InvitationForm
from providers.bindings.models import Binding
from providers.bindings.queries import bindings_of_manager, waiting_at
from providers.bindings.rules import ENTERPRISE
from providers.enterprises.models import Enterprise


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_safe
def enterprise_bindings(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, and everything that was between the enterprise and people."""
    scope = scope_of_request(request)
    past = bindings_of_manager(scope).select_related("user__worker").exclude(state__in=["proposed", "ending"])
    context = {
        "enterprise": _enterprise(request),
        "waiting": waiting_at(scope),
        "page": paginated(request, past.order_by("-proposed_at", "-pk")),
        "columns": [
            {"key": "who", "label": _("Name")},
            {"key": "relation", "label": _("Working relation")},
            {"key": "state", "label": _("State")},
            {"key": "since", "label": _("From")},
            {"key": "until", "label": _("Until")},
        ],
    }
    return render(request, "providers/bindings/enterprise.html", context)


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_http_methods(["GET", "HEAD", "POST"])
def enterprise_worker_invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody by phone: they read the letter, sign and enter what is theirs."""
    form = InvitationForm(request.POST or None)
    if form.is_valid():
        try:
            invite_worker(
                enterprise=_enterprise(request), actor_id=person_of(request).pk, at=now(), **form.cleaned_data
            )
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The invitation is on its way. You are told when it is answered."))
            return redirect("enterprise_bindings")
    status = 422 if form.is_bound else 200
    return render(request, "providers/bindings/invite.html", {"form": form}, status=status)


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_POST
def enterprise_binding_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Say yes or no (`decline`) to an application."""
    binding, actor_id = _binding(request, pk), person_of(request).pk
    try:
        if "decline" in request.POST:
            decline_binding(binding=binding, side=ENTERPRISE, actor_id=actor_id, at=now())
            messages.success(request, _("The application is declined."))
        else:
            confirm_binding(binding=binding, side=ENTERPRISE, actor_id=actor_id, at=now())
            messages.success(request, _("The worker is yours now. Add their papers next."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("enterprise_bindings")


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_POST
def enterprise_binding_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back an invitation that nobody has answered."""
    try:
        take_back_proposal(binding=_binding(request, pk), side=ENTERPRISE, actor_id=person_of(request).pk, at=now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The invitation is taken back."))
    return redirect("enterprise_bindings")


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_http_methods(["GET", "HEAD", "POST"])
def enterprise_binding_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose to end a binding, with a reason that the worker reads."""
    binding, form = _binding(request, pk), EndForm(request.POST or None)
    if form.is_valid():
        try:
            propose_end(
                binding=binding, side=ENTERPRISE, reason=form.cleaned_data["reason"], actor_id=person_of(request).pk,
                at=now(),
            )  # fmt: skip
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The worker is asked. The binding ends once they confirm."))
            return redirect("enterprise_bindings")
    context = {"form": form, "binding": binding, "worker": binding.user.worker, "back": "enterprise_bindings"}
    return render(request, "providers/bindings/end.html", context, status=422 if form.is_bound else 200)


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_POST
def enterprise_binding_end_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm the end that the worker proposed, or `keep` the binding."""
    answer = keep_binding if "keep" in request.POST else confirm_end
    try:
        answer(binding=_binding(request, pk), side=ENTERPRISE, actor_id=person_of(request).pk, at=now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        kept = "keep" in request.POST
        messages.success(request, _("The binding stays in force.") if kept else _("The binding has ended."))
    return redirect("enterprise_bindings")


def _enterprise(request: HttpRequest) -> Enterprise:
    scope = scope_of_request(request)
    enterprise: Enterprise = get_object_or_404(Enterprise.objects.visible_to(scope), pk=scope.enterprise_id or 0)
    return enterprise


def _binding(request: HttpRequest, pk: int) -> Binding:
    found: Binding = get_object_or_404(
        bindings_of_manager(scope_of_request(request)).select_related("user__worker"), pk=pk
    )
    return found
