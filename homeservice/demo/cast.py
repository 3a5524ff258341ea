"""The people of the demo world."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from communities.accounts.identity import TEST_AREA
from communities.accounts.models import (
    CareRecipient,
    Consent,
    Household,
    HouseholdMember,
    Identity,
    User,
    phone_index,
)
from communities.accounts.rules import check_character
from communities.divisions.models import Division
from homeservice.demo.words import GIVEN_FEMALE, GIVEN_MALE, STREET_LINES, SURNAMES
from homeservice.kernel.crypto import blind_index
from homeservice.kernel.vocabulary import Sex

SCATTER_DEGREES = 0.004  # some 400 m around a community's point
RESIDENT, WORKER, STAFF, MANAGER = "1990001", "1990002", "1990003", "1990004"  # the first digits of their phones


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is before they are a row."""

    name: str
    sex: Sex
    birth_date: date
    phone: str


def person(random: Random, prefix: str, serial: int, *, born: tuple[int, int], men_percent: int = 45) -> Person:
    male = random.randrange(100) < men_percent
    given = random.choice(GIVEN_MALE if male else GIVEN_FEMALE)
    birth_date = date(random.randint(*born), random.randint(1, 12), random.randint(1, 28))
    sex = Sex.MALE if male else Sex.FEMALE
    return Person(random.choice(SURNAMES) + given, sex, birth_date, f"{prefix}{serial:04d}")


def users(people: Sequence[Person], *, joined: datetime) -> list[User]:
    """The people as users, in their order. They sign in like anybody, by phone and code."""
    rows = [
        User(phone=one.phone, phone_index=phone_index(one.phone), name=one.name, date_joined=joined, password="!")
        for one in people
    ]
    return User.objects.bulk_create(rows, batch_size=1000)


def identities(pairs: Sequence[tuple[User, Person]], *, at: datetime, first_serial: int = 0) -> None:
    """Each is verified with a well-formed ID number of the test area, and has agreed to the privacy notice."""
    numbered(pairs, [id_number(one, serial) for serial, (_user, one) in enumerate(pairs, first_serial)], at=at)


def numbered(pairs: Sequence[tuple[User, Person]], numbers: Sequence[str], *, at: datetime) -> None:
    """Each is verified with the number, and has agreed to the privacy notice."""
    Identity.objects.bulk_create(
        (
            Identity(
                user=user, real_name=one.name, id_number=number, birth_date=one.birth_date, sex=one.sex,
                id_number_index=blind_index(number, purpose="id_number"), state=Identity.State.VERIFIED,
                verifier="test numbers", verified_at=at,
            )
            for (user, one), number in zip(pairs, numbers, strict=True)
        ),
        batch_size=1000,
    )  # fmt: skip
    Consent.objects.bulk_create(
        (
            Consent(user=user, kind=kind, version="2026-1", channel="web", given_at=at)
            for user, _one in pairs
            for kind in (Consent.Kind.PRIVACY, Consent.Kind.SENSITIVE)
        ),
        batch_size=1000,
    )


def id_number(one: Person, serial: int) -> str:
    """A well-formed number of the test area for the person; no two serials share one on a birthday."""
    parity = serial % 500 * 2 + (one.sex == Sex.MALE)
    first_17 = f"{TEST_AREA}{one.birth_date:%Y%m%d}{parity:03d}"
    return first_17 + check_character(first_17)


def households(
    random: Random, owners: Sequence[tuple[User, Person]], communities: Sequence[Division], *, at: datetime
) -> list[Household]:
    """A home for each owner, in communities drawn at random, with the people who live there."""
    rows = []
    for _owner in owners:
        community = random.choice(communities)
        address = f"{random.choice(STREET_LINES)}{random.randint(1, 300)}号{random.randint(1, 20)}栋{random.randint(1, 32)}0{random.randint(1, 8)}"
        lat, lon = scattered(random, community)
        rows.append(Household(community=community, address=address, lat=lat, lon=lon, label="家", created_at=at))
    homes = Household.objects.bulk_create(rows, batch_size=1000)
    HouseholdMember.objects.bulk_create(
        HouseholdMember(household=home, user=owner, part="owner", granted_at=at)
        for home, (owner, _one) in zip(homes, owners, strict=True)
    )
    for home, (owner, _one) in zip(homes, owners, strict=True):
        owner.community_id = home.community_id
    User.objects.bulk_update([owner for owner, _one in owners], ["community"], batch_size=500)
    _recipients(random, list(zip(homes, owners, strict=True)))
    _proxies(random, homes, owners, at=at)
    return homes


def scattered(random: Random, community: Division) -> tuple[float, float]:
    """A point near the community's own."""
    return (
        round(community.lat + random.uniform(-SCATTER_DEGREES, SCATTER_DEGREES), 6),
        round(community.lon + random.uniform(-SCATTER_DEGREES, SCATTER_DEGREES), 6),
    )


def _recipients(random: Random, homes: Sequence[tuple[Household, tuple[User, Person]]]) -> None:
    rows = []
    for home, (_owner, one) in homes:
        if one.birth_date.year < 1962:
            level = random.choice([0, 0, 0, 1, 1, 2, 3])
            rows.append(_recipient(home, one.name, one.birth_date.year, one.sex, ["elder"], level))
        elif random.random() < 0.35:
            child = one.name[0] + random.choice(["小宝", "乐乐", "朵朵", "安安"])
            born = 2026 - random.randint(0, 11)
            rows.append(_recipient(home, child, born, "", ["infant" if born > 2022 else "child"], 0))
    CareRecipient.objects.bulk_create(rows)


def _recipient(home: Household, name: str, year: int, sex: str, groups: list[str], level: int) -> CareRecipient:
    return CareRecipient(household=home, name=name, birth_year=year, sex=sex, groups=groups, care_level=level)


def _proxies(
    random: Random, homes: Sequence[Household], owners: Sequence[tuple[User, Person]], *, at: datetime
) -> None:
    """Every third old owner has a younger person who orders for them."""
    young = [user for user, one in owners if one.birth_date.year > 1975]
    old = [(home, user) for home, (user, one) in zip(homes, owners, strict=True) if one.birth_date.year < 1962]
    HouseholdMember.objects.bulk_create(
        HouseholdMember(
            household=home, user=random.choice(young), part="proxy", relation="子女", granted_by=user,
            granted_at=at + timedelta(days=1),
        )
        for home, user in old[::3]
    )  # fmt: skip
