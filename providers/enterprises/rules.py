"""The unified social credit code of GB 32100-2015, and what each account of an enterprise may do. Pure."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import EnterpriseRight

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V, Z
WEIGHTS = tuple(pow(3, place, len(ALPHABET)) for place in range(17))
LENGTH = 18

# key functions are closed to sub-accounts (domain §2.2)
RIGHTS: Mapping[str, frozenset[EnterpriseRight]] = {
    "legal_representative": frozenset(EnterpriseRight),
    "operator": frozenset({EnterpriseRight.PRICES, EnterpriseRight.STAFFING, EnterpriseRight.BOOKINGS}),
    "clerk": frozenset({EnterpriseRight.BOOKINGS}),
}


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


def _refused(code: str, message: str) -> DomainError:
    return DomainError(code, message, field="social_credit_code")
