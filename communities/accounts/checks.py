"""What `check --deploy` refuses: a public site that prints its sign-in codes, or accepts test identities."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

CONSOLE_SMS = "communities.accounts.sms.ConsoleSms"
TEST_VERIFIER = "communities.accounts.identity.TestNumberVerifier"


@register(Tags.security, deploy=True)
def outside_services_are_real(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Outside the embedded default, messages are really sent and identities really checked."""
    if settings.EMBEDDED:
        return []
    errors: list[CheckMessage] = []
    if settings.SMS_SENDER == CONSOLE_SMS:
        hint = "Set SMS_SENDER to the path of a class with the interface of communities.accounts.sms.SmsSender."
        errors.append(Error("Sign-in codes would be printed, not sent.", hint=hint, id="accounts.E001"))
    if settings.IDENTITY_VERIFIER == TEST_VERIFIER:
        hint = "Set IDENTITY_VERIFIER to a real verifier; the default refuses everybody."
        errors.append(Error("Test numbers would pass as identities.", hint=hint, id="accounts.E002"))
    return errors
