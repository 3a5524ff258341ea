"""Sub-accounts of an enterprise: appointed, given another rank and removed by its legal representative."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from communities.accounts.models import User
from communities.accounts.queries import person_by_phone
from communities.accounts.rules import mainland_mobile
from communities.inbox.actions import tell
from communities.inbox.rules import Notice
from homeservice.foundation import audit
from homeservice.kernel.errors import DomainError
from providers.enterprises.models import Enterprise, EnterpriseManager

SUB_ACCOUNTS = (EnterpriseManager.Rights.OPERATOR, EnterpriseManager.Rights.CLERK)
OFFICE = "enterprise_office"


@transaction.atomic
def appoint_account(
    *, enterprise: Enterprise, phone: str, rights: str, actor_id: int, at: datetime
) -> EnterpriseManager:
    """The person with this phone acts for the enterprise with the rank's rights, and is told so. Locks the person.

    Raises `phone_invalid`, `person_unknown` for one who has never signed in, `manages_another`,
    `account_already`, `rank_unknown`.
    """
    _refuse_rank(rights)
    person = person_by_phone(mainland_mobile(phone))
    if person is None or not person.is_active:
        message = _("Nobody has signed in with this number yet. Ask them to sign in once, then appoint them.")
        raise DomainError("person_unknown", message, field="phone")
    User.objects.select_for_update().get(pk=person.pk)
    known = EnterpriseManager.objects.filter(user=person).first()
    if known and known.enterprise_id != enterprise.pk:
        message = _("This person acts for another enterprise. One person manages one enterprise.")
        raise DomainError("manages_another", message, field="phone")
    if known:
        message = _("This person acts for your enterprise already. Change the rank in the list.")
        raise DomainError("account_already", message, field="phone")
    post = EnterpriseManager.objects.create(
        enterprise=enterprise, user=person, rights=rights, appointed_by_id=actor_id, appointed_at=at
    )
    _record(post, "account_appointed", actor_id, at, rights=rights)
    _tell(
        post,
        "opened",
        gettext_noop("You act for %(enterprise)s now"),
        gettext_noop("You will find its pages under Office."),
        at,
    )
    return post


@transaction.atomic
def change_rank(*, post: EnterpriseManager, rights: str, actor_id: int, at: datetime) -> None:
    """The sub-account has the rank's rights, and its person is told. Raises `rank_unknown`, `representative_stays`."""
    _refuse_rank(rights)
    row = _locked(post)
    if row.rights == rights:
        return
    before, row.rights = row.rights, rights
    row.save(update_fields=["rights"])
    _record(row, "account_rank", actor_id, at, before=before, after=rights)
    _tell(row, "rank", gettext_noop("Your rights at %(enterprise)s have changed"), "", at)


@transaction.atomic
def remove_account(*, post: EnterpriseManager, actor_id: int, at: datetime) -> None:
    """The person no longer acts for the enterprise, and is told. Raises `representative_stays`."""
    row = _locked(post)
    _record(row, "account_removed", actor_id, at, rights=row.rights)
    _tell(row, "closed", gettext_noop("You no longer act for %(enterprise)s"), "", at, url_name="")
    row.delete()


def _locked(post: EnterpriseManager) -> EnterpriseManager:
    rows = EnterpriseManager.objects.select_for_update(of=("self",)).select_related("enterprise")
    row = rows.filter(pk=post.pk).first()
    if row is None:
        raise DomainError("account_gone", _("This account has been removed already."))
    if row.rights == EnterpriseManager.Rights.LEGAL_REPRESENTATIVE:
        message = _("The legal representative stays. Only the reviewing office can hand over the representation.")
        raise DomainError("representative_stays", message)
    return row


def _refuse_rank(rights: str) -> None:
    if rights not in SUB_ACCOUNTS:
        raise DomainError("rank_unknown", _("Choose operator or clerk."), field="rights")


def _record(post: EnterpriseManager, action: str, actor_id: int, at: datetime, **detail: str) -> None:
    audit.record(at=at, actor_id=actor_id, action=action, subject=post.enterprise, person=post.user_id, **detail)


def _tell(post: EnterpriseManager, action: str, title: str, body: str, at: datetime, url_name: str = OFFICE) -> None:
    notice = Notice(
        recipient_id=post.user_id, title=title, body=body, params={"enterprise": post.enterprise.name},
        url_name=url_name, dedupe_key=f"account:{post.pk}:{action}:{at.isoformat()}",
    )  # fmt: skip
    tell([notice], at=at)
