"""Reading authorisations and bindings."""

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from communities.accounts.models import User
from homeservice.kernel.scope import Scope
from homeservice.kernel.vocabulary import Admission
from providers.bindings.models import Authorisation, AuthorisationLetter, Binding
from providers.enterprises.models import Enterprise
from providers.workers.models import Worker

SEARCH_LIMIT = 12


def letter_in_force(on_date: date) -> AuthorisationLetter | None:
    """The version that is signed on that day: the newest that has begun."""
    begun = AuthorisationLetter.objects.filter(valid_from__lte=on_date)
    return begun.order_by("-valid_from", "-pk").first()


def is_authorised(worker_id: int) -> bool:
    """Whether the worker has signed the letter and not withdrawn it."""
    return bool(authorised_among([worker_id]))


def authorised_among(worker_ids: Collection[int]) -> set[int]:
    """Those of the workers who have an authorisation in force. One query."""
    in_force = Authorisation.objects.filter(worker__in=worker_ids, withdrawn_at__isnull=True)
    return set(in_force.values_list("worker_id", flat=True))


def authorisation_of(worker: Worker) -> Authorisation | None:
    """The authorisation in force, with its letter."""
    return worker.authorisations.filter(withdrawn_at__isnull=True).select_related("letter").first()


def authorisations_of(worker: Worker) -> list[Authorisation]:
    """Everything that the worker signed, newest first, with letters."""
    return list(worker.authorisations.select_related("letter").order_by("-signed_at", "-pk"))


def worker_of(user: User) -> Worker | None:
    """The worker that the person is, or None for one who has not signed anything yet."""
    return Worker.objects.select_related("enterprise", "home_community").filter(user=user).first()


def binding_of(user: User) -> Binding | None:
    """The binding in force (or ending), with its enterprise."""
    return user.bindings.in_force().select_related("enterprise").first()


def bindings_of(user: User) -> list[Binding]:
    """Everything between the person and enterprises, newest first, with the enterprises."""
    return list(user.bindings.select_related("enterprise").order_by("-proposed_at", "-pk"))


def bindings_of_manager(scope: Scope) -> QuerySet[Binding]:
    """The bindings of the enterprise that the person manages; none for anybody else."""
    found: QuerySet[Binding] = Binding.objects.visible_to(scope).filter(enterprise_id=scope.enterprise_id or 0)
    return found.select_related("user", "enterprise")


def waiting_at(scope: Scope) -> QuerySet[Binding]:
    """What the enterprise or the other side has still to answer: proposals, then ends, oldest first."""
    open_states = [Binding.State.PROPOSED, Binding.State.ENDING]
    return (
        bindings_of_manager(scope)
        .select_related("user__worker")
        .filter(state__in=open_states)
        .order_by("proposed_at", "pk")
    )


def enterprises_to_apply_to(text: str) -> list[Enterprise]:
    """Admitted enterprises whose name holds the words, by name; none for fewer than two characters."""
    words = text.replace("\x00", "").strip()
    if len(words) < 2:
        return []
    found = Enterprise.objects.filter(state=Admission.ADMITTED, name__icontains=words)
    return list(found.select_related("division").order_by("name", "pk")[:SEARCH_LIMIT])
