"""Every component in a browser: both modes, both languages, phone and desk."""

from typing import Any

import pytest

from tests.browser.conftest import PageOf
from tests.browser.looking import WIDTHS, assert_accessible, assert_no_sideways_scroll, small_targets

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("mode", ["standard", "elder"])
def test_each_component_is_accessible_and_fits_every_width(page_of: PageOf, mode: str, language: str) -> None:
    page = page_of(mode=mode, language=language)
    page.goto("/styleguide/?wrong=1")
    page.locator(".leaflet-interactive").first.wait_for(state="attached")
    for width in WIDTHS:
        assert_no_sideways_scroll(page, width)
        assert_accessible(page)


def test_elder_mode_speaks_in_18_point_and_its_targets_are_60_px(page_of: PageOf) -> None:
    page = page_of(mode="elder")
    page.goto("/styleguide/")
    body_px = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    smallest_px = page.evaluate(
        "Math.min(...[...document.querySelectorAll('main *, .hs-header *')].filter(e => e.offsetParent && "
        "[...e.childNodes].some(n => n.nodeType == 3 && n.data.trim())).map(e => parseFloat(getComputedStyle(e).fontSize)))"
    )
    assert body_px * 72 / 96 >= 18
    assert smallest_px >= 22
    assert small_targets(page, 60) == []


def test_targets_of_the_standard_mode_are_44_px(page_of: PageOf) -> None:
    page = page_of()
    page.goto("/styleguide/")
    assert small_targets(page, 44) == []


def test_a_confirmation_is_a_dialog_that_escape_closes(page_of: PageOf) -> None:
    page = page_of()
    page.goto("/styleguide/")
    page.locator("#cancel > summary").click()
    dialog = page.locator("#cancel dialog")
    assert dialog.evaluate("each => each.matches(':modal')")
    assert_accessible(page)
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.parentElement.id") == "cancel"


def test_without_a_script_a_confirmation_unfolds_with_its_button(page_of: PageOf) -> None:
    page = page_of(javascript=False)
    page.goto("/styleguide/")
    page.locator("#cancel > summary").click()
    assert page.locator("#cancel form button:visible").all_inner_texts() == ["确定取消"]


def test_errors_take_the_focus_and_lead_to_their_field(page_of: PageOf) -> None:
    page = page_of()
    page.goto("/styleguide/?wrong=1")
    assert page.evaluate("document.activeElement.className") == "hs-errors"
    page.locator(".hs-errors a").first.click()
    assert page.evaluate("document.activeElement.id") == "id_phone"


def test_a_long_answer_counts_what_was_typed_and_cuts_nothing_off(page_of: PageOf) -> None:
    page = page_of()
    page.goto("/styleguide/")
    page.locator("#id_note").fill("好" * 201)
    assert page.locator("#id_note-counter").inner_text() == "201 / 200"
    assert page.locator("#id_note-counter").get_attribute("class") == "hs-counter js-only hs-counter-over"


def test_the_switches_of_the_header_bring_back_the_same_page(page_of: PageOf) -> None:
    page = page_of()
    page.goto("/styleguide/?sort=price")
    page.get_by_role("button", name="长辈版").click()
    page.get_by_role("button", name="EN").click()
    page.locator("html[lang=en][data-mode=elder]").wait_for()
    assert page.url.endswith("/styleguide/?sort=price")
    page.get_by_role("button", name="Standard version").wait_for()


def test_reduced_motion_moves_nothing(page_of: PageOf) -> None:
    page = page_of()
    page.emulate_media(reduced_motion="reduce")
    page.goto("/styleguide/")
    assert page.locator(".hs-shape").first.evaluate("each => getComputedStyle(each).animationName") == "none"


def test_on_paper_there_is_no_shell(page_of: PageOf) -> None:
    page = page_of()
    page.goto("/styleguide/")
    page.emulate_media(media="print")
    shown: list[Any] = [page.locator(name).first.is_visible() for name in (".hs-header", ".hs-footer", "h1")]
    assert shown == [False, False, True]
