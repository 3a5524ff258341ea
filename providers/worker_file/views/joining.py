"""Saying yes to an invitation, applying oneself, and confirming in person."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.accounts.actions import request_code
from communities.accounts.identity import TEST_AREA
from communities.accounts.models import Identity, OneTimeCode, User
from communities.accounts.queries import identity_of
from homeservice.kernel.access import person_of, requires, scope_of_request, signed_in
from homeservice.kernel.clock import now, today
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Admission, EnterpriseRight, Role
from homeservice.kernel.web import client_ip, refuse
from providers.bindings.forms import SignatureForm
from providers.bindings.models import Binding
from providers.bindings.queries import (
    bindings_of_manager,
    enterprises_to_apply_to,
    is_authorised,
    letter_in_force,
    worker_of,
)
from providers.bindings.rules import blocks_of
from providers.enterprises.models import Enterprise
from providers.worker_file.actions import Applicant, apply_to_work, join_enterprise, join_in_person
from providers.worker_file.forms import ApplicationForm, InPersonForm, JoinForm
from providers.workers.finding import community_choices, is_searching

BAD_FIELDS = {"file": "scan", "real_name": "signed_name", "consent": "consented", "phone": "code"}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def worker_join(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the letter, sign it, say who one is: all at once, and only what is not known yet."""
    user = person_of(request)
    invited = Binding.objects.visible_to(scope_of_request(request)).filter(user=user, proposed_by="enterprise")
    binding = get_object_or_404(invited.select_related("enterprise", "user"), pk=pk)
    form = _signing_form(request, user)
    if _is_sent(request) and (form is None or form.is_valid()):
        try:
            join_enterprise(binding=binding, applicant=_applicant(form), at=now())
        except DomainError as error:
            _refuse(request, form, error)
        else:
            messages.success(request, _("You work for %(name)s now.") % {"name": binding.enterprise.name})
            return redirect("worker_bindings")
    context = {"binding": binding, "enterprise": binding.enterprise, **_context(request, user, form)}
    return render(request, "providers/worker_file/join.html", context, status=_status(request))


@signed_in
@require_safe
def worker_apply(request: HttpRequest) -> HttpResponse:
    """Find an enterprise to apply to, by its name."""
    query = request.GET.get("q", "")
    context = {"query": query, "found": enterprises_to_apply_to(query)}
    return render(request, "providers/worker_file/apply.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def worker_apply_to(request: HttpRequest, pk: int) -> HttpResponse:
    """Apply to one enterprise; who is no worker yet signs the letter first, on the same page."""
    user = person_of(request)
    enterprise = get_object_or_404(Enterprise, pk=pk, state=Admission.ADMITTED)
    form = _signing_form(request, user)
    sent = _is_sent(request)
    asked = ApplicationForm(request.POST if sent else None, initial=request.POST.dict() or None)
    if sent and all([asked.is_valid(), form is None or form.is_valid()]):
        try:
            apply_to_work(user=user, enterprise=enterprise, applicant=_applicant(form), at=now(), **asked.cleaned_data)
        except DomainError as error:
            _refuse(request, asked if form is None or error.field in asked.fields else form, error)
        else:
            messages.success(request, _("The enterprise is asked. You are told when it answers."))
            return redirect("worker_bindings")
    context = {"enterprise": enterprise, "application": asked, **_context(request, user, form)}
    return render(request, "providers/worker_file/apply_to.html", context, status=_status(request))


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_http_methods(["GET", "HEAD", "POST"])
def enterprise_binding_in_person(request: HttpRequest, pk: int) -> HttpResponse:
    """For who is not at home with phones: the letter signed on paper, and the code read out."""
    binding = _invitation(request, pk)
    form = _in_person_form(request, binding)
    if _is_sent(request) and form.is_valid():
        given = form.cleaned_data
        try:
            join_in_person(
                binding=binding, applicant=form.applicant(), code=given["code"], scan=given["scan"],
                manager=person_of(request), at=now(),
            )  # fmt: skip
        except DomainError as error:
            _refuse(request, form, error)
        else:
            messages.success(request, _("The worker is yours now. Add their papers next."))
            return redirect("enterprise_bindings")
    context = {"binding": binding, **_context(request, binding.user, form)}
    return render(request, "providers/worker_file/in_person.html", context, status=_status(request))


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_POST
def enterprise_binding_code(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the code to the worker's own phone."""
    binding = _invitation(request, pk)
    try:
        issued = request_code(
            phone=binding.user.phone, ip=client_ip(request), at=now(), purpose=OneTimeCode.Purpose.BINDING
        )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        shown = " " + _("(Demonstration: it is %(code)s.)") % {"code": issued.code} if settings.EMBEDDED else ""
        messages.success(request, _("The code is on its way to the worker's phone.") + shown)
    return redirect("enterprise_binding_in_person", binding.pk)


def _invitation(request: HttpRequest, pk: int) -> Binding:
    found = bindings_of_manager(scope_of_request(request)).filter(proposed_by="enterprise", state="proposed")
    binding: Binding = get_object_or_404(found, pk=pk)
    return binding


def _signing_form(request: HttpRequest, user: User) -> SignatureForm | None:
    """What this person has still to enter: everything, the signature alone, or nothing."""
    worker, filled = worker_of(user), request.POST if _is_sent(request) else None
    letter = letter_in_force(today())
    initial: dict[str, Any] = {**request.POST.dict()} or {"version": letter and letter.pk}
    if worker is None:
        return JoinForm(filled, initial=initial, identified=_is_identified(user))
    return None if is_authorised(worker.pk) else SignatureForm(filled, initial=initial)


def _in_person_form(request: HttpRequest, binding: Binding) -> InPersonForm:
    letter = letter_in_force(today())
    sent = _is_sent(request)
    return InPersonForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        initial=request.POST.dict() or {"version": letter and letter.pk},
        identified=_is_identified(binding.user) or worker_of(binding.user) is not None,
    )


def _is_identified(user: User) -> bool:
    identity = identity_of(user)
    return identity is not None and identity.state == Identity.State.VERIFIED


def _applicant(form: SignatureForm | None) -> Applicant:
    if isinstance(form, JoinForm):
        return form.applicant()
    return Applicant(**form.cleaned_data) if form else Applicant()


def _context(request: HttpRequest, user: User, form: SignatureForm | None) -> dict[str, Any]:
    letter = letter_in_force(today())
    return {
        "form": form,
        "letter": letter,
        "blocks": blocks_of(letter.text) if letter else [],
        "asks_home": isinstance(form, JoinForm) and worker_of(user) is None,
        "test_area": TEST_AREA if settings.EMBEDDED else "",
        **community_choices(request),
    }


def _is_sent(request: HttpRequest) -> bool:
    return request.method == "POST" and not is_searching(request)


def _status(request: HttpRequest) -> int:
    return 422 if _is_sent(request) else 200


def _refuse(request: HttpRequest, form: Any, error: DomainError) -> None:
    """Beside the field of this form; without any, above the page."""
    named = DomainError(error.code, error.message, field=BAD_FIELDS.get(str(error.field), error.field))
    if form is None:
        messages.error(request, error.message)
    else:
        refuse(form, named)
