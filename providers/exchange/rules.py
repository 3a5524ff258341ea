"""What a file may hold, how its cells become values, and how an import goes on. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext, gettext_noop

MOST_ROWS = 10_000
MOST_LINES = 2 * MOST_ROWS  # empty ones between the rows are counted here
MOST_COLUMNS = 64
MOST_ELEMENTS = 3_000_000  # beginnings and ends: a full table has half as many
MOST_UNPACKED_BYTES = 60 * 1_048_576  # a file of 10 MB may unfold to a gigabyte
MOST_FAULTS_KEPT = 5_000
LEASE = timedelta(minutes=5)  # a process that died is followed by another one after this long
PROGRESS_EVERY = 500
KEPT_FOR = timedelta(days=30)  # the file holds personal data: what it was for is done or dropped by then
CELL_MAX = 300

EMPTY = gettext_noop("Please fill this in.")
NOT_A_DATE = gettext_noop("Write the day as 2026-01-31.")
NOT_A_NUMBER = gettext_noop("Enter a whole number.")
NOT_A_CHOICE = gettext_noop("Choose one of: %(choices)s.")
LOST_DIGITS = gettext_noop("The spreadsheet has rounded this number. Format the column as text and enter it again.")
TOO_LONG = gettext_noop("At most %(count)s characters.")
TWICE = gettext_noop("The same stands in row %(row)s already.")
UNREADABLE = gettext_noop("The file can't be read. Fill in the template and save it as xlsx or csv.")
TOO_MANY_ROWS = gettext_noop("At most %(count)s rows in a file. Please split it.")
NO_ROWS = gettext_noop("The file has no rows below its heading.")
NO_COLUMN = gettext_noop("This column is missing from the heading.")
UNKNOWN_COLUMN = gettext_noop("The heading “%(heading)s” is not known. Use those of the template.")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a cell (or, without a column, in a row). The message is an English source with places."""

    row: int
    column: str
    code: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)


class CellError(ValueError):
    """A cell can't be what its column wants."""

    def __init__(self, code: str, message: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.params = params


def fault_words(message: str, params: Mapping[str, Any]) -> str:
    """A fault's message in the reader's language."""
    return gettext(message) % params if params else gettext(message)
