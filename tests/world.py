"""A small, real world for tests: one street with two communities, one point, one enterprise, few people.

Functions make rows and nothing else; each has the fewest arguments a test needs to vary. Named people:
Alice owns what the test is about, Bob shares it with her, Charlie is a stranger.
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any

from bookings.contracts.models import Terms
from bookings.menus.models import Menu, MenuEntry
from communities.accounts.models import (
    CareRecipient,
    Household,
    HouseholdMember,
    Identity,
    StaffPost,
    User,
    phone_index,
)
from communities.divisions.models import Division
from communities.points.models import PointHours, PointStaff, ServicePoint
from homeservice.kernel.clock import at_local
from homeservice.kernel.crypto import blind_index
from providers.bindings.models import Authorisation, AuthorisationLetter, Binding
from providers.catalogue.models import ServiceItem, ServiceKind
from providers.credentials.models import Credential, CredentialType, Requirement, number_index
from providers.enterprises.models import Enterprise, EnterpriseManager
from providers.listings.models import Listing, ListingVersion
from providers.management.commands.load_catalogue import CREDENTIAL_TYPES
from providers.workers.models import Worker, WorkerKind, WorkingHours

MONDAY = date(2026, 11, 23)
NOW = at_local(MONDAY, time(9))
JOINED = datetime(2026, 1, 1, tzinfo=UTC)
HOME = (23.1300, 113.3400)

_serial = count(1)

DIVISIONS = [
    ("44", 1, "广东省", "guangdong", "gd"),
    ("4401", 2, "广州市", "guangzhou", "gz"),
    ("440106", 3, "天河区", "tianhe", "th"),
    ("440106001", 4, "五山街道", "wushan", "ws"),
    ("440106001001", 5, "茶山社区居民委员会", "chashan", "cs"),
    ("440106001002", 5, "东莞庄社区居民委员会", "dongguanzhuang", "dgz"),
    ("440106002", 4, "石牌街道", "shipai", "sp"),
    ("440106002001", 5, "绿荷社区居民委员会", "lvhe", "lh"),
]
CHASHAN, DONGGUANZHUANG, LVHE = "440106001001", "440106001002", "440106002001"
WUSHAN, SHIPAI, TIANHE = "440106001", "440106002", "440106"


def phone() -> str:
    """A phone number that nobody else in this test has."""
    return f"139{next(_serial):08d}"


def divisions() -> None:
    """Guangdong > Guangzhou > Tianhe > two streets > three communities, around HOME."""
    if Division.objects.exists():
        return
    for code, level, name, pinyin, initials in DIVISIONS:
        parent = max((c for c, *_ in DIVISIONS if code.startswith(c) and c != code), key=len, default=None)
        Division.objects.create(
            area_code=code, code=code.ljust(12, "0"), level=level, name=name,
            short_name=name.removesuffix("社区居民委员会"), path_name="广东省", parent_id=parent,
            pinyin=pinyin, initials=initials, bigrams=[name[i : i + 2] for i in range(len(name) - 1)],
            lat=HOME[0], lon=HOME[1], coord_source="geonames",
        )  # fmt: skip


def user(name: str = "王小明", **fields: Any) -> User:
    number = fields.pop("phone", None) or phone()
    return User.objects.create(phone=number, phone_index=phone_index(number), name=name, date_joined=JOINED, **fields)


def verified(person: User, id_number: str | None = None) -> User:
    """The person with a verified identity."""
    number = id_number or f"44010619900101{next(_serial):04d}"
    Identity.objects.create(
        user=person, real_name=person.name, id_number=number, id_number_index=blind_index(number, purpose="id_number"),
        birth_date=date(1990, 1, 1), sex="female", state="verified", verifier="test", verified_at=JOINED,
    )  # fmt: skip
    return person


def household(owner: User, community: str = CHASHAN, at: tuple[float, float] = HOME) -> Household:
    divisions()
    home = Household.objects.create(
        community_id=community, address="3栋2单元501", lat=at[0], lon=at[1], created_at=JOINED
    )
    HouseholdMember.objects.create(household=home, user=owner, part="owner", granted_at=JOINED)
    return home


def recipient(home: Household, **fields: Any) -> CareRecipient:
    return CareRecipient.objects.create(household=home, **{"name": "王奶奶", "groups": ["elder"], **fields})


def staff(*, division: str | None = None, point: ServicePoint | None = None, duty: str = "staff") -> User:
    """A person who acts for a division or runs a point's desk."""
    person = user("林主任")
    if division:
        StaffPost.objects.create(user=person, duty=duty, division_id=division)
    if point:
        PointStaff.objects.create(point=point, user=person)
    return person


def kind(code: str = "cleaning") -> ServiceKind:
    row, _ = ServiceKind.objects.get_or_create(
        code=code, defaults={"name_zh": "保洁", "name_en": "Cleaning", "icon": "stars", "position": 1}
    )
    return row


def item(code: str = "CL01", **fields: Any) -> ServiceItem:
    """Daily cleaning: two hours at least, hour by hour, one worker."""
    defaults = {
        "kind": kind(), "name_zh": "日常保洁", "name_en": "Daily cleaning", "summary_zh": "日常清洁",
        "summary_en": "Everyday cleaning", "unit": "hour", "min_quantity": 2, "max_quantity": 4,
        "duration_min": 120, "duration_per_unit_min": 60, "groups": ["everyone"], "modes": ["menu", "slot"],
        "price_low_fen": 3800, "price_high_fen": 5500, "icon": "stars", "position": 1,
    }  # fmt: skip
    row, _ = ServiceItem.objects.get_or_create(code=code, defaults={**defaults, **fields})
    return row


def requirement(code: str = "ID", *, kind_code: str = "cleaning", **fields: Any) -> Requirement:
    """The kind requires one paper, by law, always, of the worker."""
    defaults = {
        "kind": kind(kind_code), "reason_code": f"needs_{code.lower()}", "holder": "worker",
        "any_of": [{"code": code, "level": None}], "basis": "law", "text_zh": f"需要{code}", "text_en": f"Needs {code}",
        "mend_zh": "请补充", "mend_en": "Submit it", "valid_from": date(2023, 7, 1),
    }  # fmt: skip
    return Requirement.objects.create(**{**defaults, **fields})


def point(name: str = "茶山服务站", community: str = CHASHAN, **fields: Any) -> ServicePoint:
    """A point that accepts at once and opens 08:00-20:00 every day."""
    divisions()
    defaults = {"address": "茶山路1号", "phone": "020-12345678", "lat": HOME[0], "lon": HOME[1]}
    row = ServicePoint.objects.create(name=name, community_id=community, **{**defaults, **fields})
    PointHours.objects.bulk_create(
        PointHours(point=row, weekday=day, opens=time(8), closes=time(20)) for day in range(7)
    )
    Menu.objects.create(point=row, published_at=JOINED)
    return row


def credential_types() -> None:
    """What the platform knows of each kind of paper, as it is shipped."""
    if not CredentialType.objects.exists():
        rows = json.loads(CREDENTIAL_TYPES.read_text(encoding="utf-8"))["types"]
        CredentialType.objects.bulk_create(CredentialType(**row) for row in rows)


def enterprise(name: str = "安心家政", **fields: Any) -> Enterprise:
    divisions()
    credential_types()
    code = f"91440106MA{next(_serial):08d}"
    defaults = {
        "org_type": "employer", "division_id": TIANHE, "complaint_phone": "020-87654321", "state": "admitted"
    }  # fmt: skip
    return Enterprise.objects.create(name=name, social_credit_code=code, **{**defaults, **fields})


def manager(of: Enterprise, rights: str = "legal_representative") -> User:
    person = user("陈经理")
    EnterpriseManager.objects.create(enterprise=of, user=person, rights=rights)
    return person


def authorisation(of: Worker) -> Authorisation:
    """The worker has signed the letter."""
    return Authorisation.objects.create(
        worker=of, letter=letter(), channel="web", signed_name=of.real_name, signed_at=JOINED, recorded_by=of.user
    )


def worker(
    of: Enterprise,
    name: str = "李阿姨",
    *,
    kinds: tuple[str, ...] = ("cleaning",),
    authorised: bool = True,
    **fields: Any,
) -> Worker:
    """An admitted worker near HOME, 08:00-20:00 every day, bound to the kinds, authorised, with an ID paper."""
    defaults = {
        "user": user(name), "relation": "employee", "state": "admitted", "real_name": name, "sex": "female",
        "birth_date": date(1980, 5, 5), "languages": ["普通话", "粤语"], "home_community_id": CHASHAN,
        "lat": HOME[0], "lon": HOME[1], "joined_date": date(2025, 1, 1),
    }  # fmt: skip
    row = Worker.objects.create(enterprise=of, **{**defaults, **fields})
    WorkingHours.objects.bulk_create(
        WorkingHours(worker=row, weekday=day, starts=time(8), ends=time(20)) for day in range(7)
    )
    WorkerKind.objects.bulk_create(WorkerKind(worker=row, kind=kind(code)) for code in kinds)
    if authorised:
        authorisation(row)
    credential(row, "ID")
    binding(row)
    return row


def letter(version: str = "2026-1", **fields: Any) -> AuthorisationLetter:
    """A version of the authorisation letter, in force for long."""
    defaults = {"text_zh": "# 授权书", "text_en": "# Authorisation", "sha256": "0" * 64, "valid_from": date(2025, 1, 1)}
    row, _ = AuthorisationLetter.objects.get_or_create(version=version, defaults={**defaults, **fields})
    return row


def binding(of: Worker, **fields: Any) -> Binding:
    """The worker's binding to their enterprise, in force: invited, and confirmed."""
    defaults = {
        "user": of.user, "enterprise": of.enterprise, "relation": of.relation, "state": "in_force",
        "proposed_by": "enterprise", "proposer": of.user, "proposed_at": JOINED, "answered_at": JOINED,
    }  # fmt: skip
    return Binding.objects.create(**{**defaults, **fields})


def credential(holder: Worker | Enterprise, code: str, **fields: Any) -> Credential:
    """A verified paper without an end."""
    whose = {"worker": holder} if isinstance(holder, Worker) else {"enterprise": holder}
    defaults = {
        "issuer": "广州市", "number": f"{code}-{next(_serial)}", "valid_from": date(2025, 1, 1), "state": "verified"
    }  # fmt: skip
    values = {**defaults, **fields}
    return Credential.objects.create(code=code, number_index=number_index(str(values["number"])), **whose, **values)


def listing(of: Enterprise, service: ServiceItem | None = None, **fields: Any) -> Listing:
    row = Listing.objects.create(enterprise=of, item=service or item(), **{"price_fen": 4500, **fields})
    ListingVersion.objects.create(listing=row, no=row.version_no, price_fen=row.price_fen, published_at=JOINED)
    return row


def entry(at: ServicePoint, offered: Listing, **fields: Any) -> MenuEntry:
    """The listing, published on the point's menu at its own price."""
    defaults = {"state": "published", "price_fen": offered.price_fen, "item_code": offered.item_id}
    return MenuEntry.objects.create(point=at, listing=offered, **{**defaults, **fields})


def terms() -> Terms:
    row, _ = Terms.objects.get_or_create(
        version="2026-1",
        defaults={"text_zh": "条款", "text_en": "Terms", "sha256": "0" * 64, "valid_from": date(2026, 1, 1)},
    )
    return row


@dataclass
class Town:
    """Everything that one booking needs."""

    alice: User
    home: Household
    point: ServicePoint
    enterprise: Enterprise
    worker: Worker
    entry: MenuEntry


def town() -> Town:
    """Alice, verified, at home in Chashan; a point there, whose menu offers daily cleaning by one worker."""
    divisions()
    terms()
    alice = verified(user("爱丽丝"))
    firm, here = enterprise(), point()
    item()
    requirement("ID")
    return Town(alice, household(alice), here, firm, worker(firm), entry(here, listing(firm)))
