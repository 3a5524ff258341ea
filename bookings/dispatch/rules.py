"""Which point and which workers may take a booking, and which of them is best. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

REPLACED_AHEAD = timedelta(days=3)  # time enough to find somebody else, and to tell everybody
WARNED_AHEAD = timedelta(days=7)  # an office renews most papers within a few working days
RENEWABLE = frozenset({"lapsed", "too_old"})  # causes of a finding that a new paper of the same kind mends

SEARCH_RADIUS_M = 6000
POINTS_PER_BOOKING = 12


def what_now(causes: Collection[str], *, starts_at: datetime, at: datetime) -> str:
    """What is done about a named worker whom something forbids the visit: `replace`, `warn`, or nothing yet.

    A paper that ends before the visit can still be renewed: it is warned of a week ahead and waited for until three
    days ahead. Whatever else forbids it (revoked, suspended, left, unbound) will not mend itself.
    """
    if not causes:
        return ""
    if starts_at <= at + REPLACED_AHEAD or not RENEWABLE.issuperset(causes):
        return "replace"
    return "warn" if starts_at <= at + WARNED_AHEAD else ""


@dataclass(frozen=True, slots=True)
class DispatchTerms:
    """Timers and weights of a round; rows of DispatchPolicy replace these defaults."""

    confirm_window: timedelta = timedelta(minutes=60)
    last_call: timedelta = timedelta(minutes=30)  # nobody is asked any more from then before the start
    keep_bonus: int = 400  # a worker whose time is held already stays unless another is clearly better
    same_worker_bonus: int = 300
    rating_weight: int = 100  # a star
    distance_weight: int = 100  # a kilometre


@dataclass(frozen=True, slots=True)
class PointCandidate:
    """A point whose menu has the item, and what speaks against it."""

    booking_id: int
    point_id: int
    entry_id: int
    enterprise_id: int
    price_fen: int
    distance_m: int
    reach_m: int
    automatic: bool
    accept_window_min: int
    paused: bool
    closed: bool
    full: bool
    asked_before: bool
    chosen_by_resident: bool
    area_code: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What the booking agreed to: the price, whose enterprise, and whether another may come."""

    unit_price_fen: int
    enterprise_id: int
    any_enterprise: bool
    at_point: bool = False  # the resident comes to the point they chose, where their places are kept


def why_not_point(candidate: PointCandidate, wish: Wish) -> str | None:
    """The code of what removes a point from the round, or None if it may be asked."""
    reasons = {
        "asked_before": candidate.asked_before,
        "not_the_chosen_point": wish.at_point and not candidate.chosen_by_resident,
        "out_of_reach": candidate.distance_m > candidate.reach_m,
        "paused": candidate.paused,
        "closed": candidate.closed,
        "full": candidate.full,
        "dearer": candidate.price_fen > wish.unit_price_fen,
        "other_enterprise": candidate.enterprise_id != wish.enterprise_id and not wish.any_enterprise,
    }
    return next((code for code, applies in reasons.items() if applies), None)


def ranked_points(candidates: Sequence[PointCandidate], wish: Wish) -> list[PointCandidate]:
    """Those that may be asked: the resident's choice first, then by distance (rings outward)."""
    able = [one for one in candidates if why_not_point(one, wish) is None]
    return sorted(able, key=lambda one: (not one.chosen_by_resident, one.distance_m, one.point_id))


def offer_deadline(candidate: PointCandidate, *, starts_at: datetime, at: datetime, terms: DispatchTerms) -> datetime:
    """Until when a staffed point may answer: its window, but never past the last call."""
    return max(min(at + timedelta(minutes=candidate.accept_window_min), starts_at - terms.last_call), at)


def confirm_deadline(*, starts_at: datetime, at: datetime, terms: DispatchTerms) -> datetime:
    """Until when a named worker may say yes before another is sought."""
    return max(min(at + terms.confirm_window, starts_at - terms.last_call), at + timedelta(minutes=10))


@dataclass(frozen=True, slots=True)
class WorkerCandidate:
    """A worker of the accepting enterprise who does this kind, and what speaks against them."""

    worker_id: int
    distance_m: int
    service_radius_m: int
    admitted: bool
    qualified: bool
    works_then: bool
    on_leave: bool
    busy: bool
    refused_before: bool
    held: bool
    served_before: bool
    rating: float | None
    over_limit: str = ""  # the code of the limit of working time that the visit would break


def why_not_worker(candidate: WorkerCandidate) -> str | None:
    """The code of what removes a worker from the round, or None if they may be named."""
    reasons = {
        "refused_before": candidate.refused_before,
        "not_admitted": not candidate.admitted,
        "not_qualified": not candidate.qualified,
        "out_of_reach": candidate.distance_m > candidate.service_radius_m,
        "off_hours": not candidate.works_then,
        "on_leave": candidate.on_leave,
        "busy": candidate.busy,
    }
    return next((code for code, applies in reasons.items() if applies), None) or candidate.over_limit or None


def score_parts(candidate: WorkerCandidate, terms: DispatchTerms) -> dict[str, int]:
    """The score of a worker, part by part, as the receipt shows it. More is better."""
    return {
        "distance": -candidate.distance_m * terms.distance_weight // 1000,
        "rating": round((candidate.rating or 4.0) * terms.rating_weight),
        "served_before": terms.same_worker_bonus if candidate.served_before else 0,
        "held": terms.keep_bonus if candidate.held else 0,
    }


def ranked_workers(candidates: Sequence[WorkerCandidate], terms: DispatchTerms) -> list[WorkerCandidate]:
    """Those who may be named, best first; ties by key, so that the same round always decides the same."""
    able = [one for one in candidates if why_not_worker(one) is None]
    return sorted(able, key=lambda one: (-sum(score_parts(one, terms).values()), one.worker_id))


def point_row(candidate: PointCandidate, wish: Wish, chosen: PointCandidate | None) -> dict[str, Any]:
    """A point's line of the receipt."""
    row: dict[str, Any] = {"point": candidate.point_id, "entry": candidate.entry_id, "distance_m": candidate.distance_m}
    removed_by = why_not_point(candidate, wish)
    return row | ({"removed_by": removed_by} if removed_by else {"chosen": candidate == chosen})


def worker_row(candidate: WorkerCandidate, terms: DispatchTerms, chosen: Sequence[int]) -> dict[str, Any]:
    """A worker's line of the receipt."""
    row: dict[str, Any] = {"worker": candidate.worker_id, "distance_m": candidate.distance_m}
    removed_by = why_not_worker(candidate)
    if removed_by:
        return row | {"removed_by": removed_by}
    parts = score_parts(candidate, terms)
    return row | {"score": sum(parts.values()), "parts": parts, "chosen": candidate.worker_id in chosen}
