"""How the cell of a column becomes a value: from xlsx as Excel typed it, from csv as text. Refusals are `CellError`s."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from import_export import widgets

from communities.accounts.rules import mainland_mobile, parsed_id_number
from homeservice.kernel import clock
from homeservice.kernel.errors import DomainError
from providers.exchange.rules import (
    CELL_MAX,
    EMPTY,
    LOST_DIGITS,
    NOT_A_CHOICE,
    NOT_A_DATE,
    NOT_A_NUMBER,
    TOO_LONG,
    CellError,
)

EXACT_DIGITS = 15  # what a spreadsheet keeps of a number
LANGUAGES = ("zh-hans", "en")


class Cell(widgets.Widget):  # type: ignore[misc]
    """A text. Empty is None, and refused where it is `required`."""

    def __init__(self, *, required: bool = False, limit: int = CELL_MAX) -> None:
        super().__init__()
        self.required = required
        self.limit = limit

    def clean(self, value: Any, row: Mapping[str, Any] | None = None, **kwargs: Any) -> Any:
        text = plain_text(value)
        if not text:
            if self.required:
                raise CellError("cell_missing", EMPTY)
            return None
        if len(text) > self.limit:
            raise CellError("cell_too_long", TOO_LONG, count=self.limit)
        return self.meant(text)

    def meant(self, text: str) -> Any:
        """The value of a text that is there."""
        return text


class Checked(Cell):
    """What one of the platform's own checks makes of the text."""

    def __init__(self, check: Callable[[str], Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.check = check

    def meant(self, text: str) -> Any:
        with translation.override("en"):  # the fault is kept as its English source
            try:
                return self.check(text)
            except DomainError as error:
                raise CellError(error.code, str(error.message)) from error


class Day(Cell):
    """A day, typed as a date or as text in the usual ways of writing one."""

    def clean(self, value: Any, row: Mapping[str, Any] | None = None, **kwargs: Any) -> Any:
        if isinstance(value, datetime):
            return value.date()
        return value if isinstance(value, date) else super().clean(value, row, **kwargs)

    def meant(self, text: str) -> date:
        digits = text.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-")
        parts = digits.split(" ")[0].split("-")
        if len(parts) == 1 and len(digits) == 8:
            parts = [digits[:4], digits[4:6], digits[6:]]
        try:
            year, month, day = (int(part) for part in parts)
            found = date(year, month, day)
        except ValueError as error:
            raise CellError("cell_not_a_date", NOT_A_DATE) from error
        if not 1900 <= found.year <= 2100:
            raise CellError("cell_not_a_date", NOT_A_DATE)
        return found


class Whole(Cell):
    """A whole number, with or without a unit behind it."""

    def meant(self, text: str) -> int:
        digits = text.removesuffix("公里").removesuffix("千米").removesuffix("km").removesuffix("级").strip()
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= 6):
            raise CellError("cell_not_a_number", NOT_A_NUMBER)
        return int(digits)


class Words(Cell):
    """Several words, separated as people do."""

    def clean(self, value: Any, row: Mapping[str, Any] | None = None, **kwargs: Any) -> Any:
        return super().clean(value, row, **kwargs) or ()

    def meant(self, text: str) -> tuple[str, ...]:
        for sign in "，、,;；/":
            text = text.replace(sign, " ")
        return tuple(dict.fromkeys(text.split()))


class Choice(Cell):
    """One of some values, by its Chinese or English label or its code."""

    def __init__(self, choices: Callable[[], list[tuple[Any, Any]]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choices = choices
        self._known: dict[str, Any] | None = None

    def labels(self) -> list[str]:
        """The labels in the reader's language, for the drop-down."""
        return [str(label) for _value, label in self.choices()]

    def known(self) -> dict[str, Any]:
        if self._known is None:
            known = {str(value).lower(): value for value, _label in self.choices()}
            for language in LANGUAGES:
                with translation.override(language):
                    known |= {str(label).strip().lower(): value for value, label in self.choices()}
            self._known = known
        return self._known

    def meant(self, text: str) -> Any:
        known = self.known()
        if text.lower() not in known:
            raise CellError("cell_not_a_choice", NOT_A_CHOICE, choices=_(", ").join(self.labels()))
        return known[text.lower()]


class Level(Cell):
    """`3`, `3级`, `三级`, or the class of a health exam, `B`."""

    signs = dict(zip("12345一二三四五", [1, 2, 3, 4, 5] * 2, strict=True)) | dict(
        zip("ABCD", [1, 2, 3, 4], strict=True)
    )

    def meant(self, text: str) -> int:
        sign = text.upper().removesuffix("级").removesuffix("类").strip()
        if sign not in self.signs:
            raise CellError("cell_not_a_choice", NOT_A_CHOICE, choices="1, 2, 3, 4, 5, A, B, C, D")
        return self.signs[sign]


def plain_text(value: Any) -> str:
    """The text of a cell; a number as its digits, unless the spreadsheet has rounded it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        if abs(value) >= 10**EXACT_DIGITS:
            raise CellError("cell_lost_digits", LOST_DIGITS)
        return str(int(value)) if value == int(value) else str(value)
    return str(value).replace("\x00", "").strip().lstrip("'").strip()


def phone(text: str) -> str:
    return mainland_mobile(text)


def id_number(text: str) -> Any:
    return parsed_id_number(text, today=clock.today())
