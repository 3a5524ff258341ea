"""Certificates of passes: issued, entered into the registry of papers, and revoked."""

from collections.abc import Iterable
from datetime import datetime

import structlog
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from communities.accounts.rules import checked_text
from communities.inbox.actions import tell
from communities.inbox.rules import Notice
from homeservice.foundation import audit
from homeservice.kernel.clock import local_day
from homeservice.kernel.errors import DomainError
from homeservice.kernel.queue import wake
from providers.credentials.actions import decide_credential, issue_credential
from providers.credentials.models import Credential
from providers.training.models import Certificate, Enrolment
from providers.training.queries import certificates_awaiting_registry, sign_certificate
from providers.training.rules import certificate_end, new_certificate_code
from providers.workers.models import Worker

log = structlog.get_logger(__name__)

ENTER_CERTIFICATES = "providers.training.enter_certificates"
BATCH = 200
REASON_MAX = 200
REVOKED = gettext_noop("A certificate is revoked: %(course)s")
REVOKED_BODY = gettext_noop("Reason: %(reason)s")


def issue_certificates(*, enrolments: Iterable[Enrolment], at: datetime) -> list[Certificate]:
    """Each pass has a certificate with a code of its own; the registry's papers follow after commit.

    The caller's transaction; the enrolments are passed and locked.
    """
    rows = [
        Certificate(enrolment=one, code=new_certificate_code(sign_certificate), issued_at=at) for one in enrolments
    ]  # fmt: skip
    made = Certificate.objects.bulk_create(rows)
    if made:
        wake(ENTER_CERTIFICATES)
    return made


@transaction.atomic
def certificates_into_registry(user_id: int, *, at: datetime) -> int:
    """The person's certificates stand in the registry, if they are on file as a worker; answers how many are new.

    Certificates that have run out by now are left: the registry takes no paper that has lapsed. Locks the worker.
    """
    worker = Worker.objects.select_for_update().filter(user_id=user_id).first()
    if worker is None:
        return 0
    entered = 0
    for certificate in certificates_awaiting_registry().filter(enrolment__user_id=user_id):
        entered += _entered(certificate, worker, at)
    return entered


def enter_certificates(*, at: datetime) -> int:
    """As `certificates_into_registry`, for everybody who became a worker meanwhile. One transaction a person: one
    person's refusal keeps nobody else's papers out."""
    people = certificates_awaiting_registry().values_list("enrolment__user_id", flat=True)
    entered = 0
    for user_id in sorted(set(people)):
        try:
            entered += certificates_into_registry(user_id, at=at)
        except DomainError as error:
            log.warning("certificate_not_entered", code=error.code)
    return entered


@transaction.atomic
def revoke_certificate(*, certificate: Certificate, reason: str, actor_id: int, at: datetime) -> Certificate:
    """The certificate no longer verifies, its paper in the registry is revoked, and the person is told why.

    Raises `certificate_revoked`, `reason_…`. Locks the certificate.
    """
    said = checked_text(reason, "reason", limit=REASON_MAX)
    row = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if row.revoked_at:
        raise DomainError("certificate_revoked", _("This certificate has been revoked already."))
    row.revoked_at, row.revoked_reason = at, said
    row.save(update_fields=["revoked_at", "revoked_reason"])
    paper = row.credential
    if paper and paper.state == Credential.State.VERIFIED:
        decide_credential(
            credential=paper, state=Credential.State.REVOKED, reason=said, actor_id=actor_id, at=at
        )  # fmt: skip
    audit.record(at=at, actor_id=actor_id, action="certificate_revoked", subject=row, purpose=said)
    tell([_revoked_notice(certificate, said)], at=at)
    return row


def _entered(certificate: Certificate, worker: Worker, at: datetime) -> int:
    """1 if the paper is new in the registry, 0 if the certificate has run out."""
    course = certificate.enrolment.session.course
    until = certificate_end(certificate.issued_at, course.certificate_months)
    if until and until < local_day(at):
        return 0
    paper = issue_credential(
        holder=worker, code=course.certificate_code, level=course.certificate_level, issuer=course.provider.name,
        number=certificate.code, valid_from=local_day(certificate.issued_at), valid_until=until,
        method=Credential.Method.ISSUED_HERE, actor_id=certificate.enrolment.decided_by_id, at=at,
    )  # fmt: skip
    Certificate.objects.filter(pk=certificate.pk).update(credential=paper)
    return 1


def _revoked_notice(certificate: Certificate, reason: str) -> Notice:
    course = certificate.enrolment.session.course
    params = {"course_zh": course.name_zh, "course_en": course.name_en or course.name_zh, "reason": reason}
    return Notice(
        recipient_id=certificate.enrolment.user_id, title=REVOKED, body=REVOKED_BODY, params=params,
        dedupe_key=f"certificate-revoked-{certificate.pk}", url_name="my_trainings",
    )  # fmt: skip
