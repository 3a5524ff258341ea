"""One paper: its life, and its scan."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from homeservice.foundation import audit
from homeservice.foundation.uploads import confidential_file
from homeservice.kernel.access import person_of, requires, scope_of_request
from homeservice.kernel.clock import now, today
from homeservice.kernel.errors import DomainError
from homeservice.kernel.scope import Scope
from homeservice.kernel.vocabulary import Role
from homeservice.kernel.web import refuse
from providers.credentials.actions import decide_credential
from providers.credentials.forms import RevokeForm
from providers.credentials.models import Credential, CredentialType
from providers.credentials.registry import (
    chain_of,
    events_of,
    may_mend,
    papers_opened_by,
    papers_revoked_by,
    scanned_papers_for,
)
from providers.credentials.wording import timeline

READERS = (Role.WORKER, Role.MANAGER, Role.STAFF, Role.ADMIN)


@require_safe
@requires(*READERS)
def credential_history(request: HttpRequest, pk: int) -> HttpResponse:
    """What a paper proves and all that happened to it, for its holder, their enterprise and reviewing staff."""
    scope = scope_of_request(request)
    paper = get_object_or_404(papers_opened_by(scope), pk=pk)
    chain = chain_of(paper)
    context = {
        "paper": paper,
        "kind": CredentialType.objects.filter(pk=paper.code).first(),
        "chain": chain,
        "timeline": timeline(events_of(chain), names=_is_outsider(paper, scope)),
        "may_renew": may_mend(paper, scope),
        "scanned": scanned_papers_for(scope).filter(pk=paper.pk).exists(),
        "may_revoke": papers_revoked_by(scope).filter(pk=paper.pk).exists(),
        "own": paper.worker_id is not None and paper.worker_id == scope.worker_id,
        "theirs": bool(scope.enterprise_id) and not _is_outsider(paper, scope),
        "today": today(),
    }
    return render(request, "providers/credentials/history.html", context)


@requires(Role.STAFF, Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def credential_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Reviewing staff take a verified paper out of force: first what will happen, then a reason."""
    paper = get_object_or_404(papers_revoked_by(scope_of_request(request)), pk=pk)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            decide_credential(
                credential=paper, state=Credential.State.REVOKED, reason=form.cleaned_data["reason"],
                actor_id=person_of(request).pk, at=now(),
            )  # fmt: skip
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The paper is revoked. Whom it concerns has been told."))
            return redirect("credential_history", paper.pk)
    context = {"paper": paper, "form": form}
    return render(request, "providers/credentials/revoke.html", context, status=422 if form.is_bound else 200)


@require_safe
@requires(*READERS)
def credential_scan(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The picture of a paper, kept by no browser; that staff looked at it stands in the log."""
    scope = scope_of_request(request)
    paper = get_object_or_404(scanned_papers_for(scope), pk=pk)
    assert paper.scan is not None
    if _is_outsider(paper, scope):
        audit.record(
            at=now(), actor_id=person_of(request).pk, action="credential_scan_seen", subject=paper, code=paper.code
        )
    return confidential_file(paper.scan)


def _is_outsider(paper: Credential, scope: Scope) -> bool:
    """Whether the person looks at it as staff: it is neither their own nor their enterprise's."""
    if paper.worker is None:
        return paper.enterprise_id != scope.enterprise_id
    return paper.worker_id != scope.worker_id and (
        scope.enterprise_id is None or paper.worker.enterprise_id != scope.enterprise_id
    )
