"""What codes and names mean."""

import pytest

from communities.divisions.romanising import initials, sort_key
from communities.divisions.rules import (
    BadRow,
    DivisionRow,
    area_code_of,
    bigrams,
    parent_of,
    row_of,
    short_name,
    spoken_name,
    wrong_among,
)


@pytest.mark.parametrize(
    ("code", "level", "area_code"),
    [
        ("440000000000", 1, "44"),
        ("440100000000", 2, "4401"),
        ("440106000000", 3, "440106"),
        ("440106010000", 4, "440106010"),
        ("440106010200", 5, "440106010200"),
    ],
)
def test_an_area_code_is_cut_by_level_and_keeps_its_zeros(code: str, level: int, area_code: str) -> None:
    assert area_code_of(code, level) == area_code


def test_a_parent_is_the_nearest_shorter_code_that_is_a_row() -> None:
    known = {"44", "4419", "441900003", "4401", "440106"}
    assert parent_of("441900003001", known) == "441900003"
    assert parent_of("441900003", known) == "4419"
    assert parent_of("440106001", known) == "440106"
    assert parent_of("44", known) is None


@pytest.mark.parametrize(
    ("name", "level", "short", "spoken"),
    [
        ("广东省", 1, "广东", "广东省"),
        ("广州市", 2, "广州", "广州市"),
        ("天河区", 3, "天河", "天河区"),
        ("城区", 3, "城区", "城区"),
        ("连山壮族瑶族自治县", 3, "连山", "连山壮族瑶族自治县"),
        ("石牌街道", 4, "石牌", "石牌街道"),
        ("下帅壮族瑶族乡", 4, "下帅", "下帅壮族瑶族乡"),
        ("三水劳教所", 4, "三水劳教所", "三水劳教所"),
        ("华标社区居民委员会", 5, "华标", "华标社区"),
        ("华标社区居委会", 5, "华标", "华标社区"),
        ("桂头居委会", 5, "桂头", "桂头社区"),
        ("冼村社区居委会", 5, "冼村", "冼村社区"),
        ("石牌村民委员会", 5, "石牌", "石牌村"),
        ("梅花村村委会", 5, "梅花村", "梅花村"),
        ("南漖社区居委会会", 5, "南漖", "南漖社区"),
        ("乐意居社区居居委会", 5, "乐意居", "乐意居社区"),
        ("海湾社区居委委员会", 5, "海湾", "海湾社区"),
        ("茶山居民区社区委员会", 5, "茶山", "茶山社区"),
        ("东联社区居委", 5, "东联", "东联社区"),
        ("石牌村民委会", 5, "石牌", "石牌村"),
        ("大澳渔委会", 5, "大澳", "大澳村"),
        ("象角塘社区", 5, "象角塘", "象角塘社区"),
        ("福田保税区虚拟社区", 5, "福田保税区", "福田保税区虚拟社区"),
        ("渔委会", 5, "渔委会", "渔委会"),
        ("山顶渔村", 5, "山顶渔村", "山顶渔村"),
        ("海傍农场生活区", 5, "海傍农场生活区", "海傍农场生活区"),
    ],
)
def test_names_are_shortened_as_people_say_them(name: str, level: int, short: str, spoken: str) -> None:
    assert (short_name(name, level), spoken_name(name, level)) == (short, spoken)


@pytest.mark.parametrize(
    ("name", "pinyin", "letters"),
    [
        ("番禺", "panyu", "py"),
        ("东莞", "dongguan", "dg"),
        ("长安", "changan", "ca"),
        ("大埔", "dabu", "db"),
        ("黄埔", "huangpu", "hp"),
        ("石角涌", "shijiaochong", "sjc"),
        ("车陂", "chebei", "cb"),
        ("十三行", "shisanhang", "ssh"),
        ("厦岗", "xiagang", "xg"),
        ("乐昌", "lechang", "lc"),
        ("圩镇", "xuzhen", "xz"),
        ("绿荷", "lvhe", "lh"),
        ("(土郎)头", "langtou", "lt"),
        ("东塱", "donglang", "dl"),
    ],
)
def test_place_names_are_read_as_guangdong_reads_them(name: str, pinyin: str, letters: str) -> None:
    assert (sort_key(name), initials(name)) == (pinyin, letters)


def test_bigrams_are_each_pair_once() -> None:
    assert bigrams("天河天河") == ["天河", "河天"]
    assert bigrams("冼") == []


GOOD = ["440106006009", "5", "华标社区居委会", "23.13", "113.34", "geonames"]


def test_a_sound_row_is_read_whole() -> None:
    assert row_of(7, GOOD) == DivisionRow(7, "440106006009", 5, "华标社区居委会", 23.13, 113.34, "geonames")


@pytest.mark.parametrize(
    ("column", "value", "wrong"),
    [
        (0, "44010600600", "not 12 digits"),
        (0, "44010600600x", "not 12 digits"),
        (0, "４４０１０６００６００９", "not 12 digits"),
        (1, "6", "not one of 1 to 5"),
        (1, "", "not one of 1 to 5"),
        (1, "4", "has digits below level 4"),
        (2, "", "name is empty"),
        (2, "长" * 61, "longer than 60"),
        (2, "华\x07标", "control characters"),
        (3, "", "not a place on earth"),
        (3, "91", "not a place on earth"),
        (4, "abc", "not a place on earth"),
        (4, "nan", "not a place on earth"),
        (5, "", "1 to 12 characters"),
    ],
)
def test_a_bad_cell_is_named(column: int, value: str, wrong: str) -> None:
    bad = row_of(7, [*GOOD[:column], value, *GOOD[column + 1 :]])
    assert isinstance(bad, BadRow)
    assert str(bad).startswith("line 7: ")
    assert wrong in bad.wrong


def test_a_row_with_a_missing_column_is_named() -> None:
    assert row_of(3, GOOD[:5]) == BadRow(3, "has 5 columns instead of 6")


def test_a_code_given_twice_and_one_that_hangs_in_the_air_are_named() -> None:
    row = row_of(2, GOOD)
    again = row_of(3, GOOD)
    assert isinstance(row, DivisionRow)
    assert isinstance(again, DivisionRow)
    assert [str(bad) for bad in wrong_among([row, again], known={"44"})] == [
        "line 3: repeats the code 440106006009 of line 2"
    ]
    assert [str(bad) for bad in wrong_among([row], known=set())] == [
        "line 2: 440106006009 华标社区居委会 has no division above it"
    ]
