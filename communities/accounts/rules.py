"""What makes a phone number, a one-time code and an ID number acceptable. Values in, decision out."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from homeservice.kernel.errors import DomainError
from homeservice.kernel.geo import distance_m
from homeservice.kernel.vocabulary import Sex

MAINLAND_MOBILE = re.compile(r"1[3-9]\d{9}")
CODE_DIGITS = 6
PRIVACY_VERSION = "2026-1"  # of the privacy notice and the notices on sensitive data, which change together
ADULT_YEARS = 18
NAME_MAX = 40
ADDRESS_MAX = 120
HEALTH_FACTS_MAX = 500
COMMUNITY_REACH_M = 30_000  # communities in the mountains are wide, and some points are estimates

# GB 11643-1999: weights and check characters of ISO 7064 MOD 11-2
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


@dataclass(frozen=True, slots=True)
class CodeLimits:
    """How long a code lives and how many are sent; the figures stand in the settings."""

    lifetime_s: int
    resend_after_s: int
    wrong_answers: int
    per_phone_hour: int
    per_phone_day: int
    per_ip_hour: int
    per_day: int

    @property
    def lifetime(self) -> timedelta:
        return timedelta(seconds=self.lifetime_s)

    @property
    def resend_after(self) -> timedelta:
        return timedelta(seconds=self.resend_after_s)


@dataclass(frozen=True, slots=True)
class CodesSent:
    """What was sent already: to the phone, from the address, and by everybody."""

    last_at: datetime | None
    phone_hour: int
    phone_day: int
    ip_hour: int
    day: int


def mainland_mobile(typed: str) -> str:
    """The 11 digits of a mainland mobile number typed with or without +86, spaces and dashes.

    Raises `phone_invalid`.
    """
    digits = re.sub(r"[\s\-()\uff08\uff09]", "", typed).removeprefix("+86").removeprefix("0086")
    if len(digits) == 13:
        digits = digits.removeprefix("86")
    if not (digits.isascii() and MAINLAND_MOBILE.fullmatch(digits)):
        raise DomainError(
            "phone_invalid", _("Enter an 11-digit mainland mobile number, for example 138 0013 8000."), field="phone"
        )
    return digits


def why_not_send(sent: CodesSent, limits: CodeLimits, at: datetime) -> DomainError | None:
    """The reason not to send another code now, or None. It never depends on whether the phone is known."""
    if sent.last_at and at < sent.last_at + limits.resend_after:
        wait_s = int((sent.last_at + limits.resend_after - at).total_seconds()) + 1
        message = _("A code was just sent. You can ask for another one in %(seconds)s seconds.") % {"seconds": wait_s}
        return DomainError("code_too_soon", message, field="phone", wait_s=wait_s)
    if sent.phone_hour >= limits.per_phone_hour or sent.phone_day >= limits.per_phone_day:
        return DomainError(
            "code_quota_phone",
            _("Too many codes were sent to this number. Please try again later, or ask your community desk."),
            field="phone",
        )
    if sent.ip_hour >= limits.per_ip_hour:
        return DomainError(
            "code_quota_network",
            _("Too many codes were requested from this network. Please try again in an hour."),
            field="phone",
        )
    if sent.day >= limits.per_day:
        return DomainError(
            "code_quota_day",
            _("No more codes can be sent today. Please ask your community desk, or try again tomorrow."),
            field="phone",
        )
    return None


@dataclass(frozen=True, slots=True)
class IdNumber:
    """What an 18-digit resident ID number says."""

    number: str
    area: str
    birth_date: date
    sex: Sex


def check_character(first_17: str) -> str:
    """The last character of an ID number (ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


def parsed_id_number(typed: str, *, today: date) -> IdNumber:
    """The number, checked for form, birth date and check digit (GB 11643). Raises `id_number_…`."""
    number = re.sub(r"[\s\-]", "", typed).upper()
    if not (number.isascii() and re.fullmatch(r"\d{17}[\dX]", number)):
        raise _refused("id_number_form", _("An ID number has 18 characters: 17 digits and a digit or X."))
    birth_date = _day(number[6:14])
    if birth_date is None or birth_date > today or birth_date.year < 1880:
        raise _refused("id_number_birth", _("The birth date in this ID number (digits 7 to 14) does not exist."))
    if check_character(number[:17]) != number[17]:
        raise _refused("id_number_check", _("This ID number does not add up. Please compare it with your ID card."))
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return IdNumber(number, number[:6], birth_date, sex)


def age_on(day: date, birth_date: date) -> int:
    """Completed years."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def why_not_order(birth_date: date, *, today: date) -> DomainError | None:
    """Orders by minors are blocked."""
    if age_on(today, birth_date) >= ADULT_YEARS:
        return None
    return _refused("id_number_minor", _("You must be 18 to order. Please ask a parent or guardian to do it."))


def _refused(code: str, message: str) -> DomainError:
    return DomainError(code, message, field="id_number")


def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def checked_text(typed: str, field: str, *, limit: int, required: bool = True) -> str:
    """The text without spaces around it. Raises `<field>_missing` and `<field>_too_long`.

    Characters are counted as people see code points: emoji and rare characters are welcome.
    """
    text = typed.replace("\x00", "").strip()
    if required and not text:
        raise DomainError(f"{field}_missing", _("Please fill this in."), field=field)
    if len(text) > limit:
        message = _("Please use at most %(max)s characters; these are %(now)s.") % {"max": limit, "now": len(text)}
        raise DomainError(f"{field}_too_long", message, field=field)
    return text


def why_not_located(lat: float, lon: float, community_lat: float, community_lon: float) -> DomainError | None:
    """A home lies near its community: a point far away is a slip, and would send workers there."""
    on_earth = -90 <= lat <= 90 and -180 <= lon <= 180
    if on_earth and distance_m(lat, lon, community_lat, community_lon) <= COMMUNITY_REACH_M:
        return None
    message = _("This place is far from the community that you chose. Please correct one of them.")
    return DomainError("point_far_away", message, field="community")
