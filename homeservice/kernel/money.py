"""Money is whole fen (¥0.01) and shares are whole basis points (0.01 %). No floats."""

from collections.abc import Sequence

WHOLE_BP = 10_000


def yuan(fen: int) -> str:
    """`13500` as people read it: `¥135.00`."""
    sign = "-" if fen < 0 else ""
    whole, cents = divmod(abs(fen), 100)
    return f"{sign}¥{whole:,}.{cents:02d}"


def share_fen(fen: int, bp: int) -> int:
    """The `bp` share of a non-negative amount, floored: the rule for public money."""
    if fen < 0 or bp < 0:
        raise ValueError("amounts and shares are not negative")
    return fen * bp // WHOLE_BP


def allocate_fen(total_fen: int, weights: Sequence[int]) -> list[int]:
    """Split an amount by weights so that the parts always sum to it; the last part takes the remainder."""
    if not weights or sum(weights) <= 0:
        raise ValueError("weights must have a positive sum")
    parts = [total_fen * weight // sum(weights) for weight in weights[:-1]]
    return [*parts, total_fen - sum(parts)]
