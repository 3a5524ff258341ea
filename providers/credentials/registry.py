"""Reading papers and their types: one paper's life, what a holder has, what ends soon."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from communities.accounts.models import User
from homeservice.foundation.models import AuditEntry
from homeservice.kernel.errors import DomainError
from homeservice.kernel.scope import Scope
from providers.credentials.models import Credential, CredentialType
from providers.credentials.papers import PaperType

EVENTS = ("submitted", "verified", "refused", "revoked", "superseded", "issued")


@dataclass(frozen=True, slots=True)
class PaperEvent:
    """Something that happened to a paper: what, when, by whom, how it was checked, and why."""

    paper: Credential
    event: str
    at: datetime
    actor: User | None
    method: str
    reason: str


def paper_type(code: str) -> PaperType:
    """The type of a code. Raises `credential_unknown`."""
    row = CredentialType.objects.filter(pk=code).first()
    if row is None:
        raise DomainError("credential_unknown", _("The platform does not know this kind of paper."), field="code")
    return row.rules


def types_in_order() -> QuerySet[CredentialType]:
    return CredentialType.objects.order_by("position", "pk")


def types_for(*, of_enterprise: bool) -> list[CredentialType]:
    """What an enterprise, or a person, may hand in."""
    return list(types_in_order().filter(of_enterprise=of_enterprise))


def papers_opened_by(scope: Scope) -> QuerySet[Credential]:
    """The papers whose life the person may look at, with their holders."""
    return _with_holders(Credential.objects.opened_by(scope))


def papers_mended_by(scope: Scope) -> QuerySet[Credential]:
    """The papers that the person may renew, with their holders."""
    return _with_holders(Credential.objects.mended_by(scope))


def papers_revoked_by(scope: Scope) -> QuerySet[Credential]:
    """The papers that the person may revoke, with their holders."""
    return _with_holders(Credential.objects.revoked_by(scope))


def scanned_papers_for(scope: Scope) -> QuerySet[Credential]:
    """The papers whose scan the person may look at, with it and their holders."""
    return _with_holders(Credential.objects.with_scan_for(scope))


def may_mend(paper: Credential, scope: Scope) -> bool:
    """Whether the person may renew this paper, and it can be renewed: verified, with an end, and not renewed yet."""
    if paper.state != Credential.State.VERIFIED or paper.valid_until is None:
        return False
    renewals = Credential.objects.filter(renews=paper).exclude(state=Credential.State.REFUSED)
    return papers_mended_by(scope).filter(pk=paper.pk).exists() and not renewals.exists()


def chain_of(paper: Credential) -> list[Credential]:
    """The paper with those that it renews and those that renew it, the newest first."""
    same = Credential.objects.filter(code=paper.code, issuer=paper.issuer, number_index=paper.number_index)
    whose = Q(worker_id=paper.worker_id, enterprise_id=paper.enterprise_id)
    return list(same.filter(whose).select_related("scan").order_by("-pk"))


def events_of(chain: Iterable[Credential]) -> list[PaperEvent]:
    """All that the log says of the papers, the newest first. Two queries."""
    papers = {str(paper.pk): paper for paper in chain}
    rows = AuditEntry.objects.filter(
        subject_type=Credential._meta.label_lower,
        subject_id__in=list(papers),
        action__in=[f"credential_{event}" for event in EVENTS],
    ).order_by("-at", "-pk")
    entries = list(rows)
    people = User.objects.in_bulk([entry.actor_id for entry in entries if entry.actor_id])
    return [
        PaperEvent(
            paper=papers[entry.subject_id],
            event=entry.action.removeprefix("credential_"),
            at=entry.at,
            actor=people.get(entry.actor_id or 0),
            method=entry.detail.get("method", ""),
            reason=entry.purpose,
        )
        for entry in entries
    ]


def papers_ending(first_day: date, last_day: date) -> QuerySet[Credential]:
    """Verified papers whose last day lies in [first_day, last_day] and that no other paper of the holder outlasts,
    be it verified or handed in."""
    outlasting = Credential.objects.filter(
        Q(worker=OuterRef("worker")) | Q(enterprise=OuterRef("enterprise")),
        Q(level=OuterRef("level")) | Q(level__isnull=True),
        Q(valid_until__isnull=True) | Q(valid_until__gt=OuterRef("valid_until")),
        code=OuterRef("code"),
        state__in=[Credential.State.VERIFIED, Credential.State.SUBMITTED],
    )
    ending = Credential.objects.filter(
        state=Credential.State.VERIFIED, valid_until__gte=first_day, valid_until__lte=last_day
    )
    uncovered = ending.filter(~Exists(outlasting))
    return uncovered.select_related("worker").order_by("pk")


def _with_holders(papers: QuerySet[Credential]) -> QuerySet[Credential]:
    return papers.select_related("worker__enterprise", "enterprise", "scan")
