"""A training institution, its courses and sessions: rows and nothing else."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from communities.accounts.models import User
from communities.divisions.models import Division
from providers.enterprises.models import Enterprise
from providers.training.actions import CourseFacts, SessionFacts
from providers.training.models import Caravan, CaravanStop, Course, Enrolment, Session
from tests import world

TOMORROW = world.NOW + timedelta(days=1)
DOORS = TOMORROW - timedelta(minutes=10)
DURING = TOMORROW + timedelta(hours=1)
AFTER = TOMORROW + timedelta(hours=4)


def school(name: str = "岭南家政培训学校", **fields: Any) -> Enterprise:
    return world.enterprise(name, **{"org_type": "training", **fields})


def course(of: Enterprise, **fields: Any) -> Course:
    """Pre-job training of eight hours; a pass is entered as TR0."""
    world.credential_types()
    defaults = {
        "code": f"C{Course.objects.count()}", "track": "entry", "name_zh": "家政上岗培训", "name_en": "Pre-job training",
        "summary_zh": "上岗前要学的", "summary_en": "What comes before the first job", "hours": 8,
        "certificate_code": "TR0",
    }  # fmt: skip
    row = Course.objects.create(provider=of, **{**defaults, **fields})
    row.kinds.add(world.kind())
    return row


def session(of: Course, *, trainer: User | None = None, **fields: Any) -> Session:
    """Tomorrow from nine to twelve in Chashan, twenty seats, published."""
    defaults = {
        "community_id": world.CHASHAN, "place": "茶山社区活动室", "lat": world.HOME[0], "lon": world.HOME[1],
        "starts_at": TOMORROW, "ends_at": TOMORROW + timedelta(hours=3), "seats": 20, "state": "open",
        "attendance_code": "123456", "created_at": world.JOINED,
    }  # fmt: skip
    return Session.objects.create(course=of, trainer=trainer or world.user("何老师"), **{**defaults, **fields})


def seat(of: Session, who: User, state: str = "enrolled", **fields: Any) -> Enrolment:
    """A seat that counts among those taken, unless it is a place in the queue."""
    row = Enrolment.objects.create(session=of, user=who, state=state, enrolled_at=world.NOW, **fields)
    if state != "waiting":
        of.taken += 1
        of.save(update_fields=["taken"])
    return row


def caravan(of: Enterprise, name: str = "南粤一号") -> Caravan:
    return Caravan.objects.create(provider=of, name=name, plate="粤A·12345", kit="移动厨房")


def stop(of: Caravan, starts_at: datetime = TOMORROW, hours: int = 4, community: str = world.CHASHAN) -> CaravanStop:
    return CaravanStop.objects.create(
        caravan=of, community_id=community, place="茶山文化广场", lat=world.HOME[0], lon=world.HOME[1],
        starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours),
    )  # fmt: skip


COURSE = CourseFacts(track="entry", name_zh="急救", summary_zh="心肺复苏", hours=6, certificate_code="FA")


def session_facts(**fields: Any) -> SessionFacts:
    facts = SessionFacts(
        community=Division.objects.get(pk=world.CHASHAN), place="活动室", starts_at=TOMORROW,
        ends_at=TOMORROW + timedelta(hours=3), seats=20, trainer=fields.pop("trainer", None) or world.user("何老师"),
    )  # fmt: skip
    return replace(facts, **fields)
