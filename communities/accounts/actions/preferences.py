"""What a person prefers, kept on the account: messages sent while they are away follow it."""

from django.db import transaction

from communities.accounts.models import User


@transaction.atomic
def keep_language(*, user: User, language: str) -> None:
    """The person is written to in that language from now on."""
    User.objects.filter(pk=user.pk).update(language=language)


@transaction.atomic
def keep_elder_mode(*, user: User, elder_mode: bool) -> None:
    """The person's pages are in (or out of) elder mode from now on."""
    User.objects.filter(pk=user.pk).update(elder_mode=elder_mode)
