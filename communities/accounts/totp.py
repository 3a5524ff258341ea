"""Time-based one-time passwords (RFC 6238) on allauth's parts, with our clock."""

from datetime import datetime
from hmac import compare_digest

from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value

__all__ = ["PERIOD_S", "generate_totp_secret", "matching_step", "totp_at"]

PERIOD_S = 30
DRIFT_STEPS = 1  # a phone's clock may be half a minute off


def totp_at(secret: str, at: datetime) -> str:
    """The six digits that an authenticator shows at the instant."""
    return str(format_hotp_value(hotp_value(secret, _step(at))))


def matching_step(secret: str, code: str, at: datetime, *, after: int) -> int | None:
    """The time step that the code belongs to, if it is near the instant and later than `after`."""
    here = _step(at)
    for step in range(here - DRIFT_STEPS, here + DRIFT_STEPS + 1):
        if step > after and compare_digest(str(format_hotp_value(hotp_value(secret, step))), code):
            return step
    return None


def _step(at: datetime) -> int:
    return int(at.timestamp()) // PERIOD_S
