"""Text messages: a small interface; who sends them is a setting (`SMS_SENDER`)."""

import json
from typing import Protocol, cast
from urllib.request import Request, urlopen

from django.conf import settings
from django.utils.module_loading import import_string

from homeservice.kernel.crypto import masked_phone

TIMEOUT_S = 5


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


class GatewaySms:
    """Posts `{"phone", "text"}` as JSON to `SMS_GATEWAY_URL`, with the token as bearer: for a city's own gateway."""

    def send(self, *, phone: str, text: str) -> None:
        body = json.dumps({"phone": phone, "text": text}).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {settings.SMS_GATEWAY_TOKEN}"}
        request = Request(settings.SMS_GATEWAY_URL, data=body, headers=headers, method="POST")
        try:
            with urlopen(request, timeout=TIMEOUT_S) as answer:
                answer.read()
        except OSError as error:  # refused, unreachable, too slow, or an answer that is not 2xx
            raise SmsError(type(error).__name__) from error


def sms_sender() -> SmsSender:
    """The configured sender."""
    return cast(SmsSender, import_string(settings.SMS_SENDER)())
