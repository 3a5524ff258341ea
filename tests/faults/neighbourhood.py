"""A neighbourhood large enough for a busy minute: points, enterprises, workers and residents with API tokens."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from knox.models import AuthToken

from bookings.menus.models import MenuEntry
from homeservice.kernel import clock
from homeservice.kernel.clock import at_local
from tests import world

SPREAD_DEG = 0.008  # some 900 m in each direction
FIRST_HOUR, LAST_HOUR = 8, 18  # a visit of two hours ends by 20:00


@dataclass(frozen=True, slots=True)
class Resident:
    token: str
    household_id: int


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    residents: list[Resident]
    entries: list[MenuEntry]


@dataclass(frozen=True, slots=True)
class Wish:
    """What one person wants to order, and the key under which they ask for it."""

    resident: Resident
    entry_id: int
    starts_at: datetime
    key: str


def neighbourhood(*, residents: int = 100, workers: int = 50, points: int = 3, firms: int = 2) -> Neighbourhood:
    """Everybody lives within walking distance; each point's menu has each firm's cleaning."""
    random = Random(1)
    world.divisions()
    world.terms()
    world.item()
    world.requirement("ID")
    houses = [world.enterprise(f"家政{n}") for n in range(firms)]
    listings = [world.listing(one) for one in houses]
    places = [world.point(f"服务站{n}", **_somewhere(random)) for n in range(points)]
    for n in range(workers):
        world.worker(houses[n % firms], f"阿姨{n}", **_somewhere(random))
    entries = [world.entry(place, listing) for place in places for listing in listings]
    return Neighbourhood([_resident(n, random) for n in range(residents)], entries)


def wishes(of: Neighbourhood, count: int, *, seed: int = 1, days: int = 4) -> list[Wish]:
    """Two hours of cleaning at any half-hour of the coming days, each under a key of its own."""
    random = Random(seed)
    tomorrow = clock.today() + timedelta(days=1)
    return [
        Wish(
            of.residents[n % len(of.residents)],
            random.choice(of.entries).pk,
            at_local(tomorrow + timedelta(days=random.randrange(days)), time(random.randint(FIRST_HOUR, LAST_HOUR - 1)))
            + timedelta(minutes=random.choice((0, 30))),
            f"wish-{seed}-{n}",
        )
        for n in range(count)
    ]


def _resident(number: int, random: Random) -> Resident:
    person = world.verified(world.user(f"居民{number}"))
    place = _somewhere(random)
    home = world.household(person, at=(place["lat"], place["lon"]))
    return Resident(AuthToken.objects.create(person)[1], home.pk)


def _somewhere(random: Random) -> dict[str, float]:
    lat, lon = world.HOME
    return {
        "lat": lat + random.uniform(-SPREAD_DEG, SPREAD_DEG),
        "lon": lon + random.uniform(-SPREAD_DEG, SPREAD_DEG),
    }
