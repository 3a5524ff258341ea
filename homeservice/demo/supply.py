"""Enterprises, workers with their papers, and what they offer."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from communities.divisions.models import Division
from homeservice.demo.cast import MANAGER, WORKER, person, scattered, users
from homeservice.demo.portraits import portraits
from homeservice.demo.words import FIRM_NAMES, LANGUAGES, PROVINCES
from homeservice.kernel.clock import at_local
from homeservice.kernel.vocabulary import CredentialCode, TransportMode
from providers.catalogue.models import ServiceItem
from providers.credentials.models import Credential, Requirement, number_index
from providers.enterprises.models import Enterprise, EnterpriseManager
from providers.enterprises.rules import check_character as credit_code_check
from providers.listings.models import Listing
from providers.workers.models import Leave, Worker, WorkerKind, WorkingHours

GENERAL, REPAIR, CARE, CANTEEN, HEALTH = "general", "repair", "care", "canteen", "health"

# what kinds a worker of each trade does together
TRADES: dict[str, tuple[tuple[str, ...], ...]] = {
    GENERAL: (
        ("cleaning",), ("cleaning", "appliance_cleaning"), ("cleaning", "organising"), ("cleaning", "home_cooking"),
        ("home_cooking",), ("elder_care", "elder_visits"), ("infant_care", "child_minding"), ("child_minding",),
        ("elder_care", "hospital_escort", "patient_care"), ("lactation", "infant_care"),
    ),
    REPAIR: (
        ("appliance_repair", "appliance_cleaning"), ("plumbing_furniture_locks",),
        ("appliance_cleaning", "plumbing_furniture_locks"), ("pest_control", "cleaning"),
    ),
    CARE: (
        ("elder_care", "assisted_bathing", "elder_visits"), ("dementia_care", "elder_care"),
        ("disability_assistance", "elder_care", "hospital_escort"), ("assisted_bathing", "home_adaptation"),
    ),
    CANTEEN: (("meal_delivery",), ("meal_delivery", "elder_visits")),
    HEALTH: (
        ("home_nursing", "health_monitoring"), ("doctor_round",), ("rehabilitation", "health_monitoring"),
        ("counselling", "marriage_counselling"), ("family_education", "counselling"),
    ),
}  # fmt: skip
SEAT_KINDS = {CANTEEN: ("canteen",), CARE: ("elder_care", "home_nursery"), GENERAL: (), REPAIR: (), HEALTH: ()}
FIRMS = [GENERAL] * 22 + [REPAIR] * 5 + [CARE] * 6 + [CANTEEN] * 3 + [HEALTH] * 4
SUFFIX = {
    GENERAL: "家政服务有限公司",
    REPAIR: "家电维修服务部",
    CARE: "养老服务中心",
    CANTEEN: "社区餐饮有限公司",
    HEALTH: "健康管理有限公司",
}
ORG_TYPE = {GENERAL: "employer", REPAIR: "shop", CARE: "elder_care", CANTEEN: "canteen", HEALTH: "employer"}
PORTRAITS = 24


@dataclass(frozen=True, slots=True)
class Firm:
    """An enterprise with its trade."""

    enterprise: Enterprise
    trade: str


def firms(random: Random, district: Division, count: int, *, today: date) -> list[Firm]:
    """Enterprises of five trades, each with a manager and all licences that its trade needs."""
    trades = [FIRMS[n % len(FIRMS)] for n in range(count)]
    rows = Enterprise.objects.bulk_create(
        Enterprise(
            name=f"广州{FIRM_NAMES[n % len(FIRM_NAMES)]}{'' if n < len(FIRM_NAMES) else n}{SUFFIX[trade]}",
            social_credit_code=_credit_code(n), org_type=ORG_TYPE[trade], division=district,
            complaint_phone=f"020-8500{n:04d}", state="admitted", key_contact=n % 8 == 0, star=random.choice([None, 3, 4, 4, 5]),
        )
        for n, trade in enumerate(trades)
    )  # fmt: skip
    managers = users([person(random, MANAGER, n, born=(1970, 1992)) for n in range(count)], joined=_since(today, 700))
    EnterpriseManager.objects.bulk_create(
        EnterpriseManager(enterprise=row, user=user, rights="legal_representative")
        for row, user in zip(rows, managers, strict=True)
    )
    licences = _licences()
    Credential.objects.bulk_create(
        Credential(
            enterprise=row, code=code, issuer="广州市天河区", number=f"{code}-{row.pk:05d}",
            number_index=number_index(f"{code}-{row.pk:05d}"), state="verified",
            valid_from=today - timedelta(days=600), valid_until=today + timedelta(days=900),
        )
        for row, trade in zip(rows, trades, strict=True)
        for code in licences[trade]
    )  # fmt: skip
    return [Firm(row, trade) for row, trade in zip(rows, trades, strict=True)]


def _licences() -> dict[str, list[str]]:
    """For each trade the business licence and what the enforcement table asks of its kinds."""
    asked: dict[str, set[str]] = defaultdict(set)
    for row in Requirement.objects.filter(holder="enterprise"):
        asked[row.kind_id].add(row.any_of[0]["code"])
    kinds = {
        trade: {kind for together in TRADES[trade] for kind in together} | set(SEAT_KINDS[trade]) for trade in TRADES
    }
    return {trade: sorted({"O-BL"}.union(*(asked[kind] for kind in kinds[trade]))) for trade in TRADES}


def _credit_code(serial: int) -> str:
    first_17 = f"91440106MA5D{serial:05d}"
    return first_17 + credit_code_check(first_17)


def workers(
    random: Random, of: Sequence[Firm], communities: Sequence[Division], count: int, *, today: date
) -> list[Worker]:
    """Admitted workers, a fair number for each firm, with hours, kinds, papers, some leave and some gaps."""
    people = [person(random, WORKER, n, born=(1966, 2003), men_percent=18) for n in range(count)]
    accounts = users(people, joined=_since(today, 400))
    photos = portraits(random, PORTRAITS, at=at_local(today, time(6)))
    rows = []
    for n, (one, user) in enumerate(zip(people, accounts, strict=True)):
        home = random.choice(communities)
        lat, lon = scattered(random, home)
        stars = random.randint(0, 90)
        rows.append(
            Worker(
                user=user, enterprise=of[n % len(of)].enterprise, relation=random.choice(["employee", "service_agreement"]),
                state="admitted" if n % 60 else "suspended", real_name=one.name, sex=one.sex, birth_date=one.birth_date,
                origin_province=random.choice(PROVINCES), languages=["普通话", *random.sample(LANGUAGES, random.randint(0, 2))],
                photo=photos[n % PORTRAITS], home_community=home, lat=lat, lon=lon,
                service_radius_m=random.choice([4000, 6000, 8000, 12000]),
                transport=random.choice([TransportMode.EBIKE, TransportMode.EBIKE, TransportMode.TRANSIT, TransportMode.BIKE]),
                rating_count=stars, rating_sum=round(stars * random.uniform(4.2, 5.0)), visits_done=stars * 3,
                joined_date=today - timedelta(days=random.randint(30, 1500)),
            )
        )  # fmt: skip
    made = Worker.objects.bulk_create(rows, batch_size=500)
    trades = {worker.pk: TRADES[of[n % len(of)].trade] for n, worker in enumerate(made)}
    kinds = {worker.pk: trades[worker.pk][n // len(of) % len(trades[worker.pk])] for n, worker in enumerate(made)}
    WorkerKind.objects.bulk_create(
        (WorkerKind(worker=worker, kind_id=kind) for worker in made for kind in kinds[worker.pk]), batch_size=1000
    )
    _hours(random, made, today)
    _papers(random, made, kinds, today)
    return made


def _hours(random: Random, made: Iterable[Worker], today: date) -> None:
    shifts = [(time(8), time(18)), (time(8, 30), time(20)), (time(9), time(21)), (time(7), time(17))]
    hours, leaves = [], []
    for worker in made:
        starts, ends = random.choice(shifts)
        off = random.randrange(7)
        hours += [WorkingHours(worker=worker, weekday=day, starts=starts, ends=ends) for day in range(7) if day != off]
        if random.random() < 0.06:
            begins = at_local(today + timedelta(days=random.randint(1, 9)), time())
            leaves.append(
                Leave(worker=worker, period=(begins, begins + timedelta(days=random.randint(1, 4))), reason="事假")
            )
    WorkingHours.objects.bulk_create(hours, batch_size=2000)
    Leave.objects.bulk_create(leaves)


def _papers(random: Random, made: Sequence[Worker], kinds: dict[int, tuple[str, ...]], today: date) -> None:
    """What the enforcement table asks of each kind, by its first alternative; a few are about to end or have ended."""
    needed: dict[str, dict[str, int | None]] = defaultdict(dict)
    for row in Requirement.objects.filter(holder="worker").order_by("pk"):
        first = row.any_of[0]
        level = needed[row.kind_id].get(first["code"])
        needed[row.kind_id][first["code"]] = _stricter(first["code"], level, first["level"])
    rows = []
    for n, worker in enumerate(made):
        mine: dict[str, int | None] = {}
        for kind in kinds[worker.pk]:
            for code, level in needed[kind].items():
                mine[code] = _stricter(code, mine.get(code), level)
        gap = random.choice(list(mine)) if n % 12 == 5 else None
        rows += [_paper(random, worker, code, level, today, gap == code) for code, level in mine.items()]
    Credential.objects.bulk_create(rows, batch_size=2000)


def _stricter(code: str, one: int | None, other: int | None) -> int | None:
    """The level that satisfies both: for exams the larger class, for skills the smaller number."""
    known = [level for level in (one, other) if level is not None]
    if not known:
        return None
    return max(known) if code == CredentialCode.EXAM else min(known)


def _paper(random: Random, worker: Worker, code: str, level: int | None, today: date, gap: bool) -> Credential:
    until = today + timedelta(days=random.randint(60, 330))
    if gap:
        until = today + timedelta(days=random.choice([-10, 3, 12, 25]))
    lasting = code in ("ID", "TR0") or code.startswith("SK-")
    return Credential(
        worker=worker, code=code, level=level, issuer="广州市", number=f"{code}-{worker.pk:06d}",
        number_index=number_index(f"{code}-{worker.pk:06d}"), state="verified",
        valid_from=today - timedelta(days=random.randint(75, 100)), valid_until=None if lasting and not gap else until,
    )  # fmt: skip


def listings(random: Random, of: Sequence[Firm]) -> list[Listing]:
    """Each firm prices every item of its trade's kinds inside the catalogue's range."""
    by_kind: dict[str, list[ServiceItem]] = defaultdict(list)
    for item in ServiceItem.objects.filter(bookable=True).order_by("position", "code"):
        by_kind[item.kind_id].append(item)
    rows = []
    for firm in of:
        kinds = sorted({kind for together in TRADES[firm.trade] for kind in together})
        items = [item for kind in kinds for item in by_kind[kind] if item.needs_worker]
        items += [item for kind in SEAT_KINDS[firm.trade] for item in by_kind[kind] if not item.needs_worker]
        rows += [Listing(enterprise=firm.enterprise, item=item, price_fen=_price(random, item)) for item in items]
    return Listing.objects.bulk_create(rows)


def _price(random: Random, item: ServiceItem) -> int:
    step = 100 if item.price_low_fen < 10_000 else 1000
    return random.randint(item.price_low_fen // step, item.price_high_fen // step) * step


def _since(today: date, days: int) -> datetime:
    return at_local(today - timedelta(days=days), time(9))
