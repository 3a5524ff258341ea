"""What people are told beside a booking's steps: who is replaced and why, whose paper ends, and that nobody is left."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from bookings.dispatch.rules import REPLACED_AHEAD
from bookings.lifecycle.messages import PAGE_OF, params_of, recipients_of
from bookings.lifecycle.models import Booking
from bookings.lifecycle.steps import DESK, ENTERPRISE, RESIDENT, WORKER
from communities.inbox.rules import Notice
from homeservice.kernel.clock import local_day
from homeservice.kernel.states import Message
from providers.credentials.rules import Finding

TAKEN_AWAY = Message(
    WORKER, gettext_noop("A visit is no longer yours: %(item)s"),
    gettext_noop("%(starts_at)s. %(reason)s. Please do not go there."),
)  # fmt: skip
SENT_ANOTHER = Message(
    WORKER, gettext_noop("A visit is no longer yours: %(item)s"),
    gettext_noop("%(starts_at)s. Somebody else was named by hand. Please do not go there."),
)  # fmt: skip
REPLACED = Message(
    ENTERPRISE, gettext_noop("A worker of yours may not come, another is sought: %(item)s"),
    gettext_noop("%(starts_at)s. %(reason)s."),
)  # fmt: skip
PAPER_ENDS = Message(
    WORKER, gettext_noop("A paper of yours ends before a visit: %(item)s"),
    gettext_noop("%(starts_at)s. %(reason)s. Please hand in the new one before %(until_date)s, or somebody else is named."),
)  # fmt: skip
WORKERS_PAPER_ENDS = Message(
    ENTERPRISE, gettext_noop("A paper ends before a visit: %(item)s"),
    gettext_noop("%(starts_at)s. %(reason)s. Please have it renewed before %(until_date)s, or somebody else is named."),
)  # fmt: skip
SOUGHT = Message(
    RESIDENT, gettext_noop("We are looking for another worker: %(item)s"),
    gettext_noop("%(starts_at)s. Whoever was named cannot come. We tell you as soon as somebody is found."),
)  # fmt: skip
NOBODY_LEFT = Message(
    DESK, gettext_noop("Nobody of the enterprise is left for a booking: %(item)s"),
    gettext_noop("%(starts_at)s. Other service points are being asked. Please look at it."),
)  # fmt: skip


def of_replaced(booking: Booking, gone: Mapping[int, Sequence[Finding]]) -> list[Notice]:
    """For each worker (by their person's key) who may not come what forbids it, and for their enterprise all of it."""
    everything = [finding for findings in gone.values() for finding in findings]
    return [
        *(notice(booking, TAKEN_AWAY, user, **in_both(findings)) for user, findings in gone.items()),
        *of_audience([booking], REPLACED, **in_both(everything)),
    ]


def of_warned(booking: Booking, warned: Mapping[int, Sequence[Finding]]) -> list[Notice]:
    """Worker and enterprise are told once that a paper ends before the visit, and until when it can be renewed."""
    until = {"until_date": local_day(booking.starts_at - REPLACED_AHEAD)}
    told = []
    for user, findings in warned.items():
        key = "ends:" + ",".join(sorted({f"{one.reason_code}:{one.since}" for one in findings}))
        told.append(notice(booking, PAPER_ENDS, user, key=key, **in_both(findings), **until))
        told += of_audience([booking], WORKERS_PAPER_ENDS, key=f"{key}:{user}", **in_both(findings), **until)
    return told


def of_nobody_left(bookings: Sequence[Booking]) -> list[Notice]:
    """Resident and desk learn that the enterprise has nobody else for a visit that had its worker."""
    promised = [booking for booking in bookings if booking.assigned_at]
    return of_audience(promised, SOUGHT) + of_audience(promised, NOBODY_LEFT) if promised else []


def of_audience(bookings: Sequence[Booking], message: Message, *, key: str = "", **params: Any) -> list[Notice]:
    """The message for everybody of its audience. A query for any audience but the residents."""
    recipients = recipients_of(message.audience, bookings)
    return [
        notice(booking, message, person, key=key, **params)
        for booking in bookings
        for person in sorted(recipients.get(booking.pk, ()))
    ]


def notice(booking: Booking, message: Message, recipient_id: int, *, key: str = "", **params: Any) -> Notice:
    """The message for one person, told once: at this version of the booking, or for ever under a `key`."""
    return Notice(
        recipient_id=recipient_id, title=message.title, body=message.body, params=params_of(booking) | params,
        url_name=PAGE_OF[message.audience], url_args=(booking.no,),
        dedupe_key=f"{booking.pk}:{key or f'{booking.version}:{message.title}'}:{message.audience}",
    )  # fmt: skip


def in_both(findings: Sequence[Finding]) -> dict[str, str]:
    """What forbids something, in both languages: each reader gets their own. The notice puts the full stop."""
    said = {}
    for language, suffix in (("zh-hans", "zh"), ("en", "en")):
        with translation.override(language):
            texts = dict.fromkeys(str(one.text).rstrip("。.") for one in findings)
            said[f"reason_{suffix}"] = gettext("; ").join(texts)
    return said
