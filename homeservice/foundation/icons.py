"""Icons of the bootstrap-icons package, written into the page so that they take the text's colour."""

import re
from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

SPRITE = Path(__file__).resolve().parents[1] / "static" / "vendor" / "bootstrap-icons" / "bootstrap-icons.svg"
FALLBACK = "circle"
SYMBOL = re.compile(r'<symbol class="[^"]*" viewBox="([^"]+)" id="([^"]+)">(.*?)</symbol>', re.DOTALL)


@cache
def _symbols() -> dict[str, tuple[str, str]]:
    found = SYMBOL.findall(SPRITE.read_text(encoding="utf-8"))
    return {name: (box, shapes) for box, name, shapes in found}


@cache
def icon_svg(name: str, extra_class: str = "") -> SafeString:
    """The icon as `<svg>`, hidden from screen readers: the word beside it speaks.

    Names may come from rows (a kind's icon), so an unknown one is drawn as a plain circle.
    """
    box, shapes = _symbols().get(name) or _symbols()[FALLBACK]
    classes = f"hs-icon {extra_class}".strip()
    return format_html(
        '<svg class="{}" viewBox="{}" aria-hidden="true" focusable="false">{}</svg>', classes, box, mark_safe(shapes)
    )


def icon_names() -> frozenset[str]:
    """Every icon that the package has."""
    return frozenset(_symbols())
