"""Documents to print: a typst template and plain values in, a PDF out. Values are never read as markup."""

import json
import shutil
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import typst

FONT = Path(__file__).parent / "data" / "fonts" / "NotoSansSC-Regular.ttf"
NO_FILES: Mapping[str, bytes] = {}


def pdf(template: Path, values: Mapping[str, Any], *, at: datetime, files: Mapping[str, bytes] = NO_FILES) -> bytes:
    """The template as PDF. It reads the values by `json(bytes(sys.inputs.values))`, and `files` (pictures) by name.

    The same template, values, files and instant give the same bytes. Only the product's own font is used, and the
    template reads nothing but the files. Raises `typst.TypstError` for a template that is wrong.
    """
    return _set(template, values, files, at, "pdf")


def picture(template: Path, values: Mapping[str, Any], *, at: datetime, files: Mapping[str, bytes] = NO_FILES) -> bytes:
    """The same as a PNG of 200 pixels an inch."""
    return _set(template, values, files, at, "png")


def _set(
    template: Path,
    values: Mapping[str, Any],
    files: Mapping[str, bytes],
    at: datetime,
    kind: Literal["pdf", "png"],
) -> bytes:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for name, content in files.items():
            (root / Path(name).name).write_bytes(content)
        return bytes(
            typst.compile(
                shutil.copyfile(template, root / "document.typ"),
                root=root,
                font_paths=_fonts(),
                ignore_system_fonts=True,
                format=kind,
                sys_inputs={"values": json.dumps(values, ensure_ascii=False)},
                timestamp=int(at.timestamp()),
                ppi=200 if kind == "png" else None,
            )
        )


@cache
def _fonts() -> typst.Fonts:
    """Read once a process: it has a glyph for nearly every name."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONT.parent)])
