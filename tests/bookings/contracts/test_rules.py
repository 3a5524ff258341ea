from hypothesis import given
from hypothesis import strategies as st

from bookings.contracts.rules import Block, blocks_of, fingerprint


def test_a_text_becomes_titles_paragraphs_and_lists() -> None:
    text = "# Terms\n\nRead **this** first.\n\n## 1. Who\n- you\n- the **enterprise**\n"
    assert blocks_of(text) == [
        Block("title", ((("Terms", False),),)),
        Block("paragraph", ((("Read ", False), ("this", True), (" first.", False)),)),
        Block("heading", ((("1. Who", False),),)),
        Block("list", ((("you", False),), (("the ", False), ("enterprise", True)))),
    ]


def test_a_line_that_starts_bold_keeps_its_emphasis() -> None:
    assert blocks_of("**Pay** later") == [Block("paragraph", ((("Pay", True), (" later", False)),))]


@given(st.text(), st.text(), st.text(), st.text())
def test_the_fingerprint_tells_any_two_pairs_of_texts_apart(zh: str, en: str, other_zh: str, other_en: str) -> None:
    same = (zh, en) == (other_zh, other_en)
    assert (fingerprint(zh, en) == fingerprint(other_zh, other_en)) is same


def test_moving_words_from_one_language_to_the_other_changes_the_fingerprint() -> None:
    assert fingerprint("ab", "c") != fingerprint("a", "bc")
