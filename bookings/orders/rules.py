"""What an order must hold before it may be placed. Pure."""

from dataclasses import dataclass
from datetime import timedelta

HOLD_LASTS = timedelta(minutes=10)
DRAFTS_KEPT = timedelta(days=1)
NOTE_LIMIT = 500
HEALTH_LIMIT = 500


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
