"""Who may see which rows: a code prefix of divisions, and what is the person's own."""

from dataclasses import dataclass
from typing import Any, Self

from django.db import models
from django.db.models import Q

from homeservice.kernel.vocabulary import EnterpriseRight, Role


@dataclass(frozen=True, slots=True)
class Scope:
    """What one signed-in person may see. Built once per request by `providers.scope.scope_of`.

    `areas` are area codes (2/4/6/9/12 digits) of the divisions that staff and supervisors hold: they see what
    lies under them. Staff act only in `desk_areas`. Reviewing staff see and check enterprises and workers in
    `review_areas`, and nothing of bookings. The other members are the person's own.
    """

    user_id: int | None = None
    roles: frozenset[Role] = frozenset()
    areas: tuple[str, ...] = ()
    desk_areas: tuple[str, ...] = ()
    review_areas: tuple[str, ...] = ()
    household_ids: tuple[int, ...] = ()
    point_ids: tuple[int, ...] = ()
    enterprise_id: int | None = None
    enterprise_rights: frozenset[EnterpriseRight] = frozenset()
    worker_id: int | None = None
    everything: bool = False

    @property
    def supply_areas(self) -> tuple[str, ...]:
        """Where the person sees enterprises, workers and their papers."""
        return self.areas + self.review_areas

    def covers(self, area_code: str) -> bool:
        """Whether a division lies in (or is) one that this person holds."""
        return self.everything or any(area_code.startswith(area) for area in self.areas)


NOBODY = Scope()


def within(field: str, areas: tuple[str, ...]) -> Q:
    """Rows whose `field` (an area code) lies under one of `areas`; no row for no areas."""
    condition = Q(pk__in=[])
    for area in areas:
        condition |= Q(**{f"{field}__startswith": area})
    return condition


def own(scope: Scope, *, worker: str, enterprise: tuple[str, ...]) -> Q:
    """Rows about the person as a worker, or about the enterprise that they act for, by these fields.

    Whoever decides for an office leaves them out: nobody decides in their own cause.
    """
    found = Q(pk__in=[])
    if scope.worker_id:
        found |= Q(**{worker: scope.worker_id})
    if scope.enterprise_id:
        for field in enterprise:
            found |= Q(**{field: scope.enterprise_id})
    return found


class ScopedQuerySet(models.QuerySet[Any]):
    """A queryset whose model says who may see it: the only way pages and the API get objects."""

    def visible_to(self, scope: Scope) -> Self:
        raise NotImplementedError(f"{self.model.__name__} does not say who may see it")
