"""One paper: its life, and its scan."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from homeservice.foundation import audit
from homeservice.foundation.uploads import confidential_file
from homeservice.kernel.access import person_of, requires, scope_of_request
from homeservice.kernel.clock import now, today
from homeservice.kernel.scope import Scope
from homeservice.kernel.vocabulary import Role
from providers.credentials.models import Credential, CredentialType
from providers.credentials.registry import chain_of, events_of, may_mend, papers_opened_by, scanned_papers_for
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
        "own": paper.worker_id is not None and paper.worker_id == scope.worker_id,
        "theirs": bool(scope.enterprise_id) and not _is_outsider(paper, scope),
        "today": today(),
    }
    return render(request, "providers/credentials/history.html", context)


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
