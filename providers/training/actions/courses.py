"""Courses of a training institution."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex

from django.db import transaction
from django.utils.translation import gettext as _

from communities.accounts.rules import checked_text
from homeservice.kernel.clock import local_day
from homeservice.kernel.errors import DomainError
from providers.catalogue.models import ServiceKind
from providers.credentials.registry import paper_type
from providers.enterprises.models import Enterprise
from providers.training.models import Course
from providers.training.queries import is_training_institution, licensed_to_train
from providers.training.rules import why_not_certificate

HOURS_MAX = 2000


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """What was entered of a course. English texts may be empty: the Chinese ones stand in."""

    track: str
    name_zh: str
    summary_zh: str
    hours: int
    price_fen: int = 0
    name_en: str = ""
    summary_en: str = ""
    certificate_code: str = ""
    certificate_level: int | None = None
    certificate_months: int | None = None
    active: bool = True


@transaction.atomic
def add_course(*, provider: Enterprise, facts: CourseFacts, kinds: Sequence[ServiceKind], at: datetime) -> Course:
    """The institution teaches the course; sessions of it can be planned.

    Raises `not_a_training_institution`, `hours_wrong`, `…_missing`, `…_too_long`, and what `why_not_certificate` gives.
    """
    if not is_training_institution(provider):
        raise DomainError("not_a_training_institution", _("Only training institutions hold courses."))
    course = Course(provider=provider, code=f"C{token_hex(6).upper()}")
    return _saved(course, facts, kinds, at)


@transaction.atomic
def change_course(*, course: Course, facts: CourseFacts, kinds: Sequence[ServiceKind], at: datetime) -> Course:
    """The course is as entered. What a pass leads to stays once somebody could have enrolled for it.

    Raises as `add_course`, and `certificate_fixed`. Locks the course.
    """
    row = Course.objects.select_for_update().get(pk=course.pk)
    before = (row.certificate_code, row.certificate_level, row.certificate_months)
    after = (facts.certificate_code, facts.certificate_level, facts.certificate_months)
    if before != after and row.sessions.exclude(state="draft").exists():
        message = _("People have enrolled for this certificate: make a new course instead.")
        raise DomainError("certificate_fixed", message, field="certificate_code")
    return _saved(row, facts, kinds, at)


def check_certificate(course: Course, at: datetime) -> None:
    """Raises why the course may not lead to its certificate today."""
    licensed = licensed_to_train(course.provider, local_day(at))
    levels = paper_type(course.certificate_code).levels if course.certificate_code else ()
    refusal = why_not_certificate(course.certificate_code, course.certificate_level, levels, licensed=licensed)
    if refusal:
        raise refusal


def _saved(course: Course, facts: CourseFacts, kinds: Sequence[ServiceKind], at: datetime) -> Course:
    if not 1 <= facts.hours <= HOURS_MAX:
        raise DomainError("hours_wrong", _("A course has 1 to 2000 hours."), field="hours")
    course.track, course.hours, course.price_fen, course.active = (
        facts.track, facts.hours, facts.price_fen, facts.active
    )  # fmt: skip
    course.name_zh = checked_text(facts.name_zh, "name_zh", limit=60)
    course.name_en = checked_text(facts.name_en, "name_en", limit=100, required=False)
    course.summary_zh = checked_text(facts.summary_zh, "summary_zh", limit=400)
    course.summary_en = checked_text(facts.summary_en, "summary_en", limit=500, required=False)
    course.certificate_code = facts.certificate_code
    course.certificate_level = facts.certificate_level
    course.certificate_months = facts.certificate_months or _usual_months(facts.certificate_code)
    check_certificate(course, at)
    course.save()
    course.kinds.set(kinds)
    return course


def _usual_months(code: str) -> int | None:
    """How long papers of this kind hold where the course names nothing: no certificate outlives its kind."""
    return paper_type(code).holds_months if code else None
