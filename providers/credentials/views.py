"""Handing in a worker's paper."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from homeservice.kernel.access import person_of, requires, scope_of_request
from homeservice.kernel.clock import now
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import EnterpriseRight, Role
from homeservice.kernel.web import refuse
from providers.credentials.actions import submit_credential
from providers.credentials.forms import CredentialForm
from providers.workers.queries import workers_of


@requires(Role.MANAGER, right=EnterpriseRight.STAFFING)
@require_http_methods(["GET", "HEAD", "POST"])
def credential_new(request: HttpRequest, worker_pk: int) -> HttpResponse:
    """A paper of one of the enterprise's workers; it counts once the platform has verified it."""
    worker = get_object_or_404(workers_of(scope_of_request(request)), pk=worker_pk)
    form = CredentialForm(request.POST or None, request.FILES or None, of_enterprise=False)
    if form.is_valid():
        try:
            submit_credential(holder=worker, actor_id=person_of(request).pk, at=now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error if error.field != "file" else DomainError(error.code, error.message, field="scan"))
        else:
            messages.success(request, _("The paper is handed in. It counts as soon as it has been verified."))
            return redirect("enterprise_worker", worker.pk)
    status = 422 if form.is_bound else 200
    return render(request, "providers/credentials/new.html", {"form": form, "worker": worker}, status=status)
