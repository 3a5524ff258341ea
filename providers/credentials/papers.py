"""What a paper must look like before anybody looks into it, by the type of its code: levels, validity, number. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.accounts.rules import parsed_id_number
from homeservice.kernel.errors import DomainError
from homeservice.kernel.vocabulary import CredentialCode, ExamClass

LEVEL_NAMES: dict[int, str | Promise] = {
    5: gettext_lazy("level 5 (junior)"),
    4: gettext_lazy("level 4 (intermediate)"),
    3: gettext_lazy("level 3 (senior)"),
    2: gettext_lazy("level 2 (technician)"),
    1: gettext_lazy("level 1 (senior technician)"),
}
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PaperType:
    """What the platform knows of a code: a row of `CredentialType`, as the rules want it."""

    code: str
    of_enterprise: bool = False
    levels: tuple[int, ...] = ()
    holds_months: int | None = None
    must_end: bool = False
    scan_needed: bool = True
    sensitive: bool = False
    number_pattern: str = ""


def level_words(code: str, level: int | None) -> str:
    """`class B, home` or `level 5`, for people; empty without a level."""
    if level is None:
        return ""
    if code == CredentialCode.EXAM:
        return str(ExamClass(level).label)
    return str(LEVEL_NAMES.get(level, level))


def end_of_validity(kind: PaperType, valid_from: date, valid_until: date | None) -> date | None:
    """The last day: as written on the paper; where it writes none, by the months that such papers hold."""
    if valid_until is None and kind.holds_months:
        return months_later(valid_from, kind.holds_months) - DAY
    return valid_until


def months_later(day: date, months: int) -> date:
    """The same day so many months on; the first of the next month where that month has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    try:
        return date(day.year + years, month + 1, day.day)
    except ValueError:
        return date(day.year + years, month + 2, 1)  # December has all days, so the month after exists


def checked_number(kind: PaperType, typed: str, *, today: date) -> str:
    """The number as it is stored. An identity paper's is the person's ID number, with its check digit.

    Raises `credential_number_missing`, `credential_number` and `id_number_…`, all at field `number`.
    """
    number = typed.strip()
    if not number:
        raise DomainError("credential_number_missing", _("Enter the number of the paper."), field="number")
    if kind.number_pattern:
        number = re.sub(r"[\s\-]", "", number).upper()
    if kind.code == CredentialCode.ID:
        return _id_number(number, today)
    if kind.number_pattern and not re.fullmatch(kind.number_pattern, number):
        message = _("This number does not look like one of such a paper. Please compare it with the paper.")
        raise DomainError("credential_number", message, field="number")
    return number


def why_not_paper(
    kind: PaperType, level: int | None, valid_from: date, valid_until: date | None, *, of_enterprise: bool, today: date
) -> DomainError | None:
    """Why such a paper can't be handed in, or None."""
    if kind.of_enterprise != of_enterprise:
        return DomainError("credential_wrong_holder", _("This kind of paper belongs to somebody else."), field="code")
    return _why_not_level(kind, level) or _why_not_dates(kind, valid_from, valid_until, today, latest_start=today)


def why_not_renewal(
    kind: PaperType, before_until: date | None, valid_from: date, valid_until: date | None, *, today: date
) -> DomainError | None:
    """Why the validity can't carry on that of the paper which ends with `before_until`, or None.

    A renewal may be issued ahead: it begins at the latest on the day after the old one ends.
    """
    if before_until is None or before_until == date.max:
        message = _("This paper has no end: there is nothing to renew.")
        return DomainError("credential_not_renewable", message)
    latest_start = max(today, before_until + DAY)
    ends = None if valid_from > latest_start else end_of_validity(kind, valid_from, valid_until)
    if ends is not None and ends <= before_until:
        message = _("The renewed paper must hold longer than the present one.")
        return DomainError("credential_renewal_not_longer", message, field="valid_until")
    return _why_not_dates(kind, valid_from, valid_until, today, latest_start=latest_start)


def why_not_scan(kind: PaperType, *, scanned: bool) -> DomainError | None:
    """Why the paper can't be handed in at a page with (or without) a scan. A record check's is never kept."""
    if kind.sensitive and scanned:
        message = _("Please do not upload this record: only its result, date and reference are kept.")
        return DomainError("credential_scan_unwanted", message, field="scan")
    if kind.scan_needed and not scanned:
        return DomainError("credential_scan_missing", _("Add a picture or scan of the paper."), field="scan")
    return None


def _why_not_level(kind: PaperType, level: int | None) -> DomainError | None:
    if kind.levels and level not in kind.levels:
        names = _(", ").join(level_words(kind.code, one) for one in kind.levels)
        return DomainError("credential_level", _("Choose one of: %(levels)s.") % {"levels": names}, field="level")
    if level is not None and not kind.levels:
        return DomainError("credential_level", _("This kind of paper has no levels."), field="level")
    return None


def _why_not_dates(
    kind: PaperType, valid_from: date, valid_until: date | None, today: date, *, latest_start: date
) -> DomainError | None:
    if valid_from > latest_start:
        return DomainError("credential_not_yet", _("The day of issue lies in the future."), field="valid_from")
    if valid_until is None and kind.must_end:
        message = _("Enter the last day of validity: such papers have an end.")
        return DomainError("credential_end_missing", message, field="valid_until")
    ends = end_of_validity(kind, valid_from, valid_until)
    if ends is not None and ends < valid_from:
        message = _("The last day of validity lies before the day of issue.")
        return DomainError("credential_validity_backwards", message, field="valid_until")
    if ends is not None and ends < today:
        message = _("The paper has expired already. Hand in the renewed one.")
        return DomainError("credential_lapsed", message, field="valid_until")
    return None


def _id_number(typed: str, today: date) -> str:
    try:
        return parsed_id_number(typed, today=today).number
    except DomainError as error:
        raise DomainError(error.code, error.message, field="number") from error
