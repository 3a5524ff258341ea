"""What every table that people open in a spreadsheet needs. Pure."""

import re

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
NO_CELL_HOLDS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # refused by the format of xlsx


def harmless(cell: str) -> str:
    """Spreadsheets run what looks like a formula; a quote before it makes it text."""
    text = NO_CELL_HOLDS.sub("", cell)
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
