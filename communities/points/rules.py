"""When a point is open: weekly hours less closures. Pure."""

from collections.abc import Iterable
from datetime import datetime

Period = tuple[datetime, datetime]


def less(open_periods: Iterable[Period], closures: Iterable[Period]) -> list[Period]:
    """The open periods without what the closures cover; each is `[start, end)` and none is empty."""
    left = list(open_periods)
    for begins, ends in closures:
        left = [
            part
            for start, end in left
            for part in ((start, min(end, begins)), (max(start, ends), end))
            if part[0] < part[1]
        ]
    return left
