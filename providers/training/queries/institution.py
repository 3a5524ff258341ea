"""What a training institution, its trainers and the community's desk see of their own."""

from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from homeservice.kernel.scope import Scope, within
from homeservice.kernel.vocabulary import CredentialCode, EnterpriseRight
from providers.credentials.models import Credential
from providers.enterprises.models import Enterprise
from providers.training.models import (
    Caravan,
    CaravanStop,
    Course,
    Session,
    SessionQuerySet,
    TrainingRequest,
    TrainingRequestQuerySet,
)

CITY_DIGITS = 4


def is_training_institution(enterprise: Enterprise) -> bool:
    return bool(enterprise.org_type == Enterprise.OrgType.TRAINING)


def licensed_to_train(enterprise: Enterprise, on_date: date) -> bool:
    """Whether a training-school licence of the enterprise is verified and in force. One query."""
    papers = Credential.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on_date),
        enterprise=enterprise,
        code=CredentialCode.TRAINING_SCHOOL,
        state=Credential.State.VERIFIED,
        valid_from__lte=on_date,
    )
    return papers.exists()


def courses_of(scope: Scope) -> QuerySet[Course]:
    """The courses of the enterprise that the person manages, by name, with `session_count`."""
    mine = Course.objects.filter(provider_id=scope.enterprise_id or 0)
    return mine.annotate(session_count=Count("sessions")).order_by("-active", "name_zh", "pk")


def caravans_of(scope: Scope) -> QuerySet[Caravan]:
    return Caravan.objects.filter(provider_id=scope.enterprise_id or 0).order_by("name", "pk")


def routes_of(caravan: Caravan, at: datetime) -> QuerySet[CaravanStop]:
    """The stops of a caravan that are not over, with `session_count` of those not cancelled."""
    held = Count("sessions", filter=~Q(sessions__state=Session.State.CANCELLED))
    rows = CaravanStop.objects.filter(caravan=caravan, ends_at__gt=at).select_related("community")
    return rows.annotate(session_count=held).order_by("starts_at", "pk")


def sessions_of(scope: Scope) -> SessionQuerySet:
    """The sessions of the enterprise that the person manages."""
    mine = Session.objects.visible_to(scope).filter(course__provider_id=scope.enterprise_id or 0)
    return mine.select_related("course", "community", "trainer")


def sessions_run_by(scope: Scope) -> SessionQuerySet:
    """The sessions whose list the person keeps: as its trainer, or for its provider with the right to its people."""
    mine = Q(trainer_id=scope.user_id or 0)
    if EnterpriseRight.STAFFING in scope.enterprise_rights:
        mine |= Q(course__provider_id=scope.enterprise_id or 0)
    return Session.objects.visible_to(scope).filter(mine).select_related("course__provider", "community", "trainer")


def requests_for(enterprise: Enterprise, scope: Scope) -> TrainingRequestQuerySet:
    """What communities of the institution's city ask for, and what it has taken itself."""
    city = Q(community__area_code__startswith=enterprise.division_id[:CITY_DIGITS])
    rows = TrainingRequest.objects.visible_to(scope).filter(city | Q(taken_by=enterprise))
    return rows.select_related("community", "kind", "session")


def requests_of_desk(scope: Scope) -> TrainingRequestQuerySet:
    """The requests of the divisions that the person acts for, where they may still be withdrawn."""
    rows: TrainingRequestQuerySet = TrainingRequest.objects.visible_to(scope)
    return rows.filter(within("community__area_code", scope.desk_areas)).select_related("community", "kind")
