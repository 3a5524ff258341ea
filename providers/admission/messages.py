"""Whom a step's messages reach: an enterprise's managers, a worker, the managers of a worker's enterprise."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from communities.inbox.rules import Notice
from homeservice.kernel.states import Step
from homeservice.kernel.vocabulary import EnterpriseRight
from providers.admission.models import AdmissionEvent
from providers.admission.rules import reason_words
from providers.admission.steps import EMPLOYER, FIRM, PERSON
from providers.enterprises.models import Enterprise
from providers.enterprises.queries import managers_by_right
from providers.workers.models import Worker

Holder = Worker | Enterprise
Managers = Mapping[tuple[int, EnterpriseRight], Sequence[int]]
PAGE_OF = {FIRM: "enterprise_office", EMPLOYER: "enterprise_worker", PERSON: "worker_admission"}


def notices_of(step: Step, holders: Sequence[Holder], events: Sequence[AdmissionEvent]) -> list[Notice]:
    """One notice for each message, holder and person concerned. One query.

    Reasons are told by their codes; what the reviewer wrote stands on the page: it may name people.
    """
    if not step.messages:
        return []
    managers = managers_by_right({_enterprise_id(holder) for holder in holders} - {None})
    return [
        Notice(
            recipient_id=recipient,
            title=message.title,
            body=message.body,
            params=_params(event),
            url_name=PAGE_OF[message.audience],
            url_args=(holder.pk,) if message.audience == EMPLOYER else (),
            dedupe_key=f"admission:{event.pk}:{message.audience}",
        )
        for message in step.messages
        for holder, event in zip(holders, events, strict=True)
        for recipient in _recipients(message.audience, holder, managers)
    ]


def _recipients(audience: str, holder: Holder, managers: Managers) -> Sequence[int]:
    """The accounts that can open the page which the message leads to."""
    if isinstance(holder, Worker):
        if audience == PERSON:
            return [holder.user_id]
        firm = holder.enterprise_id if audience == EMPLOYER else None
        return managers.get((firm, EnterpriseRight.STAFFING), []) if firm else []
    return managers.get((holder.pk, EnterpriseRight.OFFICE), []) if audience == FIRM else []


def _enterprise_id(holder: Holder) -> int | None:
    return holder.enterprise_id if isinstance(holder, Worker) else holder.pk


def _params(event: AdmissionEvent) -> dict[str, str]:
    return {
        f"reasons_{suffix}": _told(event, language)
        for suffix, language in (("zh", settings.LANGUAGE_CODE), ("en", "en"))
    }


def _told(event: AdmissionEvent, language: str) -> str:
    with override(language):
        words = [reason_words(event.reason_codes)] if event.reason_codes else []
        more = [str(_("Read on the page what the reviewer wrote."))] if event.reason or not words else []
        return str(_("; ")).join([*words, *more]) if words else more[0]
