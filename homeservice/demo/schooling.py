"""Trainings near home, a caravan on its route, who sits in which session, and jobs near home."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from communities.accounts.models import User
from communities.divisions.models import Division
from communities.points.models import ServicePoint
from homeservice.demo.firms import Firm
from homeservice.demo.trades import TRADES
from homeservice.kernel.clock import at_local
from homeservice.kernel.vocabulary import Admission
from providers.catalogue.models import ServiceKind
from providers.enterprises.models import Enterprise, EnterpriseManager
from providers.jobs.models import JobApplication, JobOpening
from providers.training.models import Caravan, CaravanStop, Course, Enrolment, Session, TrainingRequest

COURSES = [
    ("TR0-JC", "entry", "家政服务岗前培训", "Pre-job training for home services", 24, "TR0", None, 0),
    ("FA-JJ", "upgrade", "居家急救技能", "First aid at home", 8, "FA", None, 9900),
    ("SN-CJ", "upgrade", "整理收纳进阶班", "Home organising, advanced", 32, "TR-X", None, 68000),
    ("YL-ZG", "transfer", "转岗养老护理启航班", "A new start in elder care", 40, "TR-X", None, 0),
    ("BX-JD", "upgrade", "家电清洗实操班", "Appliance cleaning in practice", 16, "TR-X", None, 38000),
    ("YY-XF", "entry", "育婴照护新手班", "First steps in infant care", 36, "TR-X", None, 45000),
]
KINDS = {
    "TR0-JC": ("cleaning",), "FA-JJ": ("elder_care", "infant_care"), "SN-CJ": ("organising",), "YL-ZG": ("elder_care",),
    "BX-JD": ("appliance_cleaning",), "YY-XF": ("infant_care",),
}  # fmt: skip
SUMMARY = (
    "理论与实操结合，小班教学，结业考核合格发证。",
    "Theory and practice in small groups; those who pass the test get a certificate.",
)
JOBS = {
    "cleaning": ("日常保洁员", "社区内上门保洁，就近派单，带薪培训。"), "elder_care": ("居家养老护理员", "上门照料长者起居，协助用餐、洗漱和散步。"),
    "home_cooking": ("上门做饭阿姨", "按菜单买菜做饭，餐后清洁厨房。"), "infant_care": ("育婴嫂", "照护 0–3 岁婴幼儿，白班为主。"),
    "appliance_repair": ("家电维修师傅", "上门维修空调、冰箱、洗衣机。"), "organising": ("整理收纳师", "上门整理衣物、厨房和儿童房。"),
}  # fmt: skip
HOURS = ["每天 8 小时，做六休一", "上午班 8:00–12:00", "弹性排班，每周不少于 20 小时"]


def trainings(
    random: Random, by: Sequence[Enterprise], points: Sequence[ServicePoint], people: Sequence[User], *, today: date
) -> None:
    """Sessions of the past weeks with their results, and of the coming ones with free seats, full ones and a queue."""
    courses = _courses(by)
    trainers = dict(EnterpriseManager.objects.filter(enterprise__in=by).values_list("enterprise_id", "user_id"))
    stops = _route(random, by[0], points, today)
    rows = []
    for n in range(48):
        course = courses[n % len(courses)]
        point = points[n * 7 % len(points)]
        starts = at_local(today + timedelta(days=n - 20), time([9, 14, 19][n % 3]))
        stop = stops[n // 8] if n % 8 == 5 and n // 8 < len(stops) else None
        rows.append(
            Session(
                course=course, community=stop.community if stop else point.community, point=None if stop else point,
                stop=stop, place=stop.place if stop else point.address, venue_owner="社区居委会", lat=point.lat,
                lon=point.lon, starts_at=stop.starts_at if stop else starts, seats=random.choice([8, 12, 20, 30]),
                ends_at=(stop.starts_at if stop else starts) + timedelta(hours=3),
                trainer_id=trainers[course.provider_id], state="held" if n < 20 else "open",
                created_at=at_local(today - timedelta(days=40), time(9)),
            )
        )  # fmt: skip
    sessions = Session.objects.bulk_create(rows)
    _seats(random, sessions, people, today)
    _requests(random, points, today)


def _courses(by: Sequence[Enterprise]) -> list[Course]:
    made = Course.objects.bulk_create(
        Course(
            provider=by[n % len(by)], code=code, track=track, name_zh=zh, name_en=en, summary_zh=SUMMARY[0],
            summary_en=SUMMARY[1], hours=hours, price_fen=price, certificate_code=paper, certificate_level=level,
            certificate_months=24 if paper == "FA" else None,
        )
        for n, (code, track, zh, en, hours, paper, level, price) in enumerate(COURSES)
    )  # fmt: skip
    for course in made:
        course.kinds.set(ServiceKind.objects.filter(pk__in=KINDS[course.code]))
    return made


def _route(random: Random, by: Enterprise, points: Sequence[ServicePoint], today: date) -> list[CaravanStop]:
    """Six mornings of the coming fortnight in six communities."""
    caravan = Caravan.objects.create(
        provider=by, name="南粤家政培训大篷车一号", plate="粤A·D8866", kit="清洁设备、护理床、急救模型、投影"
    )
    chosen = random.sample(list(points), min(6, len(points)))
    return CaravanStop.objects.bulk_create(
        CaravanStop(
            caravan=caravan, community=point.community, place=f"{point.community.short_name}文化广场", lat=point.lat,
            lon=point.lon, starts_at=at_local(today + timedelta(days=2 + 2 * n), time(9)),
            ends_at=at_local(today + timedelta(days=2 + 2 * n), time(12, 30)),
        )
        for n, point in enumerate(chosen)
    )  # fmt: skip


def _seats(random: Random, sessions: Sequence[Session], people: Sequence[User], today: date) -> None:
    rows: list[Enrolment] = []
    for n, session in enumerate(sessions):
        wanting = min(session.seats + 4 if n % 5 == 0 else random.randint(1, session.seats), len(people))
        for place, user in enumerate(random.sample(list(people), wanting)):
            rows.append(_enrolment(random, session, user, place < session.seats, today))
        session.taken = min(wanting, session.seats)
    Enrolment.objects.bulk_create(rows, batch_size=1000)
    Session.objects.bulk_update(sessions, ["taken"])


def _enrolment(random: Random, session: Session, user: User, seated: bool, today: date) -> Enrolment:
    at = at_local(today - timedelta(days=25), time(random.randint(8, 20)))
    if session.state == "open" or not seated:
        return Enrolment(session=session, user=user, state="enrolled" if seated else "waiting", enrolled_at=at)
    came = random.random() < 0.9
    state = random.choice(["passed", "passed", "passed", "failed"]) if came else "absent"
    return Enrolment(
        session=session, user=user, state=state, enrolled_at=at, attended_at=session.starts_at if came else None,
        decided_at=session.ends_at if came else None, decided_by_id=session.trainer_id if came else None,
    )  # fmt: skip


def _requests(random: Random, points: Sequence[ServicePoint], today: date) -> None:
    clerks = {point.pk: user for point in points[:6] for user in point.staff.values_list("user_id", flat=True)[:1]}
    TrainingRequest.objects.bulk_create(
        TrainingRequest(
            community=point.community, kind_id=random.choice(["cleaning", "elder_care", "infant_care"]),
            headcount=random.randint(10, 40), wished_for=today + timedelta(days=21), note="希望周末在社区活动室上课",
            requested_by_id=clerks[point.pk], requested_at=at_local(today - timedelta(days=3), time(10)),
        )
        for point in points[:6]
        if point.pk in clerks
    )  # fmt: skip


def jobs(
    random: Random, of: Sequence[Firm], communities: Sequence[Division], people: Sequence[User], *, today: date
) -> None:
    """Each second admitted firm looks for people near a community; some have applied."""
    rows = []
    for firm in [one for one in of if one.enterprise.state == Admission.ADMITTED][::2]:
        for kind in sorted({kind for together in TRADES[firm.trade] for kind in together} & JOBS.keys())[:2]:
            title, duties = JOBS[kind]
            low = random.choice([350_000, 450_000, 550_000])
            rows.append(
                JobOpening(
                    enterprise=firm.enterprise, community=random.choice(communities), kind_id=kind, relation="employee",
                    title=title, duties=duties, hours_words=random.choice(HOURS), pay_low_fen=low,
                    pay_high_fen=low + random.choice([100_000, 200_000]), pay_unit="month", trains=random.random() < 0.6,
                    lodging=random.random() < 0.3, places=random.randint(1, 6), published_at=_morning(today, -8),
                    closes_date=today + timedelta(days=random.randint(10, 60)),
                )
            )  # fmt: skip
    openings = JobOpening.objects.bulk_create(rows)
    JobApplication.objects.bulk_create(
        JobApplication(
            opening=opening, user=user, state=random.choice(["applied", "applied", "interview"]), note="家住附近，可长期做",
            applied_at=_morning(today, -3), interview_at=_morning(today, 2),
        )
        for opening in openings
        for user in random.sample(list(people), min(3, len(people)))
    )  # fmt: skip


def _morning(today: date, days: int) -> datetime:
    return at_local(today + timedelta(days=days), time(9))
