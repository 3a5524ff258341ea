"""Builds the scope of a signed-in person from what each app knows of them."""

from collections import defaultdict
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from rest_framework.request import Request

from communities.accounts.models import StaffPost, User
from homeservice.kernel.access import has_second_factor, person_of
from homeservice.kernel.scope import NOBODY, Scope
from homeservice.kernel.vocabulary import EnterpriseRight, Role
from providers.enterprises.rules import rights_of

# every page of a signed-in person asks this: written out, since building the UNION by the ORM took longer than answering it
TIES = """
SELECT duty, division_id FROM communities_staffpost WHERE user_id = %(user)s
UNION ALL SELECT 'point', point_id::text FROM communities_pointstaff WHERE user_id = %(user)s
UNION ALL SELECT 'enterprise', enterprise_id::text FROM providers_enterprisemanager WHERE user_id = %(user)s
UNION ALL SELECT 'rights', rights FROM providers_enterprisemanager WHERE user_id = %(user)s
UNION ALL SELECT 'worker', id::text FROM providers_worker WHERE user_id = %(user)s
UNION ALL SELECT 'household', household_id::text FROM communities_householdmember
          WHERE user_id = %(user)s AND revoked_at IS NULL
"""


def scope_of(user: User, *, second_factor: bool) -> Scope:
    """The scope of an active person, in one query. Everybody is a resident, too.

    Without the session's second factor the roles are named, so that a page can ask for it, but
    nothing that a staff role would show is in reach.
    """
    ties = _ties(user)
    point_ids, enterprise_ids, worker_ids = _numbers(ties["point"]), _numbers(ties["enterprise"]), ties["worker"]
    held = {
        Role.RESIDENT: True,
        Role.WORKER: bool(worker_ids),
        Role.MANAGER: bool(enterprise_ids),
        Role.STAFF: bool(point_ids or ties[StaffPost.Duty.STAFF] or ties[StaffPost.Duty.REVIEWER]),
        Role.SUPERVISOR: bool(ties[StaffPost.Duty.SUPERVISOR]),
        Role.ADMIN: user.is_staff,
    }
    posts = {duty: tuple(sorted(ties[duty])) if second_factor else () for duty in StaffPost.Duty}
    return Scope(
        user_id=user.pk,
        roles=frozenset(role for role, has in held.items() if has),
        areas=tuple(sorted({*posts[StaffPost.Duty.STAFF], *posts[StaffPost.Duty.SUPERVISOR]})),
        desk_areas=posts[StaffPost.Duty.STAFF],
        review_areas=posts[StaffPost.Duty.REVIEWER],
        household_ids=_numbers(ties["household"]),
        point_ids=point_ids if second_factor else (),
        enterprise_id=enterprise_ids[0] if enterprise_ids else None,
        enterprise_rights=rights_of(ties["rights"][0]) if ties["rights"] else frozenset(),
        worker_id=int(worker_ids[0]) if worker_ids else None,
        everything=user.is_superuser and second_factor,
    )


def scope_of_program(request: Request, *, role: Role | None = None, right: EnterpriseRight | None = None) -> Scope:
    """The scope of the person whose token a program of API v1 sends. A token has no second factor: what staff duties
    show is not in its reach. 403 for who lacks the role, or as a manager the right."""
    scope = scope_of(person_of(request._request), second_factor=False)
    if (role and role not in scope.roles) or (right and right not in scope.enterprise_rights):
        raise PermissionDenied
    return scope


def _ties(user: User) -> dict[str, list[str]]:
    """What ties the person to divisions, points, an enterprise, a worker and households: one UNION."""
    ties: dict[str, list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(TIES, {"user": user.pk})
        for kind, key in cursor.fetchall():
            ties[kind].append(key)
    return ties


def _numbers(keys: list[str]) -> tuple[int, ...]:
    return tuple(sorted(int(key) for key in keys))


class ScopeMiddleware:
    """Puts `request.scope` on each request; it is computed when first read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        def of_request() -> Scope:
            user = request.user
            if not user.is_authenticated:
                return NOBODY
            return scope_of(user, second_factor=has_second_factor(request))

        request.scope = SimpleLazyObject(of_request)  # type: ignore[attr-defined]
        return self.get_response(request)
