"""What an order must hold before it may be placed. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Circumstance

HOLD_LASTS = timedelta(minutes=10)
DRAFTS_KEPT = timedelta(days=1)
NOTE_LIMIT = 500
HEALTH_LIMIT = 500

# asked before any time is shown, for the answer decides who may come
QUESTIONS: Mapping[str, Promise] = {
    Circumstance.HEIGHT: gettext_lazy("Is it outside, or a window that cannot be cleaned from inside?"),
    Circumstance.REFRIGERANT: gettext_lazy("Is it about refrigerant or the outdoor unit of an air conditioner?"),
    Circumstance.WIRING: gettext_lazy("Is it about wires, sockets or the fuse box?"),
    Circumstance.LOCK_OPENING: gettext_lazy("Must a locked door be opened?"),
    Circumstance.MEDICAL_ACT: gettext_lazy("Is a medical act needed, such as an injection, a catheter or a dressing?"),
    Circumstance.CHEMICAL: gettext_lazy("Are strong chemicals needed, such as poison against pests?"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What the resident tells when placing: who it is for, what the law wants told, how to reach them.

    `health_declared` means that the question for illnesses was answered, be it with "none" (GD Art 13).
    """

    contact_name: str
    contact_phone: str
    recipient_id: int | None = None
    note: str = ""
    health_facts: str = ""
    health_declared: bool = False
    child_present: bool = False
    any_enterprise: bool = False
    terms_version: str = ""


def why_not_circumstances(asked: Collection[str], answered: Collection[str]) -> DomainError | None:
    """Only what the item asks for can be answered with yes."""
    if set(answered) <= set(asked):
        return None
    text = _("This service is not asked about that. Please look at the questions again.")
    return DomainError("circumstance_unknown", text, field="circumstances")


def why_not_posted(
    min_quantity: int | None, areas: Collection[str], quantity: int, home_area: str
) -> DomainError | None:
    """Why the version of the listing has no such order: it asks for more at least, or is offered elsewhere."""
    if min_quantity is not None and quantity < min_quantity:
        text = _("This enterprise comes for %(least)s at least.") % {"least": min_quantity}
        return DomainError("quantity_out_of_range", text, field="quantity")
    if areas and not home_area.startswith(tuple(areas)):
        text = _("This enterprise does not offer the service where the home is.")
        return DomainError("area_not_served", text, field="household")
    return None
