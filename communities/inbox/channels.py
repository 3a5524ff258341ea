"""By which ways a notification leaves the house. In-app needs none; SMS is the only other one so far.

The interface of a text-message sender lives with the accounts, whose sign-in codes need it first.
"""

from collections.abc import Callable, Mapping

from communities.accounts.models import User
from communities.accounts.sms import SmsError, sms_sender
from communities.inbox.rules import SMS


class ChannelError(Exception):
    """The message could not be handed over; the outbox tries again."""


def by_sms(recipient: User, text: str) -> None:
    """Sends the text to the person's phone. Raises `ChannelError`."""
    try:
        sms_sender().send(phone=recipient.phone, text=text)
    except SmsError as error:
        raise ChannelError(str(error)) from error


CHANNELS: Mapping[str, Callable[[User, str], None]] = {SMS: by_sms}
