"""What a visitor does in the finder."""

from django.db import transaction

from communities.accounts.models import User
from communities.divisions.models import Division


@transaction.atomic
def choose_community(*, user: User, community: Division) -> None:
    """The person's pages open with the community from here on, on every device."""
    User.objects.filter(pk=user.pk).update(community=community)
