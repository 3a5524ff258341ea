"""What a visit costs, line by line, and what cancelling it costs. Pure: values in, parts out."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from homeservice.kernel.clock import SHANGHAI
from homeservice.kernel.money import share_fen
from providers.listings.rules import PLATFORM_TIERS, Tier, fee_bp_at

NIGHT_STARTS, NIGHT_ENDS = time(22), time(6)


@dataclass(frozen=True, slots=True)
class PriceTerms:
    """The surcharges in force: shares in basis points, money in fen, distance in metres.

    `cancel_tiers` are `(hours before the start, fee share)`, longest first; the first whose hours
    still lie ahead counts. Defaults are domain §4's price rules; rows of PricePolicy replace them.
    """

    holiday_bp: int = 0
    night_bp: int = 0
    travel_free_m: int = 5000
    travel_fen: int = 0
    cancel_tiers: tuple[Tier, ...] = PLATFORM_TIERS
    version: str = "default"


@dataclass(frozen=True, slots=True)
class PricePart:
    """One line that a person can follow: what, how much (fen), and the numbers it came from."""

    code: str
    amount_fen: int
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quote:
    """A price and its parts; the parts always sum to it."""

    parts: tuple[PricePart, ...]

    @property
    def total_fen(self) -> int:
        return sum(part.amount_fen for part in self.parts)

    def as_rows(self) -> list[dict[str, Any]]:
        """The parts as JSON, as a booking keeps them."""
        return [asdict(part) for part in self.parts]


def quote(
    *,
    unit_price_fen: int,
    quantity: int,
    unit: str,
    starts_at: datetime,
    ends_at: datetime,
    holiday: bool,
    distance_m: float,
    terms: PriceTerms,
) -> Quote:
    """Base × quantity, then holiday and night shares of the base, then the travel fee. Lines of zero are left out."""
    base_fen = unit_price_fen * quantity
    night = night_minutes(starts_at, ends_at)
    minutes = int((ends_at - starts_at).total_seconds()) // 60
    parts = [PricePart("base", base_fen, {"unit_price_fen": unit_price_fen, "quantity": quantity, "unit": unit})]
    if holiday and terms.holiday_bp:
        parts.append(PricePart("holiday", share_fen(base_fen, terms.holiday_bp), {"bp": terms.holiday_bp}))
    if night and terms.night_bp:
        night_fen = share_fen(base_fen, terms.night_bp) * night // minutes
        parts.append(PricePart("night", night_fen, {"bp": terms.night_bp, "minutes": night}))
    if distance_m > terms.travel_free_m and terms.travel_fen:
        parts.append(PricePart("travel", terms.travel_fen, {"free_m": terms.travel_free_m}))
    return Quote(tuple(part for part in parts if part.amount_fen or part.code == "base"))


def night_minutes(starts_at: datetime, ends_at: datetime) -> int:
    """Minutes of the period between 22:00 and 06:00 in Guangdong."""
    start, end = starts_at.astimezone(SHANGHAI), ends_at.astimezone(SHANGHAI)
    total, day = 0, start.date() - timedelta(days=1)
    while day <= end.date():
        night = datetime.combine(day, NIGHT_STARTS, SHANGHAI)
        morning = datetime.combine(day + timedelta(days=1), NIGHT_ENDS, SHANGHAI)
        overlap = min(end, morning) - max(start, night)
        total += max(int(overlap.total_seconds()) // 60, 0)
        day += timedelta(days=1)
    return total


def milder_tiers(policy: Sequence[Tier], posted: Sequence[Tier]) -> tuple[Tier, ...]:
    """At each hour before the start the smaller share of the two: nobody owes more than was posted, nor more than the
    policy of the place allows. An enterprise that posts no tiers has the policy's; a policy without any is free."""
    if not policy or not posted:
        return tuple(policy)
    hours = sorted({hours for hours, _fee_bp in (*policy, *posted)}, reverse=True)
    tiers = [(one, min(fee_bp_at(policy, one), fee_bp_at(posted, one))) for one in hours]
    alike = [next_fee for _hours, next_fee in tiers[1:]] + [None]
    return tuple(tier for tier, next_fee in zip(tiers, alike, strict=True) if tier[1] != next_fee)


def cancellation_fee_fen(
    price_fen: int, *, starts_at: datetime, at: datetime, tiers: Sequence[Sequence[int]], worker_named: bool
) -> int:
    """What a resident owes for cancelling at `at`. Nothing while no worker has been named."""
    if not worker_named:
        return 0
    ahead = starts_at - at
    for hours, fee_bp in tiers:
        if ahead >= timedelta(hours=hours):
            return share_fen(price_fen, fee_bp)
    return share_fen(price_fen, tiers[-1][1]) if tiers else 0
