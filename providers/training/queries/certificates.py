"""Certificates: genuine or not, whose they are, and which still wait for the registry."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from homeservice.kernel.crypto import blind_index
from homeservice.kernel.scope import Scope, within
from homeservice.kernel.vocabulary import EnterpriseRight
from providers.training.models import Certificate
from providers.training.rules import (
    CodeFault,
    certificate_end,
    typed_certificate_code,
    why_not_certificate_code,
)
from providers.workers.models import Worker


def sign_certificate(text: str) -> str:
    """The keyed digest that only the platform can make."""
    return blind_index(text, purpose="certificate")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification says: valid, expired, revoked, unknown, or why the code can't be one (`CodeFault`)."""

    word: str
    certificate: Certificate | None = None
    until: date | None = None

    @property
    def genuine(self) -> bool:
        return self.certificate is not None


def verdict_on(typed: str, on_date: date) -> Verdict:
    """What is to be said of a code. A mistyped or forged one is refused without a query; else one query decides."""
    code = typed_certificate_code(typed)
    fault: CodeFault | None = why_not_certificate_code(code, sign_certificate)
    if fault:
        return Verdict(fault.value)
    found = certificate_by_code(code)
    if found is None:
        return Verdict("unknown")
    until = certificate_end(found.issued_at, found.enrolment.session.course.certificate_months)
    if found.revoked_at:
        return Verdict("revoked", found, until)
    return Verdict("expired" if until and until < on_date else "valid", found, until)


def certificate_by_code(code: str) -> Certificate | None:
    return _whole().filter(code=code).first()


def certificates_of(user_id: int) -> QuerySet[Certificate]:
    return _whole().filter(enrolment__user_id=user_id).order_by("-issued_at", "-pk")


def certificates_to_show(scope: Scope) -> QuerySet[Certificate]:
    """One's own, and those of the training institution that one manages."""
    mine = Q(enrolment__user_id=scope.user_id or 0)
    return _whole().filter(mine | _of_provider(scope))


def certificates_to_revoke(scope: Scope) -> QuerySet[Certificate]:
    """Those that one's own institution issued; for staff those issued in their divisions."""
    areas = within("enrolment__session__community__area_code", scope.supply_areas)
    return _whole().filter(_of_provider(scope) | areas)


def certificates_awaiting_registry() -> QuerySet[Certificate]:
    """Valid ones that lead to a paper, of people who are on file as workers by now."""
    workers = Worker.objects.filter(user=OuterRef("enrolment__user"))
    rows = _whole().filter(Exists(workers), credential__isnull=True, revoked_at__isnull=True)
    return rows.exclude(enrolment__session__course__certificate_code="").order_by("pk")


def _of_provider(scope: Scope) -> Q:
    if EnterpriseRight.STAFFING not in scope.enterprise_rights:
        return Q(pk__in=[])
    return Q(enrolment__session__course__provider_id=scope.enterprise_id or 0)


def _whole() -> QuerySet[Certificate]:
    return Certificate.objects.select_related("enrolment__user__identity", "enrolment__session__course__provider")
