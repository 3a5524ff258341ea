"""A person's own account, what the desk does for them, and looking behind a mask."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from communities.accounts.actions.consents import give_consent
from communities.accounts.actions.homes import open_household
from communities.accounts.models import Consent, HouseholdMember, StaffPost, User, phone_index
from communities.accounts.rules import NAME_MAX, checked_text, mainland_mobile
from communities.divisions.models import Division
from homeservice.foundation.audit import record, reveal
from homeservice.kernel.crypto import blind_index
from homeservice.kernel.errors import DomainError


@transaction.atomic
def rename(*, user: User, name: str) -> None:
    """The person is addressed by this name. Raises `name_missing`, `name_too_long`."""
    user.name = checked_text(name, "name", limit=NAME_MAX)
    user.save(update_fields=["name"])


@transaction.atomic
def register_resident(
    *,
    phone: str,
    name: str,
    community: Division,
    address: str,
    recorded_by: User,
    channel: str,
    consented: bool,
    at: datetime,
) -> User:
    """A person who came to the desk or telephoned has an account and a household, with recorded consent.

    A known phone gives its person; the household is opened only if they have none in that community.
    Raises `phone_invalid`, `name_…`, `address_…`, `consent_required`, `account_inactive`.
    """
    number = mainland_mobile(phone)
    if not consented:
        message = _("Please read the notice to the person, and tick the box when they have agreed.")
        raise DomainError("consent_required", message, field="consent")
    given = checked_text(name, "name", limit=NAME_MAX)
    user, created = User.objects.get_or_create(
        phone_index=phone_index(number),
        defaults={"phone": number, "name": given, "password": make_password(None), "date_joined": at},
    )
    if not user.is_active:
        raise DomainError("account_inactive", _("This account is closed."), field="phone")
    for kind in (Consent.Kind.PRIVACY, Consent.Kind.DESK_ORDER):
        give_consent(user=user, kind=kind, at=at, channel=channel, recorded_by=recorded_by)
    record(
        at=at,
        actor_id=recorded_by.pk,
        action="resident.registered" if created else "resident.visited",
        subject=user,
        channel=channel,
    )
    lives_there = HouseholdMember.objects.filter(user=user, household__community=community, revoked_at__isnull=True)
    if not lives_there.exists():
        open_household(owner=user, community=community, address=address, at=at)
    return user


def reveal_phone(*, user: User, purpose: str, actor: User, at: datetime) -> str:
    """The whole number, and an audit entry of who saw it and why. Raises `purpose_needed`."""
    return reveal(at=at, actor_id=actor.pk, subject=user, field="phone", purpose=purpose)


@transaction.atomic
def close_account(*, user: User, at: datetime) -> None:
    """The account is closed: nobody signs in to it, mandates end, consents are withdrawn, the name is gone.

    What the law wants kept (bookings, contracts, payments) stays. The phone is free for a new account.
    Staff first give up their posts (`account_has_posts`).
    """
    if user.is_staff or StaffPost.objects.filter(user=user).exists():
        message = _("Your account carries official duties. Please ask your administrator to end them first.")
        raise DomainError("account_has_posts", message)
    owned = user.memberships.filter(part=HouseholdMember.Part.OWNER, revoked_at__isnull=True).values("household_id")
    HouseholdMember.objects.filter(household_id__in=owned, revoked_at__isnull=True).update(revoked_at=at)
    user.memberships.filter(revoked_at__isnull=True).update(revoked_at=at)
    user.consents.filter(withdrawn_at__isnull=True).update(withdrawn_at=at)
    user.name, user.is_active, user.closed_at = "", False, at
    user.phone_index = blind_index(str(user.pk), purpose="closed_account")
    user.save(update_fields=["name", "is_active", "closed_at", "phone_index"])
    record(at=at, actor_id=user.pk, action="account.closed", subject=user, purpose="PIPL Art 47")
