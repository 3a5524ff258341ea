"""Documents to print: a typst template and plain values in, a PDF out. Values are never read as markup."""

import json
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

FONT = Path(__file__).parent / "data" / "fonts" / "NotoSansSC-Regular.ttf"
NO_FILES: Mapping[str, bytes] = {}


def pdf(template: Path, values: Mapping[str, Any], *, at: datetime, files: Mapping[str, bytes] = NO_FILES) -> bytes:
    """The template as PDF. It reads the values by `json(bytes(sys.inputs.values))`, and `files` (pictures) by name.

    The same template, values, files and instant give the same bytes. Only the product's own font is used, and the
    template reads nothing but the files. Raises `typst.TypstError` for a template that is wrong.
    """
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for name, content in files.items():
            (root / Path(name).name).write_bytes(content)
        return typst.compile(
            shutil.copyfile(template, root / "document.typ"),
            root=root,
            font_paths=[FONT.parent],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"values": json.dumps(values, ensure_ascii=False)},
            timestamp=int(at.timestamp()),
        )
