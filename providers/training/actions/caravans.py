"""Caravans and where they stop."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from communities.accounts.rules import checked_text
from communities.divisions.models import Division
from homeservice.kernel.errors import DomainError
from providers.enterprises.models import Enterprise
from providers.training.models import Caravan, CaravanStop, Session
from providers.training.queries import is_training_institution


@transaction.atomic
def add_caravan(*, provider: Enterprise, name: str, plate: str, kit: str) -> Caravan:
    """The institution has the caravan. Raises `not_a_training_institution`, `caravan_known`, `…_missing`, `…_too_long`."""
    if not is_training_institution(provider):
        raise DomainError("not_a_training_institution", _("Only training institutions hold courses."))
    row = Caravan(
        provider=provider,
        name=checked_text(name, "name", limit=40),
        plate=checked_text(plate, "plate", limit=12, required=False),
        kit=checked_text(kit, "kit", limit=200, required=False),
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise DomainError("caravan_known", _("A caravan of this name is on the road already."), field="name") from error
    return row


@transaction.atomic
def add_stop(
    *, caravan: Caravan, community: Division, place: str, lat: float | None, lon: float | None, starts_at: datetime,
    ends_at: datetime, at: datetime,
) -> CaravanStop:  # fmt: skip
    """The caravan stands there for that time; without a position, in the middle of the community.

    Raises `stop_backwards`, `stop_past`, `caravan_elsewhere`, `place_…`.
    """
    if ends_at <= starts_at:
        raise DomainError("stop_backwards", _("The end lies before the beginning."), field="ends_at")
    if starts_at <= at:
        raise DomainError("stop_past", _("Please choose a time that is still to come."), field="starts_at")
    row = CaravanStop(
        caravan=caravan,
        community=community,
        place=checked_text(place, "place", limit=120),
        lat=community.lat if lat is None else lat,
        lon=community.lon if lon is None else lon,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "caravan_at_one_place" not in str(error):
            raise
        message = _("The caravan stands somewhere else at that time.")
        raise DomainError("caravan_elsewhere", message, field="starts_at") from error
    return row


@transaction.atomic
def remove_stop(*, stop: CaravanStop) -> None:
    """The caravan doesn't stop there. Raises `stop_has_sessions` while a session is planned at it. Locks the stop."""
    row = CaravanStop.objects.select_for_update().get(pk=stop.pk)
    if Session.objects.filter(stop=row).exists():
        message = _("Sessions belong to this stop: they keep it in the record.")
        raise DomainError("stop_has_sessions", message)
    row.delete()
