"""What enterprises offer, at which price and on which terms."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, time, timedelta
from random import Random

from homeservice.demo.firms import Firm
from homeservice.demo.trades import SEAT_KINDS, TRADES
from homeservice.kernel.clock import at_local
from homeservice.kernel.vocabulary import Admission
from providers.catalogue.models import ServiceItem
from providers.listings.models import Listing, ListingVersion

ADD_ONS = [
    {"code": "materials", "name_zh": "自带清洁剂", "name_en": "Cleaning materials brought along", "price_fen": 2000}
]


def listings(random: Random, of: Sequence[Firm], *, today: date) -> list[Listing]:
    """Each admitted firm prices every item of its trade's kinds inside the catalogue's range, and says on which terms."""
    by_kind: dict[str, list[ServiceItem]] = defaultdict(list)
    for item in ServiceItem.objects.filter(bookable=True).order_by("position", "code"):
        by_kind[item.kind_id].append(item)
    rows = []
    for firm in of:
        if firm.enterprise.state != Admission.ADMITTED:
            continue
        kinds = sorted({kind for together in TRADES[firm.trade] for kind in together})
        items = [item for kind in kinds for item in by_kind[kind] if item.needs_worker]
        items += [item for kind in SEAT_KINDS[firm.trade] for item in by_kind[kind] if not item.needs_worker]
        rows += [Listing(enterprise=firm.enterprise, item=item, price_fen=_price(random, item)) for item in items]
    made = Listing.objects.bulk_create(rows)
    _versions(random, made, today)
    return made


def _versions(random: Random, made: Sequence[Listing], today: date) -> None:
    """The version in force; one in six has been cheaper before."""
    rows = []
    for n, listing in enumerate(made):
        if n % 6 == 0:
            rows.append(_version(random, listing, listing.price_fen * 9 // 10, today - timedelta(days=400)))
            listing.version_no = 2
        rows.append(_version(random, listing, listing.price_fen, today - timedelta(days=120)))
    ListingVersion.objects.bulk_create(rows, batch_size=1000)
    Listing.objects.bulk_update([one for one in made if one.version_no == 2], ["version_no"], batch_size=500)


def _version(random: Random, listing: Listing, price_fen: int, on: date) -> ListingVersion:
    item = listing.item
    return ListingVersion(
        listing=listing, no=listing.version_no, price_fen=price_fen, includes_zh=item.includes_zh,
        includes_en=item.includes_en, excludes_zh=item.excludes_zh, excludes_en=item.excludes_en,
        add_ons=ADD_ONS if item.kind_id == "cleaning" else [], holiday_bp=random.choice([0, 3000, 5000]),
        night_bp=random.choice([0, 0, 2000]), night_from=time(20), night_until=time(7),
        travel_free_m=random.choice([3000, 5000]), travel_fen_per_km=random.choice([0, 100, 200]),
        published_at=at_local(on, time(9)),
    )  # fmt: skip


def _price(random: Random, item: ServiceItem) -> int:
    step = 100 if item.price_low_fen < 10_000 else 1000
    return random.randint(item.price_low_fen // step, item.price_high_fen // step) * step
