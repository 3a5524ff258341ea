"""Reading about people."""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.utils import decrypt
from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from communities.accounts.models import (
    CareRecipient,
    Consent,
    Household,
    HouseholdMember,
    Identity,
    OneTimeCode,
    StaffPost,
    User,
)
from communities.accounts.rules import PRIVACY_VERSION, CodesSent
from communities.accounts.totp import totp_at
from homeservice.kernel.errors import DomainError
from homeservice.kernel.scope import Scope

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def codes_sent(*, phone_index: str, ip_digest: str, at: datetime) -> CodesSent:
    """What the quotas count, in three indexed queries."""
    recent = OneTimeCode.objects.filter(created_at__gt=at - DAY)
    of_phone = recent.filter(phone_index=phone_index).aggregate(
        last=Max("created_at"), hour=Count("pk", filter=Q(created_at__gt=at - HOUR)), day=Count("pk")
    )
    of_ip = OneTimeCode.objects.filter(ip_digest=ip_digest, created_at__gt=at - HOUR).count()
    return CodesSent(of_phone["last"], of_phone["hour"], of_phone["day"], of_ip, recent.count())


def consent_in_force(user: User, kind: str) -> bool:
    """Whether the person has agreed to the present version and not withdrawn it."""
    return Consent.objects.filter(user=user, kind=kind, version=PRIVACY_VERSION, withdrawn_at__isnull=True).exists()


def consents_of(user: User) -> QuerySet[Consent]:
    """Everything that the person agreed to, newest first, with who recorded it."""
    return user.consents.select_related("recorded_by").order_by("-given_at", "-pk")


def person_by_phone(phone: str) -> User | None:
    """The account of an 11-digit number, or None."""
    return User.objects.get_by_phone(phone)


def households_of(user: User) -> QuerySet[Household]:
    """The homes that the person may order for, oldest first, with their community."""
    mine = HouseholdMember.objects.filter(user=user, revoked_at__isnull=True)
    return (
        Household.objects.filter(pk__in=mine.values("household_id"))
        .select_related("community")
        .order_by("created_at", "pk")
    )


def homes_with_people(user: User) -> QuerySet[Household]:
    """The person's homes, each with `people`: the names of those whom services may be for."""
    people = CareRecipient.objects.filter(removed_at__isnull=True).order_by("pk")
    return households_of(user).prefetch_related(Prefetch("recipients", people, to_attr="people"))


def recipients_of(household: Household) -> QuerySet[CareRecipient]:
    """The people of the household whom services may be for."""
    return household.recipients.filter(removed_at__isnull=True).order_by("pk")


def members_of(household: Household) -> QuerySet[HouseholdMember]:
    """Who may order for the household now."""
    return household.members.filter(revoked_at__isnull=True).select_related("user").order_by("granted_at", "pk")


def owns(scope: Scope, household: Household) -> bool:
    """Whether the person is the household's owner, who alone grants mandates."""
    return household.members.filter(
        user_id=scope.user_id or 0, part=HouseholdMember.Part.OWNER, revoked_at__isnull=True
    ).exists()


def posts_of(user: User) -> QuerySet[StaffPost]:
    """The person's posts in divisions."""
    return user.posts.select_related("division").order_by("division_id", "duty", "pk")


def identity_of(user: User) -> Identity | None:
    """What is known of the person's real name, or None if it was never checked."""
    return Identity.objects.filter(user=user).first()


def why_not_identified(user: User) -> DomainError | None:
    """The reason why nobody may be sent to this person yet, or None (GD Art 11(7))."""
    identity = identity_of(user)
    if identity and identity.state == Identity.State.VERIFIED:
        return None
    message = _("Please verify your identity first: the law asks for it before anybody comes to your home.")
    return DomainError("identity_missing", message, field="identity")


def has_authenticator(user: User) -> bool:
    """Whether the person has set up the second factor."""
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def present_totp(user: User, at: datetime) -> str | None:
    """What the person's authenticator shows now: for the embedded default's own page only."""
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return totp_at(decrypt(row.data["secret"]), at) if row else None


def unseen_recovery_codes(user: User) -> list[str]:
    """The recovery codes, until the person has said that they noted them."""
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    if row is None or RecoveryCodes(row).did_view:
        return []
    return list(RecoveryCodes(row).get_unused_codes())
