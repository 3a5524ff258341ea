"""The published formula of the credit score, what may be recorded, and the clock of an objection. Pure.

The score is `100 + min(50, points for) − points against`, cut at 0 and 150. What is against counts in full, so that
commendations never hide a serious breach behind them. It reads nothing but recorded events: stars and credit grades of
authorities, ratings of visits and papers have no part in it.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeservice.kernel.errors import DomainError

BASE, LEAST, MOST = 100, 0, 150
MOST_FOR = 50
NEGATIVE_YEARS = 5  # 征信业管理条例 16
ANSWER_DAYS = 20  # 征信业管理条例 25
REMIND_DAYS = 5
SUMMARY_MAX, TEXT_MAX, SOURCE_MAX, DOCUMENT_MAX = 300, 1000, 80, 60
MOST_POINTS = 100

# 征信业管理条例 14: what may never be collected, and how it is commonly written
UNLAWFUL_WORDS = (
    "宗教", "信教", "佛教", "道教", "基督教", "天主教", "伊斯兰", "基因", "指纹", "血型", "人脸特征", "虹膜", "疾病", "病史", "患病", "乙肝",
    "肝炎", "艾滋", "梅毒", "结核", "传染病", "精神病", "抑郁", "怀孕", "孕检", "体检", "健康证",
)  # fmt: skip
UNLAWFUL_ENGLISH = re.compile(
    r"\b(religio|genetic|fingerprint|blood type|biometric|disease|illness|medical history|hepatitis|hiv\b|aids\b|"
    r"tubercul|health (exam|certificate|check)|pregnan)",
    re.IGNORECASE,
)


class Grade(TextChoices):
    """The score in a word. Not the authority's credit grade, which is written in letters."""

    EXCELLENT = "excellent", gettext_lazy("Excellent")
    GOOD = "good", gettext_lazy("Good")
    FAIR = "fair", gettext_lazy("Fair")
    WATCHED = "watched", gettext_lazy("To be watched")
    POOR = "poor", gettext_lazy("Poor")


GRADES = ((120, Grade.EXCELLENT), (100, Grade.GOOD), (80, Grade.FAIR), (60, Grade.WATCHED), (LEAST, Grade.POOR))


@dataclass(frozen=True, slots=True)
class Score:
    """A score with the sums it was made of. `counted_for` is what is left of `points_for` under its limit."""

    points_for: int
    points_against: int

    @property
    def counted_for(self) -> int:
        return min(self.points_for, MOST_FOR)

    @property
    def value(self) -> int:
        return max(LEAST, min(MOST, BASE + self.counted_for - self.points_against))

    @property
    def grade(self) -> Grade:
        return next(grade for least, grade in GRADES if self.value >= least)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What somebody wants to record."""

    holder: str
    rule_holder: str
    rule_from: date
    rule_until: date | None
    occurred_date: date
    expires_date: date
    source_name: str
    document_no: str
    summary: str


def score_of(points: Iterable[int]) -> Score:
    """The score of events with these points: all that are in force on the day, and no others."""
    found = list(points)
    return Score(sum(one for one in found if one > 0), -sum(one for one in found if one < 0))


def expires_on(occurred: date, *, points: int, lasts_days: int) -> date:
    """The first day on which the event no longer counts; what is against never counts longer than five years."""
    ends = occurred + timedelta(days=lasts_days)
    return min(ends, years_after(occurred, NEGATIVE_YEARS)) if points < 0 else ends


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 28 February for the 29th, as the database counts."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)


def due_on(filed: date) -> date:
    """The last day on which an objection is answered in time: twenty calendar days after the day of filing."""
    return filed + timedelta(days=ANSWER_DAYS)


def unlawful_word(*texts: str) -> str:
    """A word of what may never enter a credit record; empty if there is none."""
    joined = "\n".join(_plain(text) for text in texts)
    english = UNLAWFUL_ENGLISH.search(joined)
    unspaced = "".join(joined.split())
    chinese = next((word for word in UNLAWFUL_WORDS if word in unspaced), "")
    return chinese or (english.group() if english else "")


def _plain(text: str) -> str:
    """Wide letters as narrow ones, and no invisible characters: they would hide a word from us, not from readers."""
    wide = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in wide if unicodedata.category(sign) != "Cf")


def why_not_record(told: Reported, *, today: date) -> DomainError | None:
    """Why this can't be recorded, or None."""
    if told.holder != told.rule_holder:
        return _refused("credit_wrong_holder", _("This rule is for another kind of holder."), "rule")
    if told.occurred_date > today:
        return _refused("credit_not_yet", _("This day lies in the future."), "occurred_date")
    if told.occurred_date < told.rule_from or (told.rule_until and told.occurred_date >= told.rule_until):
        return _refused("credit_rule_not_in_force", _("The rule was not in force on this day."), "occurred_date")
    if told.expires_date <= today:
        return _refused("credit_event_over", _("This is so long ago that it no longer counts."), "occurred_date")
    if unlawful_word(told.source_name, told.document_no, told.summary):
        return _refused("credit_unlawful_text", unlawful_text(), "summary")
    return None


def unlawful_text() -> str:
    """What is said to one who writes of health or belief in a credit record."""
    return _("Health, disease, religion and biometrics never enter the credit record. Please leave that out.")


def rule_faults(document: Mapping[str, Any], categories: frozenset[str]) -> list[str]:
    """Every reason not to load the rules of a document, each naming its row; empty for sound ones."""
    faults = []
    codes = [row["code"] for row in document["rules"]]
    for row in document["rules"]:
        faults += [f"{row['code']}: {fault}" for fault in _row_faults(row, codes, categories)]
    return faults


def _row_faults(row: Mapping[str, Any], codes: list[str], categories: frozenset[str]) -> Iterable[str]:
    if codes.count(row["code"]) > 1:
        yield "twice"
    if row["category"] not in categories:
        yield f"category {row['category']} may not enter the score"
    if word := unlawful_word(row["code"], row["name_zh"], row["name_en"]):
        yield f"“{word}” may not enter the score"
    if row["holder"] not in ("worker", "enterprise"):
        yield f"unknown holder {row['holder']}"
    if not 0 < abs(row["points"]) <= MOST_POINTS:
        yield "points must move the score"
    if row["lasts_days"] <= 0 or (row["points"] < 0 and row["lasts_days"] > 1826):
        yield "lasts too long, or not at all"


def _refused(code: str, message: str, field: str) -> DomainError:
    return DomainError(code, message, field=field)
