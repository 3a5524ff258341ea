"""Documents to print."""

from pathlib import Path

import pytest

from homeservice.foundation.documents import FONT, pdf
from tests import world

TEMPLATE = """
#let values = json(bytes(sys.inputs.values))
#set page("a6")
#set text(font: "Noto Sans SC")
#values.name
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "badge.typ"
    path.write_text(TEMPLATE)
    return path


def test_the_same_values_give_the_same_bytes_and_other_values_others(template: Path) -> None:
    first, again, other = (pdf(template, {"name": name}, at=world.NOW) for name in ("张三", "张三", "李四"))

    assert first.startswith(b"%PDF-")
    assert first == again != other


@pytest.mark.parametrize("name", ['#panic("run")', '#read("/etc/passwd")', "*strong* $x^2$ \\", '#import "@preview/x"'])
def test_what_looks_like_markup_is_only_text(template: Path, name: str) -> None:
    assert pdf(template, {"name": name}, at=world.NOW).startswith(b"%PDF-")


def test_a_template_reads_its_pictures_and_nothing_else(template: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    template.write_text('#set page("a6")\n#read("note.txt")')
    assert pdf(template, {}, at=world.NOW, files={"../note.txt": b"hello"}).startswith(b"%PDF-")
    template.write_text(f'#read("{tmp_path}/secret.txt")')
    with pytest.raises(Exception, match="file not found"):
        pdf(template, {}, at=world.NOW)


def test_the_font_lies_beside_its_licence() -> None:
    assert FONT.exists()
    assert "SIL OPEN FONT LICENSE" in (FONT.parent / "OFL.txt").read_text()
