"""Registering enterprises, changing what is on file about them, and who acts for them."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from communities.accounts.models import Identity, User
from communities.accounts.queries import identity_of
from communities.accounts.rules import checked_text
from homeservice.foundation import audit
from homeservice.kernel.clock import local_day
from homeservice.kernel.errors import DomainError
from homeservice.kernel.queue import wake
from providers.enterprises.models import Enterprise, EnterpriseManager
from providers.enterprises.rules import (
    ADDRESS_MAX,
    NAME_MAX,
    EnterpriseFacts,
    checked_phone,
    credit_code,
    why_not_established,
    why_not_grades,
)

RECOMPUTE_CODES = "providers.service_codes.recompute_changed"
REPLACE_UNFIT = "bookings.dispatch.replace_unfit"
LEGAL_REPRESENTATIVE = EnterpriseManager.Rights.LEGAL_REPRESENTATIVE
OPEN_TO_CHANGE = ("outlet_mode", "address", "complaint_phone")
OF_THE_LICENCE = ("name", "social_credit_code", "org_type", "division_id", "established_date")


@transaction.atomic
def register_enterprise(*, facts: EnterpriseFacts, representative: str, person: User, at: datetime) -> Enterprise:
    """The enterprise is on file, awaits its papers, and the person is its legal representative with every right.

    Raises `identity_missing` unless the person's identity is verified, `representative_differs` if the name typed
    is not theirs, `manages_another`, and what `why_not_facts` and the text checks refuse with; `enterprise_known`
    for a credit code and `name_taken` for a name on file already. Locks the person.
    """
    name = _representative(person, representative)
    User.objects.select_for_update().get(pk=person.pk)
    if EnterpriseManager.objects.filter(user=person).exists():
        message = _("You act for an enterprise already. One person manages one enterprise.")
        raise DomainError("manages_another", message)
    row = Enterprise(
        legal_representative=name, registered_at=at, papers_changed_at=at, **_checked(facts, local_day(at))
    )
    _save(row)
    EnterpriseManager.objects.create(
        enterprise=row, user=person, rights=LEGAL_REPRESENTATIVE, appointed_by=person, appointed_at=at
    )
    audit.record(at=at, actor_id=person.pk, action="enterprise_registered", subject=row)
    return row


@transaction.atomic
def change_facts(*, enterprise: Enterprise, facts: EnterpriseFacts, actor_id: int, at: datetime) -> Enterprise:
    """What is on file is this. Locks the enterprise; the log names the fields that changed.

    What stands on the licence can be mended only before it is checked: raises `fact_fixed` at the field. Raises
    what `register_enterprise` raises of the facts.
    """
    row: Enterprise = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    wanted = _checked(facts, local_day(at))
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    fixed = [name for name in changed if name in OF_THE_LICENCE and getattr(row, name)]
    if fixed and not row.facts_open:
        message = _("This stands on the licence that was checked. Ask the reviewing office to change it.")
        raise DomainError("fact_fixed", message, field=fixed[0].removesuffix("_id"))
    for name in changed:
        setattr(row, name, wanted[name])
    if changed:
        _save(row)
        audit.record(at=at, actor_id=actor_id, action="enterprise_facts", subject=row, fields=changed)
        mark_licences_changed(enterprise=row, at=at)
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
def hand_over_representation(
    *, enterprise: Enterprise, to: User, reason: str, actor_id: int, at: datetime
) -> EnterpriseManager:
    """`to` is the legal representative with every right; who was it before is an operator from now on.

    Only staff may do it, on seeing the changed licence. Raises `identity_missing` unless `to` has a verified
    identity, `manages_another`, `represents_already`, `reason_missing`, `hand_over_to_oneself`. Locks the enterprise.
    """
    said = checked_text(reason, "reason", limit=200)
    if to.pk == actor_id:
        message = _("You can't hand it over to yourself.")
        raise DomainError("hand_over_to_oneself", message, field="phone")
    row = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    identity = identity_of(to)
    if identity is None or identity.state != Identity.State.VERIFIED:
        message = _("This person's identity is not verified yet.")
        raise DomainError("identity_missing", message, field="phone")
    post = EnterpriseManager.objects.filter(user=to).first()
    if post and post.enterprise_id != row.pk:
        raise DomainError("manages_another", _("This person manages another enterprise."), field="phone")
    if post and post.rights == LEGAL_REPRESENTATIVE:
        raise DomainError("represents_already", _("This person is the legal representative already."), field="phone")
    row.managers.filter(rights=LEGAL_REPRESENTATIVE).update(rights=EnterpriseManager.Rights.OPERATOR)
    post, _created = EnterpriseManager.objects.update_or_create(
        user=to,
        defaults={"enterprise": row, "rights": LEGAL_REPRESENTATIVE, "appointed_by_id": actor_id, "appointed_at": at},
    )
    row.legal_representative = identity.real_name
    row.save(update_fields=["legal_representative"])
    audit.record(at=at, actor_id=actor_id, action="representation_handed_over", subject=row, purpose=said, to=to.pk)
    return post


@transaction.atomic
def change_contact(
    *, enterprise: Enterprise, key_contact: bool, liaison: User | None, actor_id: int, at: datetime
) -> None:
    """The enterprise is a key contact (重点联系企业) or not, with the liaison officer who calls on it.

    Raises `liaison_without_contact`. Logged.
    """
    if liaison and not key_contact:
        raise DomainError("liaison_without_contact", _("Only a key contact has a liaison officer."), field="liaison")
    row = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    row.key_contact, row.liaison = key_contact, liaison
    row.save(update_fields=["key_contact", "liaison"])
    audit.record(
        at=at, actor_id=actor_id, action="enterprise_contact", subject=row, key_contact=key_contact,
        liaison=liaison.pk if liaison else None,
    )  # fmt: skip


@transaction.atomic
def change_grades(
    *,
    enterprise: Enterprise,
    star: int | None,
    credit_grade: str,
    source: str,
    source_date: date,
    actor_id: int,
    at: datetime,
) -> None:
    """Star and credit grade are what an authority published on a day (domain §3.5): no ratings of the platform.

    Raises `source_missing`, `source_future`, `star_too_early` for an enterprise younger than a year. Logged.
    """
    said = checked_text(source, "source", limit=120)
    row = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    refusal = why_not_grades(star, row.established_date, source_date, today=local_day(at))
    if refusal:
        raise refusal
    before = {"star": row.star, "credit_grade": row.credit_grade}
    row.star, row.credit_grade = star, credit_grade
    row.save(update_fields=["star", "credit_grade"])
    audit.record(
        at=at, actor_id=actor_id, action="enterprise_grades", subject=row, purpose=said, before=before,
        after={"star": star, "credit_grade": credit_grade}, source_date=source_date.isoformat(),
    )  # fmt: skip
    mark_licences_changed(enterprise=row, at=at)


@transaction.atomic
def mark_licences_changed(*, enterprise: Enterprise, at: datetime) -> None:
    """Something that the enterprise's service code shows has changed: it is computed anew and coming visits are asked
    again, at once or by the sweeps."""
    Enterprise.objects.filter(pk=enterprise.pk).update(papers_changed_at=at)
    wake(RECOMPUTE_CODES)
    wake(REPLACE_UNFIT)


def _representative(person: User, typed: str) -> str:
    identity = identity_of(person)
    if identity is None or identity.state != Identity.State.VERIFIED:
        message = _("Verify your identity first: the legal representative registers the enterprise in person.")
        raise DomainError("identity_missing", message, field="legal_representative")
    name = checked_text(typed, "legal_representative", limit=40)
    if name != identity.real_name:
        message = _("This is not your own verified name. Only the legal representative can register the enterprise.")
        raise DomainError("representative_differs", message, field="legal_representative")
    return name


def _checked(facts: EnterpriseFacts, today: date) -> dict[str, Any]:
    refusal = why_not_established(facts.established_date, today)
    if refusal:
        raise refusal
    return {
        "name": checked_text(facts.name, "name", limit=NAME_MAX),
        "social_credit_code": credit_code(facts.social_credit_code),
        "org_type": facts.org_type,
        "outlet_mode": facts.outlet_mode,
        "division_id": facts.area_code,
        "address": checked_text(facts.address, "address", limit=ADDRESS_MAX),
        "complaint_phone": checked_phone(facts.complaint_phone),
        "established_date": facts.established_date,
    }


def _save(row: Enterprise) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "social_credit_code" in str(error):
            message = _(
                "An enterprise with this credit code is on file already. Ask its legal representative for an account."
            )
            raise DomainError("enterprise_known", message, field="social_credit_code") from error
        if "enterprise_name" not in str(error):
            raise
        message = _("An enterprise with this name is on file already.")
        raise DomainError("name_taken", message, field="name") from error
