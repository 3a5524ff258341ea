"""Sub-accounts: who else acts for the enterprise, and how far."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from homeservice.kernel.access import person_of, requires, scope_of_request
from homeservice.kernel.clock import now
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import EnterpriseRight, Role
from homeservice.kernel.web import refuse
from providers.enterprises.accounts import appoint_account, change_rank, remove_account
from providers.enterprises.forms import AppointForm, RankForm
from providers.enterprises.models import EnterpriseManager
from providers.enterprises.queries import accounts_of, managed_by
from providers.enterprises.rules import RIGHTS

HERE = "enterprise_accounts"


@requires(Role.MANAGER, right=EnterpriseRight.ACCOUNTS)
@require_safe
def enterprise_accounts(request: HttpRequest) -> HttpResponse:
    """Everybody who acts for the enterprise, and the form for one more."""
    return _show(request)


@requires(Role.MANAGER, right=EnterpriseRight.ACCOUNTS)
@require_POST
def enterprise_account_appoint(request: HttpRequest) -> HttpResponse:
    """A person acts for the enterprise from now on."""
    enterprise = get_object_or_404(managed_by(scope_of_request(request)))
    form = AppointForm(request.POST)
    if form.is_valid():
        try:
            appoint_account(enterprise=enterprise, actor_id=person_of(request).pk, at=now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The account is open, and the person has been told."))
            return redirect(HERE)
    return _show(request, appoint_form=form)


@requires(Role.MANAGER, right=EnterpriseRight.ACCOUNTS)
@require_POST
def enterprise_account_rank(request: HttpRequest, pk: int) -> HttpResponse:
    """Another rank for a sub-account."""
    post, form = _post(request, pk), RankForm(request.POST)
    if form.is_valid():
        try:
            change_rank(post=post, rights=form.cleaned_data["rights"], actor_id=person_of(request).pk, at=now())
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The rank is changed."))
            return redirect(HERE)
    return _show(request, refused=str(next(iter(form.errors.values()))[0]))


@requires(Role.MANAGER, right=EnterpriseRight.ACCOUNTS)
@require_POST
def enterprise_account_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """The person no longer acts for the enterprise."""
    post = _post(request, pk)
    try:
        remove_account(post=post, actor_id=person_of(request).pk, at=now())
    except DomainError as error:
        return _show(request, refused=str(error))
    messages.success(request, _("The account is closed, and the person has been told."))
    return redirect(HERE)


def _post(request: HttpRequest, pk: int) -> EnterpriseManager:
    enterprise = get_object_or_404(managed_by(scope_of_request(request)))
    return get_object_or_404(EnterpriseManager, pk=pk, enterprise=enterprise)


def _show(request: HttpRequest, *, appoint_form: AppointForm | None = None, refused: str = "") -> HttpResponse:
    enterprise = get_object_or_404(managed_by(scope_of_request(request)))
    context = {
        "enterprise": enterprise,
        "accounts": accounts_of(enterprise),
        "appoint_form": appoint_form or AppointForm(),
        "refused": refused,
        "ranks": [
            (rank.label, [right.label for right in EnterpriseRight if right in RIGHTS[rank.value]])
            for rank in EnterpriseManager.Rights
        ],
    }  # fmt: skip
    return render(
        request, "providers/enterprises/accounts.html", context, status=422 if appoint_form or refused else 200
    )
