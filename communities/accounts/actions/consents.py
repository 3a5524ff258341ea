"""Consents: each kind and version once in force; withdrawn, never deleted (PIPL Art 14-16)."""

from datetime import datetime

from django.db import transaction

from communities.accounts.models import Consent, User
from communities.accounts.rules import PRIVACY_VERSION
from homeservice.kernel.vocabulary import Channel


@transaction.atomic
def give_consent(
    *, user: User, kind: str, at: datetime, channel: str = Channel.WEB, recorded_by: User | None = None
) -> None:
    """The person's consent to the present version is in force. Repeating it changes nothing."""
    consent = Consent(
        user=user, kind=kind, version=PRIVACY_VERSION, channel=channel, recorded_by=recorded_by, given_at=at
    )
    Consent.objects.bulk_create([consent], ignore_conflicts=True)


@transaction.atomic
def withdraw_consent(*, user: User, kind: str, at: datetime) -> None:
    """No version of this kind is in force any more. What was done under it stays lawful."""
    Consent.objects.filter(user=user, kind=kind, withdrawn_at__isnull=True).update(withdrawn_at=at)
