"""What a paper must look like before anybody looks into it: levels, validity, whose it can be. Pure."""

from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import CredentialCode, ExamClass

EXAM_YEARS = 1  # domain §3.2: twelve months from the day of issue
EXAMS = frozenset({CredentialCode.EXAM, CredentialCode.FOOD_EXAM})
WITHOUT_LEVEL_ONE = frozenset(
    {CredentialCode.SKILL_HOUSEKEEPING, CredentialCode.SKILL_MATERNITY, CredentialCode.SKILL_HOME_CARE}
)
LEVEL_NAMES: dict[int, str | Promise] = {
    5: gettext_lazy("level 5 (junior)"),
    4: gettext_lazy("level 4 (intermediate)"),
    3: gettext_lazy("level 3 (senior)"),
    2: gettext_lazy("level 2 (technician)"),
    1: gettext_lazy("level 1 (senior technician)"),
}


def levels_of(code: str) -> tuple[int, ...]:
    """The levels that the occupation has, lowest first; exam classes for an exam; () where there are none."""
    if code == CredentialCode.EXAM:
        return tuple(sorted(ExamClass.values))
    if not code.startswith("SK-"):
        return ()
    if code in WITHOUT_LEVEL_ONE:
        return 5, 4, 3, 2
    return (4, 3, 2, 1) if code == CredentialCode.SKILL_EARLY_DEVELOPMENT else (5, 4, 3, 2, 1)


def is_of_enterprise(code: str) -> bool:
    """Whether the paper is an institution's licence and never a person's."""
    return code.startswith("O-")


def level_words(code: str, level: int | None) -> str:
    """`class B, home` or `level 5`, for people; empty without a level."""
    if level is None:
        return ""
    if code == CredentialCode.EXAM:
        return str(ExamClass(level).label)
    return str(LEVEL_NAMES.get(level, level))


def end_of_validity(code: str, valid_from: date, valid_until: date | None) -> date | None:
    """The last day: as written on the paper; for an exam that writes none, a year after its issue."""
    if valid_until is None and code in EXAMS:
        return _years_later(valid_from, EXAM_YEARS) - timedelta(days=1)
    return valid_until


def why_not_paper(
    code: str, level: int | None, valid_from: date, valid_until: date | None, *, of_enterprise: bool, today: date
) -> DomainError | None:
    """Why such a paper can't be handed in, or None."""
    if is_of_enterprise(code) != of_enterprise:
        return DomainError("credential_wrong_holder", _("This kind of paper belongs to somebody else."), field="code")
    levels = levels_of(code)
    if levels and level not in levels:
        names = ", ".join(level_words(code, one) for one in levels)
        return DomainError("credential_level", _("Choose one of: %(levels)s.") % {"levels": names}, field="level")
    if level is not None and not levels:
        return DomainError("credential_level", _("This kind of paper has no levels."), field="level")
    if valid_from > today:
        return DomainError("credential_not_yet", _("The day of issue lies in the future."), field="valid_from")
    if valid_until is not None and valid_until < valid_from:
        message = _("The last day of validity lies before the day of issue.")
        return DomainError("credential_validity_backwards", message, field="valid_until")
    if valid_until is not None and valid_until < today:
        message = _("The paper has expired already. Hand in the renewed one.")
        return DomainError("credential_lapsed", message, field="valid_until")
    return None


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
