"""Reading enterprises."""

from django.db.models import Count, Q, QuerySet

from homeservice.kernel.scope import Scope
from providers.enterprises.models import Enterprise, EnterpriseManager


def enterprise_of(scope: Scope) -> Enterprise | None:
    """The enterprise that the person manages."""
    return Enterprise.objects.filter(pk=scope.enterprise_id).first() if scope.enterprise_id else None


def enterprises_visible_to(scope: Scope) -> QuerySet[Enterprise]:
    """Those in reach, by name, each with `worker_count` of admitted workers."""
    admitted = Count("workers", filter=Q(workers__state="admitted"))
    found: QuerySet[Enterprise] = Enterprise.objects.visible_to(scope)
    return found.annotate(worker_count=admitted).order_by("name", "pk")


def manager_ids(enterprise_id: int) -> list[int]:
    """The users to be told of what concerns the enterprise."""
    managers = EnterpriseManager.objects.filter(enterprise_id=enterprise_id, user__is_active=True)
    return list(managers.order_by("pk").values_list("user_id", flat=True))
