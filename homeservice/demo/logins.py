"""One login a role, as `make run` prints them. They sign in by phone and the code shown on the page."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext_noop

from communities.accounts.actions import enrol_totp
from communities.accounts.models import HouseholdMember, StaffPost, User, phone_index
from communities.points.models import PointStaff
from homeservice.kernel.clock import day_bounds, local_day
from providers.enterprises.models import EnterpriseManager
from providers.workers.models import Worker

TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of the invented staff only

PHONES = {
    "resident": "13800000001",
    "proxy": "13800000002",
    "worker": "13800000003",
    "manager": "13800000004",
    "desk": "13800000005",
    "street": "13800000006",
    "supervisor": "13800000007",
    "admin": "13800000008",
    "reviewer": "13800000009",
    "school": "13800000010",
}
WHAT = {
    "resident": gettext_noop("Resident"),
    "proxy": gettext_noop("Family proxy of an elder"),
    "worker": gettext_noop("Worker"),
    "manager": gettext_noop("Enterprise manager"),
    "desk": gettext_noop("Desk of a service point"),
    "street": gettext_noop("Community staff of a street"),
    "supervisor": gettext_noop("Supervisor of the district"),
    "admin": gettext_noop("Administrator"),
    "reviewer": gettext_noop("Reviewing staff of the district"),
    "school": gettext_noop("Manager of a training institution"),
}
SECOND_FACTOR = frozenset({"desk", "street", "supervisor", "admin", "reviewer"})


@dataclass(frozen=True, slots=True)
class Login:
    """A role, the phone that signs in as it, and whether a second factor is asked."""

    role: str
    what: str
    phone: str
    second_factor: bool


def logins() -> list[Login]:
    """The logins of the demo world that is built."""
    known = set(
        User.objects.filter(phone_index__in=map(phone_index, PHONES.values())).values_list("phone_index", flat=True)
    )
    return [
        Login(role, WHAT[role], phone, role in SECOND_FACTOR)
        for role, phone in PHONES.items()
        if phone_index(phone) in known
    ]


def name_logins(*, at: datetime) -> None:
    """People with something to see get the phones that are printed; staff get their second factor."""
    worker = _busiest_worker(at)
    proxy = HouseholdMember.objects.filter(part="proxy").order_by("pk").values_list("user", flat=True).first()
    resident = _resident_with_visits(at, but=proxy)
    people = {
        "resident": resident,
        "proxy": proxy,
        "worker": worker.user_id,
        "manager": _representative(worker),
        "desk": _busiest_desk(at),
        "street": StaffPost.objects.filter(duty="staff").order_by("pk").values_list("user", flat=True).first(),
        "supervisor": StaffPost.objects.filter(duty="supervisor").values_list("user", flat=True).first(),
        "reviewer": StaffPost.objects.filter(duty="reviewer").order_by("pk").values_list("user", flat=True).first(),
        "school": EnterpriseManager.objects.filter(enterprise__org_type="training")
        .order_by("pk")
        .values_list("user", flat=True)
        .first(),
    }
    for role, key in people.items():
        if key:
            User.objects.filter(pk=key).update(phone=PHONES[role], phone_index=phone_index(PHONES[role]))
    User.objects.create(
        phone=PHONES["admin"], phone_index=phone_index(PHONES["admin"]), name="平台管理员", is_staff=True,
        is_superuser=True, date_joined=at,
    )  # fmt: skip
    for role in SECOND_FACTOR:
        person = User.objects.get_by_phone(PHONES[role])
        if person:
            enrol_totp(user=person, secret=TOTP_SECRET, at=at)


def _representative(worker: Worker) -> int:
    """Who acts for the worker's enterprise with all rights."""
    posts = EnterpriseManager.objects.filter(enterprise=worker.enterprise_id, rights="legal_representative")
    return posts.values_list("user", flat=True)[0]


def _busiest_worker(at: datetime) -> Worker:
    """Who has the most visits today."""
    day = day_bounds(local_day(at))
    live = Q(assignments__visit__starts_at__range=day) & ~Q(assignments__state="released")
    counted = Worker.objects.filter(state="admitted", enterprise__isnull=False)
    busiest: Worker = counted.annotate(today=Count("assignments", filter=live)).order_by("-today", "pk")[0]
    return busiest


def _resident_with_visits(at: datetime, *, but: int | None) -> int:
    """Who has the most visits ahead."""
    ahead = Q(
        bookings__starts_at__gt=at,
        bookings__state__in=["assigned", "confirmed"],
        bookings__point__acceptance="automatic",
    )
    people = User.objects.exclude(pk=but or 0).filter(identity__state="verified")
    return (
        people.annotate(ahead=Count("bookings", filter=ahead)).order_by("-ahead", "pk").values_list("pk", flat=True)[0]
    )


def _busiest_desk(at: datetime) -> int:
    """Whose point has the most offers waiting, then the most bookings ahead."""
    waiting = Count("point__offers", filter=Q(point__offers__state="open"), distinct=True)
    ahead = Count("point__bookings", filter=Q(point__bookings__starts_at__gt=at), distinct=True)
    desks = PointStaff.objects.annotate(waiting=waiting, ahead=ahead).order_by("-waiting", "-ahead", "pk")
    return desks.values_list("user", flat=True)[0]
