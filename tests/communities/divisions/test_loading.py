"""Loading a list of divisions: all of it or none of it, with each bad row named."""

import gzip
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from communities.divisions.models import Division

pytestmark = pytest.mark.django_db

HEADER = "code,level,name,lat,lon,coord_source"
ROWS = [
    "440000000000,1,广东省,23.1,113.6,mean",
    "440100000000,2,广州市,23.1,113.4,mean",
    "440106000000,3,天河区,23.1,113.3,mean",
    "440106006000,4,石牌街道,23.1,113.3,mean",
    "440106006009,5,华标社区居委会,23.13,113.34,geonames",
    "441900000000,2,东莞市,23.0,113.7,mean",
    "441900003000,4,东城街道,23.0,113.7,mean",
]


def listed(path: Path, *rows: str, header: str = HEADER) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_each_row_gets_its_place_in_the_tree_and_what_it_is_found_by(tmp_path: Path) -> None:
    call_command("load_divisions", str(listed(tmp_path / "a.csv", *ROWS)))
    assert Division.objects.filter(pk="440106006009").values().get() == {
        "area_code": "440106006009",
        "code": "440106006009",
        "level": 5,
        "name": "华标社区居委会",
        "short_name": "华标",
        "path_name": "广东省 广州市 天河区 石牌街道",
        "parent_id": "440106006",
        "pinyin": "huabiao",
        "initials": "hb",
        "bigrams": ["广州", "州天", "天河", "河石", "石牌", "牌华", "华标"],
        "lat": 23.13,
        "lon": 113.34,
        "coord_source": "geonames",
    }
    assert Division.objects.get(pk="441900003").parent_id == "4419"


def test_a_packed_file_with_a_byte_order_mark_is_read_as_well(tmp_path: Path) -> None:
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(("\ufeff" + "\n".join([HEADER, *ROWS])).encode()))
    call_command("load_divisions", str(packed))
    assert Division.objects.count() == len(ROWS)


def test_loading_twice_changes_nothing_and_a_mended_name_is_taken_over(tmp_path: Path, capsys) -> None:
    file = listed(tmp_path / "a.csv", *ROWS)
    call_command("load_divisions", str(file))
    before = list(Division.objects.order_by("pk").values())
    call_command("load_divisions", str(file))
    assert list(Division.objects.order_by("pk").values()) == before
    assert "7 divisions in a.csv: 0 new, 0 changed." in capsys.readouterr().out
    call_command("load_divisions", str(listed(tmp_path / "b.csv", *ROWS[:5], ROWS[5].replace("东莞市", "莞市"))))
    told = capsys.readouterr().out
    assert "6 divisions in b.csv: 0 new, 1 changed." in told
    assert "1 known divisions are not in the file and stay as they were." in told
    assert Division.objects.get(pk="4419").name == "莞市"
    assert Division.objects.filter(pk="441900003").exists()


def test_a_broken_row_is_named_by_its_line_and_nothing_is_loaded(tmp_path: Path) -> None:
    bad = [*ROWS[:4], "440106006009,5,,23.13,113.34,geonames", "44010600601,5,某社区,23,113,mean", *ROWS[5:]]
    with pytest.raises(CommandError) as refused:
        call_command("load_divisions", str(listed(tmp_path / "a.csv", *bad)))
    assert "line 6: the name is empty" in str(refused.value)
    assert "line 7: code '44010600601' is not 12 digits" in str(refused.value)
    assert "Nothing was loaded." in str(refused.value)
    assert not Division.objects.exists()


def test_only_the_first_bad_rows_are_shown_and_the_rest_is_counted(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("load_divisions", str(listed(tmp_path / "a.csv", *["x,5,a,1,1,mean"] * 25)))
    assert str(refused.value).count("line ") == 20
    assert "... and 5 more" in str(refused.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the header must be"),
        (b"name,code\n", "the header must be"),
        (HEADER.encode() + b"\n", "is empty"),
        (HEADER.encode() + "\n440000000000,1,广东省,23,113,mean".encode("gb18030"), "can't be read"),
    ],
)
def test_a_file_that_is_no_list_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=said):
        call_command("load_divisions", str(file))


def test_a_missing_or_half_packed_file_is_refused(tmp_path: Path) -> None:
    half = tmp_path / "half.csv.gz"
    half.write_bytes(gzip.compress("\n".join([HEADER, *ROWS]).encode())[:-12])
    for file in (tmp_path / "none.csv", half):
        with pytest.raises(CommandError, match=r"can't be read: .* Nothing was loaded\."):
            call_command("load_divisions", str(file))
    assert not Division.objects.exists()


def test_a_terminal_gets_a_bar_and_a_log_does_not(tmp_path: Path, capsys, monkeypatch) -> None:
    file = listed(tmp_path / "a.csv", *ROWS)
    call_command("load_divisions", str(file))
    assert "\r" not in capsys.readouterr().out
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    call_command("load_divisions", str(listed(tmp_path / "b.csv", *[row.replace("23.", "24.") for row in ROWS])))
    assert "[##############################] 7/7" in capsys.readouterr().out
