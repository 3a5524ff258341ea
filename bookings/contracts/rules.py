"""Pure rules of the terms: their fingerprint, and their text as blocks that a page can show."""

import re
from dataclasses import dataclass
from hashlib import sha256

_STRONG = re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of the text: `kind` is title, heading, paragraph or list.

    Each line is a list of `(text, is_strong)` runs.
    """

    kind: str
    lines: tuple[tuple[tuple[str, bool], ...], ...]


def fingerprint(text_zh: str, text_en: str) -> str:
    """The SHA-256 (hex) of both languages' texts. Their lengths are in it, so none can slip into the other."""
    parts = [text.encode() for text in (text_zh, text_en)]
    return sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).hexdigest()


def blocks_of(text: str) -> list[Block]:
    """The text's titles, headings, paragraphs and lists, in order. The text is ours: no HTML is in it."""
    blocks: list[Block] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        kind, content = _kind_of(line)
        if kind == "list" and blocks and blocks[-1].kind == "list":
            blocks[-1] = Block("list", (*blocks[-1].lines, _runs(content)))
        else:
            blocks.append(Block(kind, (_runs(content),)))
    return blocks


def _kind_of(line: str) -> tuple[str, str]:
    for mark, kind in (("## ", "heading"), ("# ", "title"), ("- ", "list")):
        if line.startswith(mark):
            return kind, line.removeprefix(mark)
    return "paragraph", line


def _runs(line: str) -> tuple[tuple[str, bool], ...]:
    """Split at `**strong**`: every second piece is strong."""
    pieces = _STRONG.split(line)
    return tuple((piece, place % 2 == 1) for place, piece in enumerate(pieces) if piece)
