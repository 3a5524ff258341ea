"""Households: who lives there, who may order for them, and whom services are for."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from communities.accounts.actions.consents import give_consent
from communities.accounts.models import CareRecipient, Consent, Household, HouseholdMember, User
from communities.accounts.queries import consent_in_force
from communities.accounts.rules import (
    ADDRESS_MAX,
    HEALTH_FACTS_MAX,
    NAME_MAX,
    checked_text,
    mainland_mobile,
    why_not_located,
)
from communities.divisions.models import Division
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import CareLevel, Channel

Part = HouseholdMember.Part
PROXIES_MAX = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientFacts:
    """What is known of a person of the household; `health_facts` needs a consent of its own."""

    name: str
    birth_year: int | None = None
    sex: str = ""
    groups: tuple[str, ...] = ()
    care_level: int = CareLevel.INTACT
    health_facts: str = ""


@transaction.atomic
def open_household(
    *,
    owner: User,
    community: Division,
    address: str,
    at: datetime,
    label: str = "",
    lat: float | None = None,
    lon: float | None = None,
) -> Household:
    """The person owns a new household; its point is the community's until it is placed exactly.

    Raises `address_…`, `community_needed` and `point_far_away`.
    """
    household = Household(created_at=at)
    _describe(household, community, address, label, lat, lon)
    household.save()
    HouseholdMember.objects.create(household=household, user=owner, part=Part.OWNER, granted_at=at)
    if owner.community_id is None:
        User.objects.filter(pk=owner.pk).update(community=community)
    return household


@transaction.atomic
def change_household(
    *,
    household: Household,
    community: Division,
    address: str,
    label: str = "",
    lat: float | None = None,
    lon: float | None = None,
) -> Household:
    """The household is at the new address. Bookings keep the address that they were placed with."""
    _describe(household, community, address, label, lat, lon)
    household.save(update_fields=["community", "address", "label", "lat", "lon"])
    return household


@transaction.atomic
def leave_household(*, household: Household, user: User, at: datetime) -> None:
    """The person no longer orders for the household; when its owner leaves, nobody does."""
    members = HouseholdMember.objects.filter(household=household, revoked_at__isnull=True)
    if members.filter(user=user, part=Part.OWNER).exists():
        members.update(revoked_at=at)
    else:
        members.filter(user=user).update(revoked_at=at)


@transaction.atomic
def add_proxy(*, household: Household, owner: User, phone: str, relation: str, at: datetime) -> HouseholdMember:
    """The family member with this phone may order for the household, by the owner's recorded mandate.

    Raises `phone_invalid`, `proxy_unknown` if they never signed in, `proxy_already` and `proxy_too_many`.
    """
    person = User.objects.get_by_phone(mainland_mobile(phone))
    if person is None or not person.is_active:
        message = _("Nobody with this number has an account yet. Please ask them to sign in once, then add them.")
        raise DomainError("proxy_unknown", message, field="phone")
    Household.objects.select_for_update().get(pk=household.pk)
    members = HouseholdMember.objects.filter(household=household, revoked_at__isnull=True)
    if members.filter(user=person).exists():
        raise DomainError("proxy_already", _("This person can order for the household already."), field="phone")
    if members.count() > PROXIES_MAX:
        message = _("A household has at most %(max)s family proxies.") % {"max": PROXIES_MAX}
        raise DomainError("proxy_too_many", message, field="phone")
    return HouseholdMember.objects.create(
        household=household,
        user=person,
        part=Part.PROXY,
        relation=checked_text(relation, "relation", limit=20, required=False),
        granted_by=owner,
        granted_at=at,
    )


@transaction.atomic
def revoke_proxy(*, member: HouseholdMember, at: datetime) -> None:
    """The mandate has ended; the owner's own place is not a mandate (`proxy_is_owner`)."""
    if member.part == Part.OWNER:
        raise DomainError("proxy_is_owner", _("The owner's own place cannot be revoked."))
    HouseholdMember.objects.filter(pk=member.pk, revoked_at__isnull=True).update(revoked_at=at)


@transaction.atomic
def add_recipient(
    *,
    household: Household,
    facts: RecipientFacts,
    by: User,
    consented: bool,
    at: datetime,
    channel: str = Channel.WEB,
    recorded_by: User | None = None,
) -> CareRecipient:
    """The household has one more person whom services may be for.

    Raises `name_…`, `health_facts_…` and `consent_required` for health facts without consent to keep them.
    """
    recipient = CareRecipient(household=household)
    _consent_to_health_facts(facts, by, consented, at, channel, recorded_by)
    _apply(recipient, facts)
    recipient.save()
    return recipient


@transaction.atomic
def change_recipient(
    *, recipient: CareRecipient, facts: RecipientFacts, by: User, consented: bool, at: datetime
) -> CareRecipient:
    """What is known of the person is as stated now. Raises what `add_recipient` raises."""
    _consent_to_health_facts(facts, by, consented, at, Channel.WEB, None)
    _apply(recipient, facts)
    recipient.save()
    return recipient


@transaction.atomic
def remove_recipient(*, recipient: CareRecipient, at: datetime) -> None:
    """The person is offered no more, and their health facts are forgotten; past bookings stay."""
    recipient.removed_at, recipient.health_facts = at, ""
    recipient.save(update_fields=["removed_at", "health_facts"])


def _describe(
    household: Household, community: Division, address: str, label: str, lat: float | None, lon: float | None
) -> None:
    if community.level != Division.Level.COMMUNITY:
        message = _("Please choose your community or village from the list.")
        raise DomainError("community_needed", message, field="community")
    if lat is None or lon is None:
        lat, lon = community.lat, community.lon
    far = why_not_located(lat, lon, community.lat, community.lon)
    if far:
        raise far
    household.community, household.lat, household.lon = community, lat, lon
    household.address = checked_text(address, "address", limit=ADDRESS_MAX)
    household.label = checked_text(label, "label", limit=20, required=False)


def _apply(recipient: CareRecipient, facts: RecipientFacts) -> None:
    recipient.name = checked_text(facts.name, "name", limit=NAME_MAX)
    recipient.birth_year, recipient.sex = facts.birth_year, facts.sex
    recipient.groups, recipient.care_level = list(facts.groups), facts.care_level
    recipient.health_facts = checked_text(facts.health_facts, "health_facts", limit=HEALTH_FACTS_MAX, required=False)


def _consent_to_health_facts(
    facts: RecipientFacts, by: User, consented: bool, at: datetime, channel: str, recorded_by: User | None
) -> None:
    if not facts.health_facts.strip():
        return
    if consented:
        give_consent(user=by, kind=Consent.Kind.SENSITIVE, at=at, channel=channel, recorded_by=recorded_by)
    elif not consent_in_force(by, Consent.Kind.SENSITIVE):
        message = _("We may only keep health facts if you agree. Please tick the box, or leave them out.")
        raise DomainError("consent_required", message, field="consent")
