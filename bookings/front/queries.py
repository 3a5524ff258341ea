"""What the resident's home and an item's page show beside the menus."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, Q

from bookings.lifecycle.models import Assignment, Booking, State
from bookings.lifecycle.queries import CURRENT, own_bookings
from bookings.menus.models import MenuEntry
from bookings.menus.queries import ENTRY_TABLES, points_reaching
from communities.points.queries import openings
from communities.points.rules import Opening
from homeservice.kernel.scope import Scope
from providers.catalogue.models import ServiceItem
from providers.credentials.models import Credential, Requirement
from providers.enterprises.models import Enterprise
from providers.workers.models import Worker

AGAIN_SHOWN = 3
AGAIN_LOOKED_AT = 20
POINTS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Again:
    """A past booking that can be repeated: its item, and the workers who came."""

    booking: Booking
    workers: tuple[Worker, ...]


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """A point near home, and how it stands now."""

    point: Any
    opening: Opening


def next_visit(scope: Scope, *, at: datetime) -> Booking | None:
    """The person's (or their household's) visit that is under way or comes next. One query."""
    coming = own_bookings(scope).filter(placed_at__isnull=False, state__in=CURRENT, ends_at__gt=at)
    return coming.select_related("item", "point", "entry__point").order_by("starts_at", "pk").first()


def done_before(scope: Scope) -> list[Again]:
    """The last few items that were done for the person and are still on offer, newest first. Three queries
    at most, however many bookings."""
    past = own_bookings(scope).filter(state__in=[State.FINISHED, State.SETTLED], entry__in=MenuEntry.objects.on_offer())
    came = Assignment.objects.filter(state=Assignment.State.DONE).select_related("worker").order_by("pk")
    rows = past.select_related("item", "entry__listing__enterprise", "entry__point").prefetch_related(
        Prefetch("visit__assignments", queryset=came, to_attr="came")
    )
    found: dict[str, Again] = {}
    for booking in rows.order_by("-starts_at", "-pk")[:AGAIN_LOOKED_AT]:
        came_then: list[Assignment] = getattr(booking.visit, "came", [])
        workers = tuple(assignment.worker for assignment in came_then)
        found.setdefault(booking.item_id, Again(booking, workers))
    return list(found.values())[:AGAIN_SHOWN]


def points_at(lat: float, lon: float) -> list[Any]:
    """The nearest points whose reach covers a place, each with `distance_m`. One query."""
    return list(points_reaching(lat, lon))


def opening_of(points: Iterable[Any], *, at: datetime) -> list[OpenPoint]:
    """How the first few of the points stand at an instant. Two queries."""
    shown = list(points)[:POINTS_SHOWN]
    stand = openings([point.pk for point in shown], at)
    return [OpenPoint(point, stand[point.pk]) for point in shown]


def entries_orderable() -> Any:
    """What residents see on any menu, with all that an item's page says of it."""
    return MenuEntry.objects.on_offer().select_related(*ENTRY_TABLES, "point__community")


def requirements_shown(item: ServiceItem, *, on_date: date) -> list[Requirement]:
    """What the law or the platform asks of who comes for the item on a day, in the table's order. One query."""
    in_force = Q(valid_from__lte=on_date) & (Q(valid_until__isnull=True) | Q(valid_until__gte=on_date))
    rows = Requirement.objects.filter(in_force, kind=item.kind_id, item_code__in=["", item.code])
    return list(rows.filter(effect=Requirement.Effect.BLOCK, holder=Requirement.Holder.WORKER).order_by("pk"))


def licences_of(enterprise: Enterprise, *, on_date: date) -> list[Credential]:
    """The enterprise's verified papers that hold on a day (E-commerce Law 15: to be shown). One query."""
    in_force = Q(valid_from__lte=on_date) & (Q(valid_until__isnull=True) | Q(valid_until__gte=on_date))
    papers = Credential.objects.filter(in_force, enterprise=enterprise, state=Credential.State.VERIFIED)
    return list(papers.order_by("code", "pk"))
