"""Who is being served at the desk: a signed ticket in the address, so that no personal data stands there.

It is good for an hour, and only for the member of staff who found the person by their telephone number.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.http import Http404

from communities.accounts.models import User
from homeservice.kernel.vocabulary import Channel

SALT = "desk-order"
GOOD_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Ticket:
    """The resident who is served, and how they reached the desk."""

    resident: User
    channel: Channel


def issue(*, resident: User, staff: User, channel: str) -> str:
    return signing.dumps([resident.pk, staff.pk, channel], salt=SALT, compress=True)


def read(token: str, *, staff: User) -> Ticket:
    """Raises Http404 for a ticket that is forged, too old, or somebody else's."""
    try:
        resident_id, staff_id, channel = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature as error:
        raise Http404 from error
    resident = User.objects.filter(pk=resident_id, is_active=True).first()
    if resident is None or staff_id != staff.pk:
        raise Http404
    return Ticket(resident, Channel(channel))
