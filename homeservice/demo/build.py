"""Builds the demo world, once, from a fixed seed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db import connection, transaction

from bookings.menus.models import MenuEntry
from communities.accounts.models import Household, User
from communities.divisions.models import Division
from homeservice.demo import cast, diary, firms, history, offers, papers, places, schooling, trust, workforce
from homeservice.demo.logins import PHONES, name_logins
from homeservice.kernel import clock
from providers.workers.models import Worker

SEED = 20261122
DISTRICT = "440106"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything."""

    points: int = 120
    firms: int = 38  # and two training institutions
    workers: int = 1200
    entries: int = 3000
    residents: int = 2000
    bookings: int = 5000


FULL = Size()
SMALL = Size(points=6, firms=10, workers=120, entries=150, residents=60, bookings=250)


def is_built() -> bool:
    """Whether the world is there."""
    return User.objects.get_by_phone(PHONES["admin"]) is not None


@transaction.atomic
def build(size: Size = FULL, *, say: Say = lambda _text: None) -> None:
    """The whole demo world is there, or (after an error) nothing of it. Needs divisions, catalogue,
    requirements, policies, terms, letters, credit rules and holidays."""
    random, now = Random(SEED), clock.now()
    today = clock.local_day(now)
    district = Division.objects.get(pk=DISTRICT)
    inside = Division.objects.filter(area_code__startswith=DISTRICT)
    communities = list(inside.filter(level=Division.Level.COMMUNITY).order_by("area_code"))
    streets = list(inside.filter(level=Division.Level.STREET).order_by("area_code"))

    say("enterprises and workers")
    own = firms.firms(random, district, size.firms, today=today)
    schools = firms.schools(random, district, serial=size.firms, today=today)
    firms.sub_accounts(random, own, serial=size.firms + len(schools), today=today)
    workers = workforce.workers(random, own, communities, size.workers, today=today)
    papers.papers(random, workers, today)
    say("service points and menus")
    points = places.points(random, communities, size.points, today=today)
    places.desks(random, points, streets, district, today=today)
    reviewers = places.reviewers(random, district, serial=size.points + len(streets) + 1, today=today)
    firms.liaise(reviewers)
    places.menus(random, points, offers.listings(random, own, today=today), size.entries, today=today)
    say("residents and homes")
    homes = _residents(random, size.residents, [point.community for point in points] * 4 + communities)
    people = list(User.objects.filter(memberships__household__in=homes[:400]).distinct().order_by("pk"))
    schooling.trainings(random, schools, points, people, today=today)
    schooling.jobs(random, own, communities, people, today=today)
    say("checks, codes and credit")
    trust.admissions(workers, own, reviewers, today=today)
    trust.reviewing_desk(workers, own, now=now)
    trust.service_codes(now=now)
    trust.credit(random, workers, own, reviewers, today=today, now=now)
    say("bookings")
    _analyze()
    _bookings(random, size, homes, workers, now=now, say=say)
    name_logins(at=now)


def _residents(random: Random, count: int, communities: list[Division]) -> list[Household]:
    people = [cast.person(random, cast.RESIDENT, n, born=(1940, 2000)) for n in range(count)]
    at = clock.now() - timedelta(days=90)
    owners = list(zip(cast.users(people, joined=at), people, strict=True))
    cast.identities(owners, at=at)
    return cast.households(random, owners, communities, at=at)


def _bookings(
    random: Random, size: Size, homes: list[Household], workers: list[Worker], *, now: datetime, say: Say
) -> None:
    related = MenuEntry.objects.select_related("point", "listing__item", "listing__enterprise")
    visits = diary.planned_visits(
        random, count=size.bookings, first_day=clock.local_day(now) - timedelta(days=60), days=74, homes=homes,
        entries=list(related.order_by("pk")), roster=diary.Roster(workers, clock.local_day(now)),
    )  # fmt: skip
    bookings = history.order(random, list(visits), now=now)
    _analyze()
    say("their life until now")
    history.live_through(random, bookings, now=now)
    say("dispatch of what lies ahead")
    history.dispatch_the_rest(DISTRICT[:4], now=now)
    _analyze()


def _analyze() -> None:
    """The planner knows the tables that have just been filled."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
