"""The worker's side: invitations, one's own enterprise, the authorisation."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from homeservice.kernel.access import person_of, public, requires, scope_of_request, signed_in
from homeservice.kernel.clock import now, today
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Role
from homeservice.kernel.web import refuse
from providers.bindings.actions import (
    confirm_end,
    decline_binding,
    keep_binding,
    propose_end,
    sign_authorisation,
    take_back_proposal,
    withdraw_authorisation,
)
from providers.bindings.forms import EndForm, SignatureForm
from providers.bindings.models import AuthorisationLetter, Binding
from providers.bindings.queries import authorisation_of, authorisations_of, bindings_of, letter_in_force, worker_of
from providers.bindings.rules import WORKER, blocks_of
from providers.workers.models import Worker


@signed_in
@require_safe
def worker_bindings(request: HttpRequest) -> HttpResponse:
    """Invitations to answer, the enterprise one works for, and what was before."""
    user = person_of(request)
    rows = bindings_of(user)
    context = {
        "worker": worker_of(user),
        "open": [row for row in rows if row.state == Binding.State.PROPOSED],
        "bound": next((row for row in rows if row.state in (Binding.State.IN_FORCE, Binding.State.ENDING)), None),
        "past": [row for row in rows if row.state in (Binding.State.ENDED, Binding.State.DECLINED)],
    }
    return render(request, "providers/bindings/worker.html", context)


@signed_in
@require_POST
def worker_binding_decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Say no to an invitation, or take one's own application back."""
    binding, user = _own(request, pk), person_of(request)
    answer = take_back_proposal if binding.proposed_by == WORKER else decline_binding
    try:
        answer(binding=binding, side=WORKER, actor_id=user.pk, at=now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        taken_back = binding.proposed_by == WORKER
        done = _("Your application is taken back.") if taken_back else _("The invitation is declined.")
        messages.success(request, done)
    return redirect("worker_bindings")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def worker_binding_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose to leave one's enterprise, with a reason that it reads."""
    binding, form = _own(request, pk), EndForm(request.POST or None)
    if form.is_valid():
        try:
            propose_end(
                binding=binding, side=WORKER, reason=form.cleaned_data["reason"], actor_id=person_of(request).pk,
                at=now(),
            )  # fmt: skip
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Your enterprise is asked. The binding ends once it confirms."))
            return redirect("worker_bindings")
    context = {"form": form, "binding": binding, "back": "worker_bindings"}
    return render(request, "providers/bindings/end.html", context, status=422 if form.is_bound else 200)


@signed_in
@require_POST
def worker_binding_end_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm the end that the enterprise proposed, or `keep` the binding."""
    answer = keep_binding if "keep" in request.POST else confirm_end
    try:
        answer(binding=_own(request, pk), side=WORKER, actor_id=person_of(request).pk, at=now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        kept = "keep" in request.POST
        messages.success(request, _("The binding stays in force.") if kept else _("The binding has ended."))
    return redirect("worker_bindings")


@requires(Role.WORKER)
@require_http_methods(["GET", "HEAD", "POST"])
def worker_authorisation(request: HttpRequest) -> HttpResponse:
    """What one signed, when, and how to withdraw it; or the letter of today to sign."""
    worker, letter = _worker(request), letter_in_force(today())
    form = SignatureForm(request.POST or None, initial={"version": letter and letter.pk})
    if form.is_valid():
        try:
            sign_authorisation(
                worker=worker, recorded_by_id=person_of(request).pk, channel="web", at=now(), **form.cleaned_data
            )
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Your authorisation is in force. You may withdraw it at any time."))
            return redirect("worker_authorisation")
    context = {
        "worker": worker,
        "letter": letter,
        "blocks": blocks_of(letter.text) if letter else [],
        "form": form,
        "in_force": authorisation_of(worker),
        "signed": authorisations_of(worker),
    }
    return render(request, "providers/bindings/authorisation.html", context, status=422 if form.is_bound else 200)


@requires(Role.WORKER)
@require_POST
def worker_authorisation_withdraw(request: HttpRequest) -> HttpResponse:
    """Withdraw it, without a reason."""
    try:
        withdraw_authorisation(worker=_worker(request), actor_id=person_of(request).pk, at=now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Your authorisation is withdrawn. You are sent no more jobs until you sign again."))
    return redirect("worker_authorisation")


@public
@require_safe
def authorisation_letter(request: HttpRequest, version: str) -> HttpResponse:
    """A version of the letter, for anybody to read."""
    letter = get_object_or_404(AuthorisationLetter, pk=version)
    context = {"letter": letter, "blocks": blocks_of(letter.text)}
    return render(request, "providers/bindings/letter.html", context)


def _own(request: HttpRequest, pk: int) -> Binding:
    """A binding of the person's own, never of the enterprise that they may manage as well."""
    found = Binding.objects.visible_to(scope_of_request(request)).filter(user=person_of(request))
    binding: Binding = get_object_or_404(found.select_related("enterprise"), pk=pk)
    return binding


def _worker(request: HttpRequest) -> Worker:
    scope = scope_of_request(request)
    worker: Worker = get_object_or_404(Worker.objects.visible_to(scope), pk=scope.worker_id or 0)
    return worker
