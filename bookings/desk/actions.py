"""What only the desk writes: that a resident was received, and that a list left the house."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from communities.accounts.actions.consents import give_consent
from communities.accounts.models import Consent, User
from communities.points.models import ServicePoint
from homeservice.foundation.audit import record
from homeservice.kernel.errors import DomainError


@transaction.atomic
def receive_resident(*, resident: User, staff: User, channel: str, consented: bool, at: datetime) -> None:
    """Somebody with an account came to the desk or telephoned, and agreed that staff order for them.

    The consent is kept with who recorded it. Raises `consent_required`, `account_inactive`.
    """
    if not consented:
        text = _("Please read the notice to the person, and tick the box when they have agreed.")
        raise DomainError("consent_required", text, field="consent")
    if not resident.is_active:
        raise DomainError("account_inactive", _("This account is closed."), field="phone")
    give_consent(user=resident, kind=Consent.Kind.DESK_ORDER, at=at, channel=channel, recorded_by=staff)
    record(at=at, actor_id=staff.pk, action="resident.received", subject=resident, purpose=channel)


@transaction.atomic
def note_export(*, point: ServicePoint, day: date, rows: int, staff: User, at: datetime) -> None:
    """The log says who took a day's list out of the system."""
    record(
        at=at, actor_id=staff.pk, action="day_list.exported", subject=point, purpose="day list", day=str(day), rows=rows
    )
