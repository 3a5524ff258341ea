"""Template tags that every page uses."""

from django import template

from homeservice.kernel.money import yuan as yuan_text

register = template.Library()


@register.filter
def yuan(fen: int) -> str:
    """`13500` as `¥135.00`."""
    return yuan_text(fen)
