"""The authorisation letter: published, signed, withdrawn."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from communities.accounts.rules import checked_text
from communities.inbox.actions import tell
from communities.inbox.rules import Notice
from homeservice.foundation import audit
from homeservice.foundation.models import Upload
from homeservice.kernel.clock import local_day
from homeservice.kernel.errors import DomainError
from homeservice.kernel.queue import wake
from providers.bindings.models import Authorisation, AuthorisationLetter
from providers.bindings.queries import letter_in_force
from providers.bindings.rules import fingerprint, same_name
from providers.enterprises.queries import manager_ids
from providers.workers.actions import NAME_MAX, mark_papers_changed
from providers.workers.models import Worker

SUSPEND_UNAUTHORISED = "providers.admission.open_cases"  # the desk's sweep, which also finds who withdrew
WITHDRAWN_TITLE = gettext_noop("A worker has withdrawn the authorisation")
WITHDRAWN_BODY = gettext_noop("You no longer see the file, and the worker is sent out no more until signing again.")


@transaction.atomic
def publish_letter(*, version: str, text_zh: str, text_en: str, valid_from: date) -> AuthorisationLetter:
    """The version exists with exactly these texts; doing it again changes nothing.

    Raises `letter_text_changed` if it exists with another text or day: people have signed it. The database refuses
    it as well.
    """
    values = {"text_zh": text_zh, "text_en": text_en, "sha256": fingerprint(text_zh), "valid_from": valid_from}
    letter, is_new = AuthorisationLetter.objects.get_or_create(version=version, defaults=values)
    if not is_new and any(getattr(letter, name) != value for name, value in values.items()):
        message = _("Version %(version)s has been published with another text. Publish a new version instead.")
        raise DomainError("letter_text_changed", message % {"version": version})
    return letter


@transaction.atomic
def sign_authorisation(
    *,
    worker: Worker,
    version: str,
    signed_name: str,
    agreed: bool,
    channel: str,
    recorded_by_id: int,
    at: datetime,
    scan: Upload | None = None,
) -> Authorisation:
    """The worker's signature under the letter of today is kept; an older version's ends with it. Locks the worker.

    `version` is the letter that was read. Raises `authorisation_not_agreed`, `signed_name_…`, `signed_name_differs`,
    `letter_outdated` when another version is in force by now. Signing the same version again changes nothing.
    """
    letter = checked_letter(version, agreed=agreed, at=at)
    name = checked_text(signed_name, "signed_name", limit=NAME_MAX)
    if not same_name(name, worker.real_name):
        message = _("Please sign with your own name as it stands on your ID card.")
        raise DomainError("signed_name_differs", message, field="signed_name")
    Worker.objects.select_for_update().get(pk=worker.pk)
    before = worker.authorisations.filter(withdrawn_at__isnull=True).first()
    if before and before.letter_id == letter.pk:
        return before
    worker.authorisations.filter(withdrawn_at__isnull=True).update(withdrawn_at=at)
    signed = Authorisation.objects.create(
        worker=worker, letter=letter, channel=channel, signed_name=name, signed_at=at, scan=scan,
        recorded_by_id=recorded_by_id,
    )  # fmt: skip
    audit.record(at=at, actor_id=recorded_by_id, action="authorisation_signed", subject=signed, channel=channel)
    mark_papers_changed(worker_ids=[worker.pk], at=at)
    return signed


@transaction.atomic
def withdraw_authorisation(*, worker: Worker, actor_id: int, at: datetime) -> None:
    """No letter is in force any more: the enterprise sees no file, the gate blocks, the code is computed anew.

    What was done under it stays lawful (PIPL 15). Raises `authorisation_not_in_force`. Locks the worker.
    """
    row = Worker.objects.select_for_update().get(pk=worker.pk)
    signed = row.authorisations.filter(withdrawn_at__isnull=True).first()
    if signed is None:
        raise DomainError("authorisation_not_in_force", _("There is no authorisation to withdraw."))
    signed.withdrawn_at = at
    signed.save(update_fields=["withdrawn_at"])
    audit.record(at=at, actor_id=actor_id, action="authorisation_withdrawn", subject=signed)
    mark_papers_changed(worker_ids=[row.pk], at=at)
    wake(SUSPEND_UNAUTHORISED)
    if row.enterprise_id:
        key = f"authorisation-withdrawn:{signed.pk}"
        tell([_withdrawn(user_id, key) for user_id in manager_ids(row.enterprise_id)], at=at)


def checked_letter(version: str, *, agreed: bool, at: datetime) -> AuthorisationLetter:
    """The letter of today, if it is the one that was read and agreed to."""
    letter = letter_in_force(local_day(at))
    if letter is None or letter.pk != version:
        message = _("The letter has changed in the meantime. Please read the new version.")
        raise DomainError("letter_outdated", message, field="version")
    if not agreed:
        message = _("The worker must sign the authorisation before anything about them is entered.")
        raise DomainError("authorisation_not_agreed", message, field="agreed")
    return letter


def _withdrawn(user_id: int, key: str) -> Notice:
    return Notice(
        recipient_id=user_id, title=WITHDRAWN_TITLE, body=WITHDRAWN_BODY, dedupe_key=key, url_name="enterprise_workers"
    )
