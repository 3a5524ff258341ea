"""Certificate codes, attendance codes, and what may be done with a seat when. Pure."""

import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _

from homeservice.kernel.clock import local_day
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import CredentialCode
from providers.credentials.papers import months_later

Sign = Callable[[str], str]  # a keyed digest in hex, of this purpose alone

# 31 characters, a prime: one check character then finds every mistyped character and every swapped pair
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LOOKALIKES = str.maketrans({"O": "0", "I": "1", "S": "5", "Z": "2", "V": "U"})
DRAWN, SIGNED = 8, 7  # characters of the random part and of the signature
CODE_LENGTH = DRAWN + SIGNED + 1
GROUP = 4

ATTENDANCE_DIGITS = 6
WRONG_CODES = 5
DOORS_OPEN_BEFORE = timedelta(minutes=30)
CORRECTION = timedelta(hours=24)
WAITING_AT_LEAST = 10

# what a training of the platform may end with: no licence, no exam, no check by an authority (domain §3.3)
PLAIN_CERTIFICATES = frozenset({CredentialCode.PRE_JOB_TRAINING, CredentialCode.FIRST_AID, CredentialCode.TRAINING})
SKILL = "SK-"


class CodeFault(StrEnum):
    """Why a code can be no certificate's, without looking it up."""

    SHAPE = "shape"
    MISTYPED = "mistyped"
    FORGED = "forged"


def new_certificate_code(sign: Sign) -> str:
    """A code that nobody has seen: a random part, its signature and a check character."""
    drawn = "".join(secrets.choice(ALPHABET) for _place in range(DRAWN))
    return _completed(drawn, sign)


def _completed(drawn: str, sign: Sign) -> str:
    signed = drawn + _signature(drawn, sign)
    return signed + check_character(signed)


def _signature(drawn: str, sign: Sign) -> str:
    number = int(sign(drawn), 16)
    digits = []
    for _place in range(SIGNED):
        number, digit = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return "".join(digits)


def check_character(body: str) -> str:
    """The last character. Weights 1, 2, 3 … below a prime: no single slip and no swap goes unseen."""
    total = sum(ALPHABET.index(sign) * weight for weight, sign in enumerate(body, start=1))
    return ALPHABET[total % len(ALPHABET)]


def typed_certificate_code(typed: str) -> str:
    """What a person typed, as it is stored: upper case, without dashes and spaces, look-alikes taken for what they are."""
    return "".join(sign for sign in typed.upper() if sign.isalnum()).translate(LOOKALIKES)


def why_not_certificate_code(code: str, sign: Sign) -> CodeFault | None:
    """Why the code can't be genuine, or None: then a look-up decides."""
    if len(code) != CODE_LENGTH or not set(code) <= set(ALPHABET):
        return CodeFault.SHAPE
    if check_character(code[:-1]) != code[-1]:
        return CodeFault.MISTYPED
    if not secrets.compare_digest(_completed(code[:DRAWN], sign), code):
        return CodeFault.FORGED
    return None


def spoken_code(code: str) -> str:
    """`ABCD-EFGH-JKLM-NPQR`: as it is printed and read aloud."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def new_attendance_seed() -> str:
    return f"{secrets.randbelow(10**ATTENDANCE_DIGITS):0{ATTENDANCE_DIGITS}d}"


def attendance_code(session_id: int, seed: str, day: date, sign: Sign) -> str:
    """The six digits that open a session's list on one day: another day, another code."""
    return f"{int(sign(f'{session_id}:{seed}:{day.isoformat()}'), 16) % 10**ATTENDANCE_DIGITS:0{ATTENDANCE_DIGITS}d}"


def why_not_certificate(code: str, level: int | None, levels: tuple[int, ...], *, licensed: bool) -> DomainError | None:
    """Why a course can't lead to this paper, or None. `licensed`: the provider holds a training-school licence."""
    if not code:
        return None
    if code not in PLAIN_CERTIFICATES and not code.startswith(SKILL):
        message = _("No training on the platform can lead to this paper: an authority issues it.")
        return DomainError("certificate_not_ours", message, field="certificate_code")
    if code.startswith(SKILL) and level not in levels:
        return DomainError(
            "certificate_level", _("Choose a level that this occupation has."), field="certificate_level"
        )
    if code in PLAIN_CERTIFICATES and level is not None:
        return DomainError("certificate_level", _("This kind of paper has no levels."), field="certificate_level")
    if code.startswith(SKILL) and not licensed:
        message = _("Skill levels need a training-school licence that is verified and in force.")
        return DomainError("training_licence_needed", message, field="certificate_code")
    return None


def why_not_now(starts_at: datetime, ends_at: datetime, at: datetime) -> DomainError | None:
    """Why nobody can check in at this moment, or None."""
    if at < starts_at - DOORS_OPEN_BEFORE:
        return DomainError(
            "attendance_early", _("You can check in from half an hour before the beginning."), field="code"
        )
    if at > ends_at:
        return DomainError("attendance_late", _("The session is over. Please ask the trainer."), field="code")
    return None


def why_not_correct(decided_at: datetime, corrected_at: datetime | None, at: datetime) -> DomainError | None:
    """Results are final; within 24 hours one mistake may be mended."""
    if corrected_at is not None:
        return DomainError("result_corrected", _("This result has been corrected once already."), field="reason")
    if at > decided_at + CORRECTION:
        return DomainError("result_final", _("Results are final 24 hours after they were entered."), field="reason")
    return None


def waiting_limit(seats: int) -> int:
    """How many may wait: a longer queue would only promise what cannot be."""
    return max(seats, WAITING_AT_LEAST)


def certificate_end(issued_at: datetime, months: int | None) -> date | None:
    """The last day on which a certificate holds; None: no end."""
    return None if months is None else months_later(local_day(issued_at), months) - timedelta(days=1)
