"""What admission asks for, why a case comes back, how long the desk has. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import Role
from providers.workers.rules import LEAST_AGE_YEARS, years_old

SYSTEM = "system"
WORKER, ENTERPRISE = "worker", "enterprise"  # whose admission it is

# figures of the desk: working days until a case is due, minutes that a claim holds, cases accepted at a time
DUE_WORKING_DAYS: Mapping[str, int] = {"admission": 5, "papers": 3, "appeal": 15}
CLAIM_HOLDS = timedelta(minutes=15)
BULK_MOST = 200
REASON_MAX = 300
STATEMENT_MAX = 1000


@dataclass(frozen=True, slots=True)
class Actor:
    """Who takes a step, and as what."""

    user_id: int | None
    role: str


def staff(user_id: int) -> Actor:
    return Actor(user_id, Role.STAFF)


class Reason(TextChoices):
    """Why a paper is refused or a case comes back (domain §2.2). The order is that of the desk's keys 1 to 9, 0."""

    BLURRED = "blurred", gettext_lazy("The picture is blurred")
    CROPPED = "cropped", gettext_lazy("The picture is cropped")
    SEAL_MISSING = "seal_missing", gettext_lazy("The seal is missing or can't be read")
    NAME_DIFFERS = "name_differs", gettext_lazy("The name differs")
    NUMBER_DIFFERS = "number_differs", gettext_lazy("The number differs")
    EXPIRED = "expired", gettext_lazy("The paper has expired")
    WRONG_PAPER = "wrong_paper", gettext_lazy("It is another kind of paper")
    FACE_NOT_VISIBLE = "face_not_visible", gettext_lazy("The face can't be seen clearly")
    LICENCE_SCOPE = "licence_scope", gettext_lazy("The licence does not cover this service")
    OTHER = "other", gettext_lazy("Another reason")


MENDS: Mapping[str, str | Promise] = {
    Reason.BLURRED: gettext_lazy("Take the picture again in good light and hold the camera still."),
    Reason.CROPPED: gettext_lazy("Show the whole page with all four corners."),
    Reason.SEAL_MISSING: gettext_lazy("Hand in the original with the issuer's seal, not a copy."),
    Reason.NAME_DIFFERS: gettext_lazy("Compare the name on the paper with the one that was entered."),
    Reason.NUMBER_DIFFERS: gettext_lazy("Compare the number on the paper with the one that was entered."),
    Reason.EXPIRED: gettext_lazy("Have it renewed and hand in the new one."),
    Reason.WRONG_PAPER: gettext_lazy("Choose the kind of paper that it is, or hand in the right one."),
    Reason.FACE_NOT_VISIBLE: gettext_lazy("Use a picture on which the face can be recognised."),
    Reason.LICENCE_SCOPE: gettext_lazy("Hand in the licence that covers what you offer."),
    Reason.OTHER: gettext_lazy("Read what the reviewer wrote."),
}


def checked_reasons(codes: Sequence[str], words: str, *, limit: int = REASON_MAX) -> tuple[list[str], str]:
    """The known codes in their order and the words. Raises `reason_missing`, `reason_unknown`, `reason_too_long`."""
    text = words.replace("\x00", "").strip()
    if set(codes) - set(Reason.values):
        raise DomainError("reason_unknown", _("Choose from the reasons."), field="reasons")
    if not codes and not text:
        raise DomainError("reason_missing", _("Choose a reason, or say why in words."), field="reasons")
    if Reason.OTHER in codes and not text:
        raise DomainError("reason_missing", _("Say in words what it is."), field="reason")
    if len(text) > limit:
        message = _("Please use at most %(max)s characters; these are %(now)s.") % {"max": limit, "now": len(text)}
        raise DomainError("reason_too_long", message, field="reason")
    return [code for code in Reason.values if code in codes], text


def spoken_reasons(codes: Sequence[str], words: str, *, limit: int = REASON_MAX) -> str:
    """Codes and words as one text in the platform's first language, as rows keep it."""
    with override(settings.LANGUAGE_CODE):
        return reason_words(codes, words)[:limit]


def reason_words(codes: Sequence[str], words: str = "") -> str:
    """Codes and words as one text in the reader's language."""
    labels = [
        str(Reason(code).label) for code in codes if code in Reason.values and (code != Reason.OTHER or not words)
    ]
    return str(_("; ")).join([*labels, *([words] if words else [])])


# what stands before the steps of an admission


def why_not_without_reason(facts: Mapping[str, Any]) -> DomainError | None:
    if not facts.get("reason", "").strip() and not facts.get("reason_codes"):
        return DomainError("reason_missing", _("Please say why."), field="reason")
    return None


def why_not_submit(facts: Mapping[str, Any]) -> DomainError | None:
    """`of` says whose admission it is; the others are facts of the worker or the enterprise, and `today`."""
    return _why_not_worker(facts, held=("submitted", "verified")) if facts["of"] == WORKER else _why_not_firm(facts)


def why_not_admit(facts: Mapping[str, Any]) -> DomainError | None:
    """Nobody is admitted whose identity paper, or business licence, is not verified and in force."""
    if facts["of"] == WORKER:
        return _why_not_worker(facts, held=("verified",))
    if facts["business_licence"] != "verified":
        message = _("No business licence is verified and in force.")
        return DomainError("business_licence_missing", message)
    return None


def why_not_readmit(facts: Mapping[str, Any]) -> DomainError | None:
    return why_not_without_reason(facts) or why_not_admit(facts)


def _why_not_worker(facts: Mapping[str, Any], *, held: tuple[str, ...]) -> DomainError | None:
    if not facts["authorised"]:
        message = _("The worker has not signed the authorisation, or has withdrawn it.")
        return DomainError("authorisation_missing", message)
    if not facts["bound"]:
        return DomainError(
            "binding_missing", _("The worker and the enterprise have not both confirmed that they belong together.")
        )
    if facts["identity_paper"] not in held:
        return DomainError("identity_paper_missing", _("The worker's identity is not proved yet."))
    if years_old(facts["birth_date"], facts["today"]) < LEAST_AGE_YEARS:
        return DomainError("worker_under_age", _("The worker is not yet 18 years old."))
    return None


def _why_not_firm(facts: Mapping[str, Any]) -> DomainError | None:
    if facts["business_licence"] not in ("submitted", "verified"):
        message = _("Hand in the business licence first: one that is in force.")
        return DomainError("business_licence_missing", message)
    if not facts.get("pledged"):
        message = _("The legal representative must pledge that everything is true.")
        return DomainError("pledge_missing", message, field="pledged")
    return None
