"""Bindings and authorisations: an invitation to Alice, Charlie's application, and the worker's own binding."""

from typing import Any

from providers.bindings.models import Binding
from tests import world
from tests.architecture.walk import ALICE, MANAGER, WORKER, Case, Walk, alike, plain


def furnish(walk: Walk) -> None:
    """Alice is invited, Charlie applies, the worker is bound."""
    asked = {"enterprise": walk.town.enterprise, "relation": "flexible", "proposed_at": world.NOW}
    walk.more["binding_invitation"] = Binding.objects.create(
        user=walk.people["alice"], proposed_by="enterprise", proposer=walk.people["manager"], **asked
    )
    walk.more["binding_application"] = Binding.objects.create(
        user=walk.people["charlie"], proposed_by="worker", proposer=walk.people["charlie"], **asked
    )
    walk.more["binding_in_force"] = Binding.objects.get(user=walk.people["worker"], state="in_force")


def _invitation(walk: Walk) -> list[Any]:
    return [walk.more["binding_invitation"].pk]


def _application(walk: Walk) -> list[Any]:
    return [walk.more["binding_application"].pk]


def _binding(walk: Walk) -> list[Any]:
    return [walk.more["binding_in_force"].pk]


CASES: dict[str, Case] = {
    **plain("enterprise_worker_invite", "enterprise_bindings", "worker_bindings", "api_worker_bindings"),
    **plain("worker_authorisation", "worker_authorisation_withdraw"),
    "authorisation_letter": Case(lambda _walk: ["2026-1"]),
    "enterprise_binding_answer": Case(_application, MANAGER),
    "enterprise_binding_take_back": Case(_invitation, MANAGER),
    **alike(Case(_binding, MANAGER), "enterprise_binding_end", "enterprise_binding_end_answer"),
    "worker_binding_decline": Case(_invitation, ALICE),
    **alike(Case(_binding, WORKER), "worker_binding_end", "worker_binding_end_answer"),
}
