"""Registering enterprises, their managers, and taking them out of service."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from communities.accounts.models import User
from communities.accounts.rules import checked_text
from communities.divisions.models import Division
from homeservice.foundation import audit
from homeservice.kernel.errors import DomainError
from homeservice.kernel.queue import wake
from providers.enterprises.models import Enterprise, EnterpriseManager
from providers.enterprises.rules import credit_code

REASON_MAX = 200
RECOMPUTE_CODES = "providers.service_codes.recompute_changed"


@transaction.atomic
def register_enterprise(
    *, name: str, social_credit_code: str, org_type: str, division: Division, complaint_phone: str
) -> Enterprise:
    """The enterprise is on file and active; what it may offer is the gate's to say.

    Raises `name_missing`, `name_too_long`, `credit_code_…`, `enterprise_known` for a name or code on file already.
    """
    row = Enterprise(
        name=checked_text(name, "name", limit=80),
        social_credit_code=credit_code(social_credit_code),
        org_type=org_type,
        division=division,
        complaint_phone=checked_text(complaint_phone, "complaint_phone", limit=20),
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        message = _("An enterprise with this name or credit code is on file already.")
        raise DomainError("enterprise_known", message, field="social_credit_code") from error
    return row


@transaction.atomic
def appoint_manager(*, enterprise: Enterprise, user: User, rights: str) -> EnterpriseManager:
    """The person acts for the enterprise. Raises `manages_another` for one who acts for another one."""
    post, _created = EnterpriseManager.objects.get_or_create(
        user=user, defaults={"enterprise": enterprise, "rights": rights}
    )
    if post.enterprise_id != enterprise.pk:
        raise DomainError("manages_another", _("This person manages another enterprise."), field="user")
    return post


@transaction.atomic
def change_enterprise_state(*, enterprise: Enterprise, state: str, reason: str, actor_id: int, at: datetime) -> None:
    """The gate blocks all workers of an enterprise that isn't active: no new orders, running ones go on.

    Raises `reason_missing`, `reason_too_long`. Locks the enterprise.
    """
    said = checked_text(reason, "reason", limit=REASON_MAX)
    row = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    before, row.state = row.state, state
    row.save(update_fields=["state"])
    audit.record(
        at=at, actor_id=actor_id, action="enterprise_state", subject=row, purpose=said, before=before, after=state
    )


@transaction.atomic
def mark_licences_changed(*, enterprise: Enterprise, at: datetime) -> None:
    """Something that the enterprise's service code shows has changed: it is computed anew at once, or by the sweep."""
    Enterprise.objects.filter(pk=enterprise.pk).update(papers_changed_at=at)
    wake(RECOMPUTE_CODES)
