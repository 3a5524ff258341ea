"""Handing in a paper, or the renewal of one."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from homeservice.foundation.navigation import url_or_nothing
from homeservice.kernel.access import person_of, requires, scope_of_request
from homeservice.kernel.clock import now
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import EnterpriseRight, Role
from homeservice.kernel.web import refuse
from providers.bindings.queries import is_authorised
from providers.credentials.actions import not_authorised, renew_credential, submit_credential
from providers.credentials.forms import CredentialForm, ScanForm, ValidityForm
from providers.credentials.models import Credential
from providers.credentials.papers import PaperType
from providers.credentials.registry import paper_type, papers_mended_by, types_for
from providers.enterprises.models import Enterprise
from providers.enterprises.queries import enterprise_of
from providers.workers.models import Worker
from providers.workers.queries import workers_of

PAGE_METHODS = ["GET", "HEAD", "POST"]
Act = Callable[..., Credential]


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_http_methods(PAGE_METHODS)
def credential_new(request: HttpRequest, worker_pk: int) -> HttpResponse:
    """A paper of one of the enterprise's workers; it counts once the platform has verified it."""
    worker = get_object_or_404(workers_of(scope_of_request(request)), pk=worker_pk)
    return _handed_in(request, worker, worker.real_name, back=resolve_url("enterprise_worker", worker.pk))


@requires(Role.WORKER)
@require_http_methods(PAGE_METHODS)
def worker_paper_new(request: HttpRequest) -> HttpResponse:
    """A paper of one's own."""
    worker = get_object_or_404(Worker, pk=scope_of_request(request).worker_id)
    return _handed_in(request, worker, "", back=url_or_nothing("worker_papers") or resolve_url("me"))


@requires(Role.MANAGER, right=EnterpriseRight.OFFICE)
@require_http_methods(PAGE_METHODS)
def enterprise_licence_new(request: HttpRequest) -> HttpResponse:
    """A licence of the enterprise itself."""
    enterprise = enterprise_of(scope_of_request(request))
    back = url_or_nothing("enterprise_office") or resolve_url("enterprise_workers")
    return _handed_in(request, enterprise, str(enterprise), back=back)


@requires(Role.WORKER, Role.MANAGER)
@require_http_methods(PAGE_METHODS)
def credential_renew(request: HttpRequest, pk: int) -> HttpResponse:
    """The new validity of a paper that ends; what the rank of an account may renew, its rights say."""
    paper = get_object_or_404(papers_mended_by(scope_of_request(request)), pk=pk)
    if paper.worker and not is_authorised(paper.worker.pk):
        return _closed(request, resolve_url("credential_history", paper.pk))
    form = ValidityForm(*_typed(request))

    def renewed(**given: Any) -> Credential:
        return renew_credential(credential=paper, **given)

    kind = paper_type(paper.code)
    done = _sent(request, form, kind, renewed) if request.method == "POST" else None
    if done:
        messages.success(request, _("The renewal is handed in. Until it is verified the present paper counts."))
        return redirect("credential_history", done.pk)
    return _page(request, "providers/credentials/renew.html", kind, {"form": form, "paper": paper})


def _handed_in(request: HttpRequest, holder: Worker | Enterprise | None, lead: str, *, back: str) -> HttpResponse:
    assert holder is not None  # a manager has an enterprise: the scope says so
    if isinstance(holder, Worker) and not is_authorised(holder.pk):
        return _closed(request, back)
    types = types_for(of_enterprise=isinstance(holder, Enterprise))
    form = CredentialForm(*_typed(request), types=types, initial={"code": request.GET.get("code")})
    kind = next((one.rules for one in types if one.code == form["code"].value()), None)

    def submitted(**given: Any) -> Credential:
        return submit_credential(holder=holder, **{"level": None, **given})

    if request.method == "POST" and _sent(request, form, kind, submitted):
        messages.success(request, _("The paper is handed in. It counts as soon as it has been verified."))
        return redirect(back)
    return _page(
        request, "providers/credentials/new.html", kind, {"form": form, "lead": lead, "types": types, "back": back}
    )


def _closed(request: HttpRequest, back: str) -> HttpResponse:
    """Nothing is stored before the signature, not even the scan of a form that would be refused."""
    messages.error(request, not_authorised().message)
    return redirect(back)


def _typed(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _sent(request: HttpRequest, form: ScanForm, kind: PaperType | None, act: Act) -> Credential | None:
    """The paper, or None with what was refused written into the form. A chosen file is kept either way."""
    at, person = now(), person_of(request)
    valid = form.is_valid()
    form.keep(kind, actor_id=person.pk, at=at)
    if not valid or form.errors:
        return None
    given = {name: value for name, value in form.cleaned_data.items() if name not in ("scan", "kept")}
    try:
        return act(scan=form.stored, actor_id=person.pk, at=at, **given)
    except DomainError as error:
        refuse(form, error)
        return None


def _page(request: HttpRequest, template: str, kind: PaperType | None, context: Mapping[str, Any]) -> HttpResponse:
    context["form"].expect(kind)
    status = 422 if context["form"].is_bound else 200
    return render(request, template, dict(context), status=status)
