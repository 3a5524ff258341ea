"""Openings and applications: rows and nothing else."""

from datetime import timedelta
from typing import Any

from communities.accounts.models import User
from communities.divisions.models import Division
from providers.enterprises.models import Enterprise
from providers.jobs.actions import OpeningFacts
from providers.jobs.models import JobApplication, JobOpening
from providers.jobs.rules import Terms
from tests import world

LAST_DAY = world.MONDAY + timedelta(days=30)


def opening(of: Enterprise, **fields: Any) -> JobOpening:
    """Two places as an employee in Chashan, 5,000 to 6,500 yuan a month."""
    defaults = {
        "community_id": world.CHASHAN, "kind": world.kind(), "relation": "employee", "title": "日常保洁员",
        "duties": "上门保洁", "hours_words": "每周六天", "pay_low_fen": 500_000, "pay_high_fen": 650_000,
        "pay_unit": "month", "places": 2, "published_at": world.NOW, "closes_date": LAST_DAY,
    }  # fmt: skip
    return JobOpening.objects.create(enterprise=of, **{**defaults, **fields})


def application(to: JobOpening, who: User | None = None, **fields: Any) -> JobApplication:
    person = who or world.user("爱丽丝")
    return JobApplication.objects.create(opening=to, user=person, applied_at=world.NOW, **fields)


def facts(**fields: Any) -> OpeningFacts:
    figures = {"pay_low_fen": 500_000, "pay_high_fen": 650_000, "places": 2, "closes_date": LAST_DAY}
    terms = Terms(**{name: fields.pop(name, value) for name, value in figures.items()})  # type: ignore[arg-type]
    said = {
        "community": Division.objects.get(pk=world.CHASHAN), "kind": world.kind(), "relation": "employee",
        "title": "日常保洁员", "duties": "上门保洁", "hours_words": "每周六天", "pay_unit": "month",
    }  # fmt: skip
    return OpeningFacts(terms=terms, **{**said, **fields})
