"""What an enterprise may post for an item (明码标价规定 5–16, domain §2.10), and which compared price is true. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise

from django.utils.translation import gettext as _

from homeservice.kernel.errors import DomainError
from homeservice.kernel.money import WHOLE_BP, yuan

TIMES_ABOVE = 3  # the catalogue's range is illustrative; three times its top is a slip of the keyboard
PLATFORM_TIERS = ((12, 0), (4, 2000), (0, 5000))  # domain §4: no listing may ask more for a cancellation
MOST_SURCHARGE_BP = 20_000
MOST_TRAVEL_FEN_PER_KM = 2_000
MOST_STEPS, MOST_ADD_ONS = 12, 8
STEP_ZH, STEP_EN = 100, 160
TERMS_ZH, TERMS_EN = 300, 400
ADD_ON_NAME = 60
COMPARED_OVER = timedelta(days=7)
NIGHT = (time(22), time(6))

Tier = tuple[int, int]  # hours before the start, share of the price in basis points


@dataclass(frozen=True, slots=True)
class AddOn:
    """Something that can be ordered beside the service, at its own price."""

    name_zh: str
    price_fen: int
    name_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """Everything that a version posts. Empty texts and lists are the catalogue's or nobody's."""

    price_fen: int
    min_quantity: int | None = None
    areas: tuple[str, ...] = ()
    includes_zh: tuple[str, ...] = ()
    includes_en: tuple[str, ...] = ()
    excludes_zh: tuple[str, ...] = ()
    excludes_en: tuple[str, ...] = ()
    add_ons: tuple[AddOn, ...] = ()
    holiday_bp: int = 0
    night_bp: int = 0
    night_from: time | None = None
    night_until: time | None = None
    travel_free_m: int = 0
    travel_fen_per_km: int = 0
    cancel_tiers: tuple[Tier, ...] = ()
    terms_zh: str = ""
    terms_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What the rules must know of the item, and of where its enterprise may go."""

    school_subject: bool
    bookable: bool
    price_low_fen: int
    price_high_fen: int
    min_quantity: int
    max_quantity: int
    city: str


def why_not_publish(offered: Offered, posted: Posted) -> DomainError | None:
    """Why these terms can't be posted for the item, or None: the first refusal, at the field to mend."""
    return next(_refusals(offered, posted), None)


def why_not_item(*, school_subject: bool, bookable: bool) -> DomainError | None:
    """Why an item can't be offered at all, or None."""
    if school_subject:
        message = _("Tutoring in school subjects is not offered on the platform (double-reduction policy).")
        return DomainError("listing_school_subject", message, field="item")
    if not bookable:
        return DomainError("not_bookable", _("This item is arranged by contract, not by time slot."), field="item")
    return None


def why_not_price(price_fen: int, low_fen: int, high_fen: int) -> DomainError | None:
    """Why a unit price can't stand beside the catalogue's range, or None. An item may be free if the range begins at 0."""
    if price_fen < 0 or (price_fen == 0 and low_fen > 0):
        return DomainError("listing_price", _("The price must be more than ¥0.00."), field="price")
    most = high_fen * TIMES_ABOVE
    if price_fen > most:
        message = _("This is far above the usual %(low)s to %(high)s. Please check the price.")
        words = {"low": yuan(low_fen), "high": yuan(high_fen)}
        return DomainError("listing_price", message % words, field="price")
    return None


def fee_bp_at(tiers: Sequence[Tier], hours_ahead: int) -> int:
    """The share that cancelling so long before the start costs: of the first tier whose hours still lie ahead."""
    return next((fee_bp for hours, fee_bp in tiers if hours_ahead >= hours), tiers[-1][1] if tiers else 0)


def true_compared_price(published: Sequence[tuple[datetime, int]], *, over: timedelta = COMPARED_OVER) -> int | None:
    """The price that the present one may be shown beside as what it was, or None if there is none.

    `published` are all versions' instants and prices, the oldest first. Only the lowest price in force during the
    seven days before the present price began may be compared, and only if it was higher: a price raised for a day
    makes no bargain, nor does one that was posted for less than those days.
    """
    if len(published) < 2:
        return None
    present = published[-1][1]
    since = len(published) - 1
    while since and published[since - 1][1] == present:
        since -= 1
    began_at = published[since][0]
    if published[0][0] > began_at - over:
        return None  # nobody has seen the former price for as long
    before = [
        price for (_at, price), (ended_at, _next) in pairwise(published[: since + 1]) if ended_at > began_at - over
    ]
    lowest = min(before, default=present)
    return lowest if lowest > present else None


def _refusals(offered: Offered, posted: Posted) -> Iterator[DomainError]:
    refusals = (
        why_not_item(school_subject=offered.school_subject, bookable=offered.bookable),
        why_not_price(posted.price_fen, offered.price_low_fen, offered.price_high_fen),
        _why_not_quantity(offered, posted.min_quantity),
        _why_not_areas(offered.city, posted.areas),
    )
    yield from (refusal for refusal in refusals if refusal)
    yield from _step_refusals(posted)
    yield from _add_on_refusals(posted.add_ons)
    yield from _surcharge_refusals(posted)
    last = (_why_not_tiers(posted.cancel_tiers), _why_not_terms(posted))
    yield from (refusal for refusal in last if refusal)


def _why_not_quantity(offered: Offered, least: int | None) -> DomainError | None:
    if least is None or offered.min_quantity <= least <= offered.max_quantity:
        return None
    message = _("The least quantity lies between %(least)s and %(most)s.")
    words = {"least": offered.min_quantity, "most": offered.max_quantity}
    return DomainError("listing_quantity", message % words, field="min_quantity")


def _why_not_areas(city: str, areas: Sequence[str]) -> DomainError | None:
    if all(area.startswith(city) for area in areas):
        return None
    return DomainError("listing_area", _("Choose areas of the city in which you are registered."), field="areas")


def _step_refusals(posted: Posted) -> Iterator[DomainError]:
    lists = (
        ("includes_zh", posted.includes_zh, STEP_ZH), ("includes_en", posted.includes_en, STEP_EN),
        ("excludes_zh", posted.excludes_zh, STEP_ZH), ("excludes_en", posted.excludes_en, STEP_EN),
    )  # fmt: skip
    for name, steps, longest in lists:
        if len(steps) > MOST_STEPS:
            yield DomainError("listing_steps", _("At most %(count)s lines.") % {"count": MOST_STEPS}, field=name)
        if any(len(step) > longest for step in steps):
            message = _("At most %(count)s characters in a line.") % {"count": longest}
            yield DomainError("listing_steps", message, field=name)
    for name, zh, en in (
        ("includes_en", posted.includes_zh, posted.includes_en),
        ("excludes_en", posted.excludes_zh, posted.excludes_en),
    ):
        if en and len(en) != len(zh):
            message = _("The English needs as many lines as the Chinese (%(count)s), or none.") % {"count": len(zh)}
            yield DomainError("listing_steps", message, field=name)
    if both := set(posted.includes_zh) & set(posted.excludes_zh):
        message = _("“%(step)s” can't be included and not included.") % {"step": min(both)}
        yield DomainError("listing_steps", message, field="excludes_zh")


def _add_on_refusals(add_ons: Sequence[AddOn]) -> Iterator[DomainError]:
    if len(add_ons) > MOST_ADD_ONS:
        yield DomainError("listing_add_ons", _("At most %(count)s add-ons.") % {"count": MOST_ADD_ONS}, field="add_ons")
    if len({one.name_zh for one in add_ons}) < len(add_ons):
        yield DomainError("listing_add_ons", _("Two add-ons have the same name."), field="add_ons")
    for one in add_ons:
        if not one.name_zh or one.price_fen <= 0:
            message = _("Each add-on needs a name in Chinese and a price above ¥0.00.")
            yield DomainError("listing_add_ons", message, field="add_ons")
        if max(len(one.name_zh), len(one.name_en)) > ADD_ON_NAME:
            message = _("An add-on's name has at most %(count)s characters.") % {"count": ADD_ON_NAME}
            yield DomainError("listing_add_ons", message, field="add_ons")


def _surcharge_refusals(posted: Posted) -> Iterator[DomainError]:
    for name, share in (("holiday_percent", posted.holiday_bp), ("night_percent", posted.night_bp)):
        if not 0 <= share <= MOST_SURCHARGE_BP:
            yield DomainError(
                "listing_surcharge", _("A surcharge lies between 0 % and 200 % of the price."), field=name
            )
    if posted.night_bp and (posted.night_from is None or posted.night_until is None):
        yield DomainError("listing_night", _("Say from when until when the night lasts."), field="night_from")
    elif posted.night_bp and posted.night_from == posted.night_until:
        yield DomainError("listing_night", _("The night can't end when it begins."), field="night_until")
    if not 0 <= posted.travel_fen_per_km <= MOST_TRAVEL_FEN_PER_KM:
        message = _("At most %(most)s a kilometre.") % {"most": yuan(MOST_TRAVEL_FEN_PER_KM)}
        yield DomainError("listing_travel", message, field="travel_yuan_per_km")


def _why_not_tiers(tiers: Sequence[Tier]) -> DomainError | None:
    if not tiers:
        return None
    hours = [hours for hours, _fee in tiers]
    if hours != sorted(set(hours), reverse=True) or hours[-1] != 0:
        return DomainError("listing_cancel", _("The cancellation steps must go down to the start."), field="cancel_4")
    for ahead in sorted({*hours, *(hours for hours, _fee in PLATFORM_TIERS)}, reverse=True):
        most_bp = fee_bp_at(PLATFORM_TIERS, ahead)
        if not 0 <= fee_bp_at(tiers, ahead) <= most_bp:
            message = _("Cancelling %(hours)s hours before may cost at most %(percent)s %% on this platform.")
            words = {"hours": ahead, "percent": most_bp * 100 // WHOLE_BP}
            return DomainError("listing_cancel", message % words, field="cancel_0" if ahead < 4 else "cancel_4")
    return None


def _why_not_terms(posted: Posted) -> DomainError | None:
    for name, text, longest in (("terms_zh", posted.terms_zh, TERMS_ZH), ("terms_en", posted.terms_en, TERMS_EN)):
        if len(text) > longest:
            message = _("Please use at most %(max)s characters; these are %(now)s.")
            return DomainError("listing_terms", message % {"max": longest, "now": len(text)}, field=name)
    return None
