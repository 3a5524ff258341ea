"""Service points in real communities, and their menus."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, time, timedelta
from random import Random

from bookings.menus.models import Menu, MenuEntry
from communities.accounts.models import StaffPost, User
from communities.divisions.models import Division
from communities.points.models import PointClosure, PointHours, PointStaff, ServicePoint
from homeservice.demo.cast import STAFF, person, scattered, users
from homeservice.demo.words import STREET_LINES
from homeservice.kernel.clock import at_local
from providers.listings.models import Listing

HOSTS = ["community_centre", "community_centre", "day_care", "canteen", "none"]
SITTINGS = {
    "EL07": [time(11), time(11, 30), time(12), time(17), time(17, 30)], "EL09": [time(9)], "CH07": [time(9), time(14)],
}  # fmt: skip
PLACES = {"EL07": 40, "EL09": 12, "CH07": 8}
ALWAYS = ["CL01", "CL02", "CK01", "EL01", "EL10", "RE01", "RE04", "CH04", "EL07"]


def points(random: Random, communities: Sequence[Division], count: int, *, today: date) -> list[ServicePoint]:
    """Points in the first communities drawn, open every day; a quarter is staffed, a few are closed a while."""
    hosts = sorted(random.sample(list(communities), count), key=lambda one: one.area_code)
    rows = []
    for n, community in enumerate(hosts):
        lat, lon = scattered(random, community)
        rows.append(
            ServicePoint(
                name=f"{community.short_name}社区家政服务站", community=community, host=HOSTS[n % len(HOSTS)],
                outlet_mode=["embedded", "independent", "cooperative"][n % 3],
                address=f"{random.choice(STREET_LINES)}{random.randint(1, 300)}号首层", phone=f"020-8700{n:04d}",
                lat=lat, lon=lon, reach_m=random.choice([1500, 2500, 3500, 5000]),
                acceptance="staffed" if n % 4 == 3 else "automatic", accept_window_min=random.choice([10, 15, 30]),
            )
        )  # fmt: skip
    made = ServicePoint.objects.bulk_create(rows)
    PointHours.objects.bulk_create(
        PointHours(point=point, weekday=day, opens=time(8, 30), closes=time(20, 30) if day < 5 else time(18))
        for point in made
        for day in range(7)
    )
    begins = at_local(today + timedelta(days=3), time())
    PointClosure.objects.bulk_create(
        PointClosure(point=point, period=(begins, begins + timedelta(days=2)), reason="站点消防检修")
        for point in made[5::40]
    )
    return made


def desks(
    random: Random, of: Sequence[ServicePoint], streets: Sequence[Division], district: Division, *, today: date
) -> None:
    """A clerk for each point, one for each street's desk, a supervisor of the district."""
    joined = at_local(today - timedelta(days=500), time(9))
    count = len(of) + len(streets) + 1
    people = users([person(random, STAFF, n, born=(1972, 2000), men_percent=30) for n in range(count)], joined=joined)
    PointStaff.objects.bulk_create(PointStaff(point=point, user=user) for point, user in zip(of, people, strict=False))
    of_streets = people[len(of) : len(of) + len(streets)]
    StaffPost.objects.bulk_create(
        [
            *(
                StaffPost(user=user, duty="staff", division=street)
                for user, street in zip(of_streets, streets, strict=True)
            ),
            StaffPost(user=people[-1], duty="supervisor", division=district),
        ]
    )


def reviewers(random: Random, district: Division, *, serial: int, today: date) -> list[User]:
    """Two of the district who check enterprises and workers. `serial` is the first number that no clerk has."""
    joined = at_local(today - timedelta(days=500), time(9))
    people = users([person(random, STAFF, serial + n, born=(1975, 1995)) for n in range(2)], joined=joined)
    StaffPost.objects.bulk_create(StaffPost(user=user, duty="reviewer", division=district) for user in people)
    return people


def menus(
    random: Random, of: Sequence[ServicePoint], offered: Sequence[Listing], entries: int, *, today: date
) -> list[MenuEntry]:
    """Published menus, `entries` in all: what every point has, and a draw of the rest, at or below the listing's price."""
    published = at_local(today - timedelta(days=70), time(9))
    Menu.objects.bulk_create(Menu(point=point, published_at=published) for point in of)
    by_item: dict[str, list[Listing]] = defaultdict(list)
    for listing in offered:
        by_item[listing.item_id].append(listing)
    rows = []
    for n, point in enumerate(of):
        share = entries // len(of) + (n < entries % len(of))
        rows += [_entry(random, point, listing, place) for place, listing in enumerate(_chosen(random, by_item, share))]
    return MenuEntry.objects.bulk_create(rows, batch_size=1000)


def _chosen(random: Random, by_item: dict[str, list[Listing]], count: int) -> list[Listing]:
    always = [code for code in ALWAYS if code in by_item]
    others = sorted(set(by_item) - set(always))
    codes = always + random.sample(others, min(count - len(always), len(others)))
    chosen = [random.choice(by_item[code]) for code in codes]
    while len(chosen) < count:  # a second enterprise for what is wanted most
        another = random.choice(by_item[random.choice(always)])
        if another not in chosen:
            chosen.append(another)
    return chosen[:count]


def _entry(random: Random, point: ServicePoint, listing: Listing, position: int) -> MenuEntry:
    code = listing.item_id
    price = listing.price_fen if random.random() < 0.7 else listing.price_fen * 95 // 100 // 100 * 100
    return MenuEntry(
        point=point, listing=listing, item_code=code, state="published", position=position, price_fen=price,
        capacity=PLACES.get(code), sittings=SITTINGS.get(code, []),
        note_zh="街坊首单好评" if random.random() < 0.08 else "", note_en="",
    )  # fmt: skip
