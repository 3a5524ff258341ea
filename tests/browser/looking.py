"""What a test may say about a page that a browser shows: nobody is shut out, nothing scrolls sideways."""

from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
WIDTHS = (360, 390, 1280)
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


def accessibility_faults(page: Page) -> list[str]:
    """What axe-core complains about, one line a place. It is evaluated over the debugger, which no CSP forbids."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def assert_accessible(page: Page) -> None:
    assert accessibility_faults(page) == []


def assert_no_sideways_scroll(page: Page, width: int = 360) -> None:
    """At that width the page is no wider than its window. The window keeps the width."""
    size = page.viewport_size or PHONE
    page.set_viewport_size({"width": width, "height": size["height"]})
    shown, wide = page.evaluate("[document.documentElement.clientWidth, document.documentElement.scrollWidth]")
    assert wide <= shown, f"the page is {wide} px wide in a window of {shown} px"


def small_targets(page: Page, least_px: float) -> list[str]:
    """Buttons, links and inputs smaller than that in height, but for links inside sentences and in hidden places."""
    return page.evaluate(
        """least => [...document.querySelectorAll('button, .btn, summary, select, input:not([type=hidden]), nav a, header a')]
          .filter(each => each.offsetParent && !each.closest('.hs-sr, thead'))
          .map(each => each.matches('.form-check-input, .hs-chip input') ? each.closest('label, .hs-choice') : each)
          .filter(each => each && each.getBoundingClientRect().height + 0.5 < least)
          .map(each => each.outerHTML.slice(0, 120))""",
        least_px,
    )


ELDER_PX = 24  # 18 points
_SMALLER_TEXTS = """least => [...document.querySelectorAll('main p, main li, main dt, main dd, main label, main td, main button')]
  .filter(each => each.offsetParent && [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
  .filter(each => !each.closest('.hs-sr') && parseFloat(getComputedStyle(each).fontSize) + 0.1 < least)
  .map(each => getComputedStyle(each).fontSize + ' ' + each.outerHTML.slice(0, 120))"""


def assert_fit_for_residents(page: Page, mode: str) -> None:
    """Nobody is shut out, nothing scrolls sideways at 360 px, and in the elder version nothing to read is small."""
    assert_accessible(page)
    if mode == "elder":
        assert page.evaluate(_SMALLER_TEXTS, ELDER_PX) == [], page.url
    size = page.viewport_size or PHONE
    assert_no_sideways_scroll(page)
    page.set_viewport_size(size)
