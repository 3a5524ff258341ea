"""Reading enterprises."""

import re
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from communities.divisions.models import Division
from communities.divisions.queries import words_of
from communities.divisions.rules import bigrams
from homeservice.kernel.scope import Scope
from homeservice.kernel.vocabulary import EnterpriseRight
from providers.enterprises.models import Enterprise, EnterpriseManager, EnterpriseQuerySet
from providers.enterprises.rules import rights_of

DISTRICTS = (Division.Level.COUNTY, Division.Level.STREET)


def enterprise_of(scope: Scope) -> Enterprise | None:
    """The enterprise that the person manages."""
    return Enterprise.objects.filter(pk=scope.enterprise_id).first() if scope.enterprise_id else None


def enterprises_visible_to(scope: Scope) -> QuerySet[Enterprise]:
    """Those in reach, by name, each with `worker_count` of admitted workers."""
    admitted = Count("workers", filter=Q(workers__state="admitted"))
    found: QuerySet[Enterprise] = Enterprise.objects.visible_to(scope)
    return found.annotate(worker_count=admitted).order_by("name", "pk")


def managed_by(scope: Scope) -> EnterpriseQuerySet:
    """The enterprise that the signed-in manager acts for: one row, or none for anybody else."""
    rows: EnterpriseQuerySet = Enterprise.objects.visible_to(scope)
    return rows.filter(pk=scope.enterprise_id or 0).select_related("division", "liaison")


def accounts_of(enterprise: Enterprise) -> list[EnterpriseManager]:
    """Who acts for the enterprise, the legal representative first. One query."""
    posts = EnterpriseManager.objects.filter(enterprise=enterprise).select_related("user", "appointed_by")
    order = {"legal_representative": 0, "operator": 1, "clerk": 2}
    return sorted(posts.order_by("pk"), key=lambda post: order[post.rights])


def districts_found(text: str, *, limit: int = 8) -> list[Division]:
    """Districts, counties, streets and towns by what a person typed: names, pinyin or initials. One query."""
    words = words_of(text)
    if not words:
        return []
    rows = Division.objects.filter(level__in=DISTRICTS)
    for word in words:
        if re.fullmatch("[a-z]+", word):
            rows = rows.filter(Q(pinyin__startswith=word) | Q(initials__startswith=word))
        elif len(word) == 1:
            rows = rows.filter(short_name__startswith=word)
        else:
            rows = rows.filter(bigrams__contains=bigrams(word))
    return list(rows.order_by("level", "pinyin", "pk")[:limit])


def district_by_code(area_code: str) -> Division | None:
    """The district, county, street or town with that area code; None for other levels and for what is no code."""
    rows = Division.objects.filter(level__in=DISTRICTS)
    return rows.filter(pk=area_code).first() if area_code.isdecimal() else None


def manager_ids(enterprise_id: int) -> list[int]:
    """The users to be told of what concerns the enterprise."""
    managers = EnterpriseManager.objects.filter(enterprise_id=enterprise_id, user__is_active=True)
    return list(managers.order_by("pk").values_list("user_id", flat=True))


def managers_by_right(enterprise_ids: Iterable[int | None]) -> dict[tuple[int, EnterpriseRight], list[int]]:
    """By enterprise and right the users whose account has it: whom to tell of what only they may mend. One query."""
    found: dict[tuple[int, EnterpriseRight], list[int]] = defaultdict(list)
    posts = EnterpriseManager.objects.filter(enterprise__in=enterprise_ids, user__is_active=True).order_by("pk")
    for enterprise_id, user_id, rank in posts.values_list("enterprise_id", "user_id", "rights"):
        for right in rights_of(rank):
            found[enterprise_id, right].append(user_id)
    return found
