"""How a paper's life reads."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from homeservice.kernel.crypto import masked_name
from providers.credentials.models import Credential
from providers.credentials.registry import PaperEvent

KIND_OF_EVENT = {"submitted": "done", "verified": "done", "issued": "done", "superseded": "done"}


def timeline(events: Iterable[PaperEvent], *, names: bool) -> list[dict[str, Any]]:
    """The events as the timeline component wants them, the newest first; with full names of who acted for staff."""
    return [
        {
            "title": _title(one),
            "at": one.at,
            "body": " · ".join(part for part in (_by(one, names), _method(one), one.reason) if part),
            "kind": KIND_OF_EVENT.get(one.event, "bad"),
        }
        for one in events
    ]


def _title(one: PaperEvent) -> str:
    titles = {
        "submitted": _("Renewal handed in") if one.paper.renews_id else _("Handed in"),
        "verified": _("Verified"),
        "refused": _("Not accepted"),
        "revoked": _("Revoked"),
        "superseded": _("Carried on by its renewal"),
        "issued": _("Issued on the platform"),
    }
    return titles[one.event]


def _by(one: PaperEvent, names: bool) -> str:
    if one.actor is None:
        return ""
    return one.actor.name if names else masked_name(one.actor.name)


def _method(one: PaperEvent) -> str:
    return str(Credential.Method(one.method).label) if one.method in Credential.Method.values else ""
