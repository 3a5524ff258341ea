"""The unified social credit code of GB 32100-2015, what is on file of an enterprise, what each account may do. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import EnterpriseRight

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V, Z
WEIGHTS = tuple(pow(3, place, len(ALPHABET)) for place in range(17))
LENGTH = 18
NAME_MAX = 80
ADDRESS_MAX = 120
FIRST_YEAR = 1949
PHONE = re.compile(r"(?:\+?86)?(?:1[3-9]\d{9}|0\d{9,11}|[48]00\d{7}|9\d{4,5}|12\d{3})(?:#\d{1,5})?")

# key functions are closed to sub-accounts (domain §2.2)
RIGHTS: Mapping[str, frozenset[EnterpriseRight]] = {
    "legal_representative": frozenset(EnterpriseRight),
    "operator": frozenset({EnterpriseRight.PRICES, EnterpriseRight.STAFFING, EnterpriseRight.BOOKINGS}),
    "clerk": frozenset({EnterpriseRight.BOOKINGS}),
}


@dataclass(frozen=True, slots=True)
class EnterpriseFacts:
    """What an enterprise says about itself. `area_code` is its division's."""

    name: str
    social_credit_code: str
    org_type: str
    outlet_mode: str
    area_code: str
    address: str
    complaint_phone: str
    established_date: date | None


def rights_of(account: str) -> frozenset[EnterpriseRight]:
    """What an account of this rank may do; nothing for an unknown one."""
    return RIGHTS.get(account, frozenset())


def check_character(first_17: str) -> str:
    """The eighteenth character. Raises `ValueError` for a character that the standard doesn't know."""
    total = sum(ALPHABET.index(sign) * weight for sign, weight in zip(first_17, WEIGHTS, strict=True))
    return ALPHABET[-total % len(ALPHABET)]


def credit_code(typed: str) -> str:
    """The code as it is stored: upper case, without spaces.

    Raises `credit_code_length`, `credit_code_characters` and `credit_code_check`, at field `social_credit_code`.
    """
    code = "".join(typed.split()).upper()
    if len(code) != LENGTH:
        raise _refused("credit_code_length", _("The credit code has 18 characters."))
    if not set(code) <= set(ALPHABET):
        message = _("The credit code has digits and capital letters only, never I, O, S, V or Z.")
        raise _refused("credit_code_characters", message)
    if check_character(code[:17]) != code[17]:
        raise _refused("credit_code_check", _("This credit code is mistyped: its last character does not fit."))
    return code


def checked_phone(typed: str) -> str:
    """A complaint phone as it is published: mobile, fixed with its area code, 400 or 800, or a short number.

    Raises `complaint_phone_invalid`, at field `complaint_phone`.
    """
    text = typed.replace("\x00", "").strip()
    bare = re.sub(r"[\s()\uff08\uff09-]", "", text).replace("转", "#")
    if len(text) > 20 or not (bare.isascii() and PHONE.fullmatch(bare)):
        message = _("Enter a telephone number that people can call, for example 020-8123 4567.")
        raise DomainError("complaint_phone_invalid", message, field="complaint_phone")
    return text


def why_not_established(day: date | None, today: date) -> DomainError | None:
    """Why an enterprise can't have been established on a day, or None; the day of old rows may be unknown."""
    if day is None:
        return None
    if day > today:
        return DomainError("established_future", _("This day lies in the future."), field="established_date")
    if day.year < FIRST_YEAR:
        message = _("Please enter the day as it stands on the business licence.")
        return DomainError("established_long_ago", message, field="established_date")
    return None


def why_not_grades(star: int | None, established: date | None, source_date: date, *, today: date) -> DomainError | None:
    """Why a star or grade can't be entered, or None. Stars are given after the first year only (domain §3.5)."""
    if source_date > today:
        return DomainError("source_future", _("This day lies in the future."), field="source_date")
    if star and established and (source_date - established).days < 365:
        message = _("Stars are given to enterprises that have been registered for a year at least.")
        return DomainError("star_too_early", message, field="star")
    return None


def _refused(code: str, message: str) -> DomainError:
    return DomainError(code, message, field="social_credit_code")
