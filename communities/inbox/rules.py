"""What people are told: a notice, how its text is read, and when a failed delivery is tried again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.utils.translation import get_language, gettext

from homeservice.foundation.wording import day_words, when_words
from homeservice.kernel.money import yuan

SMS = "sms"
MAX_ATTEMPTS = 6
LEASE = timedelta(minutes=2)  # a sender that died is followed by another one after this long
FIRST_RETRY = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What one person is told. `title` and `body` are English sources (marked with `gettext_noop`).

    `params` fill their `%(name)s` places when they are read, in the reader's language: `…_at` (instant),
    `…_date` and `…_fen` are formatted, `x_zh` with `x_en` is offered as `x`. No personal data in them.
    `dedupe_key` names the event: the same person is told of it once. In-app needs no channel.
    """

    recipient_id: int
    title: str
    dedupe_key: str
    body: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    url_name: str = ""
    url_args: tuple[Any, ...] = ()
    channels: tuple[str, ...] = ()
    at: datetime | None = None  # when it happened, if that was before it is told


def plain_params(params: Mapping[str, Any]) -> dict[str, Any]:
    """The params as JSON can keep them: instants and days in ISO form."""
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in params.items()}


def rendered(source: str, params: Mapping[str, Any]) -> str:
    """The text in the active language. Raises `KeyError` if a place has no param."""
    return gettext(source) % _readable(params) if source else ""


def check_places(source: str, params: Mapping[str, Any]) -> None:
    """Every place of the text has a param, or one in each language. Raises `KeyError` naming those without."""
    missing = [
        place
        for place in _places_of(source)
        if place not in params and not (f"{place}_zh" in params and f"{place}_en" in params)
    ]
    if missing:
        raise KeyError(f"no param for {', '.join(missing)} in {source!r}")


@cache
def _places_of(source: str) -> tuple[str, ...]:
    return tuple(re.findall(r"%\((\w+)\)", source))


def _readable(params: Mapping[str, Any]) -> dict[str, Any]:
    ours = "_zh" if (get_language() or "").startswith("zh") else "_en"
    chosen = {key.removesuffix(ours): value for key, value in params.items() if key.endswith(ours)}
    return {**{key: _formatted(key, value) for key, value in params.items()}, **chosen}


def _formatted(key: str, value: Any) -> Any:
    if key.endswith("_fen"):
        return yuan(value)
    if key.endswith("_at") and isinstance(value, str):
        return when_words(datetime.fromisoformat(value))
    if key.endswith("_date") and isinstance(value, str):
        return day_words(date.fromisoformat(value))
    return value


def retry_at(attempts: int, at: datetime) -> datetime:
    """When a delivery that failed `attempts` times is tried again: 30 s, doubled each time."""
    doublings: int = 2 ** (attempts - 1)
    return at + FIRST_RETRY * doublings
