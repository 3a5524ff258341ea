"""Enterprises with their managers, licences, and how far each has come with its admission."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from communities.accounts.models import User
from communities.divisions.models import Division
from homeservice.demo.cast import MANAGER, Person, identities, person, users
from homeservice.demo.trades import FIRMS, ORG_TYPE, SEAT_KINDS, SUFFIX, TRADES
from homeservice.demo.words import FIRM_NAMES, STREET_LINES
from homeservice.kernel.clock import at_local
from homeservice.kernel.vocabulary import Admission
from providers.credentials.models import Credential, Requirement, number_index
from providers.enterprises.models import Enterprise, EnterpriseManager
from providers.enterprises.rules import check_character

# every fortieth town has firms that are not (or no longer) admitted; the other ones are
ON_THEIR_WAY = {
    10: Admission.SUSPENDED, 11: Admission.SUBMITTED, 12: Admission.CHECKING, 13: Admission.RETURNED,
    14: Admission.AWAITING_AUTHORISATION, 15: Admission.EXITED,
}  # fmt: skip
REASONS = {
    Admission.SUSPENDED: "消防检查发现隐患，限期整改",
    Admission.RETURNED: "营业执照扫描件模糊，经营范围不含家政服务，请更新后重新提交",
    Admission.EXITED: "企业申请退出",
}
SCHOOLS = ("广州南粤家政职业培训学校", "广州妇联巾帼家政培训中心")
OPERATORS = 3  # the first firms have sub-accounts


@dataclass(frozen=True, slots=True)
class Firm:
    """An enterprise with its trade."""

    enterprise: Enterprise
    trade: str


def firms(random: Random, district: Division, count: int, *, today: date) -> list[Firm]:
    """Enterprises of five trades, each with a legal representative and the licences that its trade needs."""
    trades = [FIRMS[n % len(FIRMS)] for n in range(count)]
    people = [person(random, MANAGER, n, born=(1970, 1992)) for n in range(count)]
    rows = Enterprise.objects.bulk_create(
        _enterprise(random, n, one.name, district, f"广州{_name(n)}{SUFFIX[trade]}", ORG_TYPE[trade], today)
        for n, (trade, one) in enumerate(zip(trades, people, strict=True))
    )
    _managers(rows, people, today)
    licences = _licences()
    _papers(random, [(row, licences[trade]) for row, trade in zip(rows, trades, strict=True)], today)
    return [Firm(row, trade) for row, trade in zip(rows, trades, strict=True)]


def schools(random: Random, district: Division, *, serial: int, today: date) -> list[Enterprise]:
    """Training institutions, with the licence to run a school. `serial` is the first number that no firm has."""
    people = [person(random, MANAGER, serial + n, born=(1968, 1985)) for n in range(len(SCHOOLS))]
    rows = Enterprise.objects.bulk_create(
        _enterprise(random, serial + n, one.name, district, SCHOOLS[n], "training", today)
        for n, one in enumerate(people)
    )
    _managers(rows, people, today)
    _papers(random, [(row, ["O-BL", "O-EDU"]) for row in rows], today)
    return list(rows)


def _enterprise(
    random: Random, n: int, representative: str, district: Division, name: str, org_type: str, today: date
) -> Enterprise:
    state = ON_THEIR_WAY.get(n, Admission.ADMITTED)
    return Enterprise(
        name=name, social_credit_code=_credit_code(n), org_type=org_type, division=district,
        outlet_mode=["independent", "embedded", "cooperative", "online"][n % 4],
        address=f"{random.choice(STREET_LINES)}{random.randint(1, 300)}号", legal_representative=representative,
        established_date=today - timedelta(days=random.randint(500, 5000)), complaint_phone=f"020-8500{n:04d}",
        state=state, state_reason=REASONS.get(state, ""), key_contact=n % 8 == 0,
        star=random.choice([None, 3, 4, 4, 5]) if state == Admission.ADMITTED else None,
        credit_grade=random.choice(["", "3A", "4A", "4A", "5A"]) if state == Admission.ADMITTED else "",
        registered_at=_since(today, 690),
    )  # fmt: skip


def _managers(rows: Sequence[Enterprise], people: Sequence[Person], today: date) -> None:
    """Each has its verified legal representative; a few have sub-accounts."""
    at = _since(today, 700)
    heads = users(people, joined=at)
    identities(list(zip(heads, people, strict=True)), at=at, first_serial=250)
    EnterpriseManager.objects.bulk_create(
        EnterpriseManager(enterprise=row, user=user, rights="legal_representative", appointed_at=at)
        for row, user in zip(rows, heads, strict=True)
    )


def sub_accounts(random: Random, of: Sequence[Firm], *, serial: int, today: date) -> None:
    """The first firms have an operator and a clerk beside their representative."""
    at = _since(today, 300)
    ranks = ["operator", "clerk"] * OPERATORS
    people = users([person(random, MANAGER, serial + n, born=(1985, 2002)) for n in range(len(ranks))], joined=at)
    heads = dict(
        EnterpriseManager.objects.filter(enterprise__in=[one.enterprise for one in of[:OPERATORS]]).values_list(
            "enterprise_id", "user_id"
        )
    )
    EnterpriseManager.objects.bulk_create(
        EnterpriseManager(
            enterprise=of[n // 2].enterprise, user=user, rights=rank, appointed_at=at,
            appointed_by_id=heads[of[n // 2].enterprise.pk],
        )
        for n, (user, rank) in enumerate(zip(people, ranks, strict=True))
    )  # fmt: skip


def liaise(officers: Sequence[User]) -> None:
    """The key contacts get their liaison officers in turn."""
    rows = list(Enterprise.objects.filter(key_contact=True).order_by("pk"))
    for n, row in enumerate(rows):
        row.liaison = officers[n % len(officers)]
    Enterprise.objects.bulk_update(rows, ["liaison"])


def _papers(random: Random, wanted: Sequence[tuple[Enterprise, list[str]]], today: date) -> None:
    """Licences in date, but one in nine ends soon, and who was returned or only submitted waits for the check."""
    rows = []
    for n, (row, codes) in enumerate(wanted):
        waiting = row.state in (Admission.SUBMITTED, Admission.CHECKING, Admission.RETURNED)
        for code in codes if row.state != Admission.AWAITING_AUTHORISATION else []:
            ends = random.choice([6, 20, 28]) if n % 9 == 4 and code != "O-BL" else random.randint(400, 1200)
            number = row.social_credit_code if code == "O-BL" else f"粤穗{code[2:]}{row.pk:07d}"
            rows.append(
                Credential(
                    enterprise=row, code=code, issuer="广州市天河区", number=number, number_index=number_index(number),
                    state="submitted" if waiting else "verified", submitted_at=_since(today, 4 if waiting else 640),
                    decided_at=None if waiting else _since(today, 638), method="" if waiting else "register",
                    valid_from=today - timedelta(days=650), valid_until=today + timedelta(days=ends),
                )
            )  # fmt: skip
    Credential.objects.bulk_create(rows)


def _licences() -> dict[str, list[str]]:
    """For each trade the business licence and what the enforcement table asks of its kinds."""
    asked: dict[str, set[str]] = defaultdict(set)
    for row in Requirement.objects.filter(holder="enterprise"):
        asked[row.kind_id].add(row.any_of[0]["code"])
    kinds = {
        trade: {kind for together in TRADES[trade] for kind in together} | set(SEAT_KINDS[trade]) for trade in TRADES
    }
    return {trade: sorted({"O-BL"}.union(*(asked[kind] for kind in kinds[trade]))) for trade in TRADES}


def _name(n: int) -> str:
    return f"{FIRM_NAMES[n % len(FIRM_NAMES)]}{'' if n < len(FIRM_NAMES) else n}"


def _credit_code(serial: int) -> str:
    first_17 = f"91440106MA5D{serial:05d}"
    return first_17 + check_character(first_17)


def _since(today: date, days: int) -> datetime:
    return at_local(today - timedelta(days=days), time(9))
