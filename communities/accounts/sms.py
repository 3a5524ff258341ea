"""Text messages: a small interface; who sends them is a setting (`SMS_SENDER`)."""

from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from homeservice.kernel.crypto import masked_phone


class SmsError(Exception):
    """The message could not be handed over; it may be tried again."""


class SmsSender(Protocol):
    def send(self, *, phone: str, text: str) -> None:
        """Hands the text over to the network. Raises `SmsError`."""


class ConsoleSms:
    """Prints what would be sent: for the embedded default only."""

    def send(self, *, phone: str, text: str) -> None:
        print(f"SMS to {masked_phone(phone)}: {text}", flush=True)  # noqa: T201


class RefusingSms:
    """The default until an operator names a sender: no code ever reaches a log."""

    def send(self, *, phone: str, text: str) -> None:
        raise SmsError("no SMS sender is configured (SMS_SENDER)")


def sms_sender() -> SmsSender:
    """The configured sender."""
    return cast(SmsSender, import_string(settings.SMS_SENDER)())
