"""Builds the scope of a signed-in person from what each app knows of them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from communities.accounts.models import HouseholdMember, StaffPost, User
from communities.points.models import PointStaff
from homeservice.kernel.access import has_second_factor
from homeservice.kernel.scope import NOBODY, Scope
from homeservice.kernel.vocabulary import Role
from providers.enterprises.models import EnterpriseManager
from providers.workers.models import Worker


def scope_of(user: User, *, second_factor: bool) -> Scope:
    """The scope of an active person, in a fixed number of queries. Everybody is a resident, too.

    Without the session's second factor the roles are named, so that a page can ask for it, but
    nothing that a staff role would show is in reach.
    """
    posts = list(StaffPost.objects.filter(user=user).values_list("duty", "division_id"))
    point_ids = tuple(PointStaff.objects.filter(user=user).values_list("point_id", flat=True))
    enterprise_id = EnterpriseManager.objects.filter(user=user).values_list("enterprise_id", flat=True).first()
    worker_id = Worker.objects.filter(user=user).values_list("pk", flat=True).first()
    households = HouseholdMember.objects.filter(user=user, revoked_at__isnull=True)
    duties = {duty for duty, _ in posts}
    held = {
        Role.RESIDENT: True,
        Role.WORKER: worker_id is not None,
        Role.MANAGER: enterprise_id is not None,
        Role.STAFF: bool(point_ids) or StaffPost.Duty.STAFF in duties,
        Role.SUPERVISOR: StaffPost.Duty.SUPERVISOR in duties,
        Role.ADMIN: user.is_staff,
    }
    return Scope(
        user_id=user.pk,
        roles=frozenset(role for role, has in held.items() if has),
        areas=tuple(sorted({area for _, area in posts})) if second_factor else (),
        household_ids=tuple(households.values_list("household_id", flat=True)),
        point_ids=point_ids if second_factor else (),
        enterprise_id=enterprise_id,
        worker_id=worker_id,
        everything=user.is_superuser and second_factor,
    )


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
