"""The message catalogue: one `.po` file a feature, compiled into the one `.mo` that Django loads.

No system gettext is needed: Babel reads, extracts and writes.
"""

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

LANGUAGE = "zh_Hans"
PACKAGES = ("homeservice", "communities", "providers", "bookings")
SINGLE = ("gettext", "gettext_lazy", "gettext_noop", "_", "N_")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(SINGLE),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
CALL = re.compile(r"(?<![\w.])(?:gettext|ngettext|pgettext|npgettext|_)(?=\()")
PLACE = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """A source text, with the context that tells apart equal texts of different meaning."""

    source: str
    context: str = ""


class CatalogueError(Exception):
    """Two features translate one text differently, or a file cannot be read; the message names them."""


def po_files() -> list[Path]:
    return sorted((Path(settings.LOCALE_PATHS[0]) / LANGUAGE).glob("*.po"))


def translations(path: Path) -> dict[Text, str | tuple[str, ...]]:
    """What one file translates: no header, nothing empty, nothing fuzzy."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=LANGUAGE, abort_invalid=True)
    found: dict[Text, str | tuple[str, ...]] = {}
    for message in catalogue:
        source = str(message.id[0] if isinstance(message.id, tuple | list) else message.id)
        strings = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        if source and strings and all(strings) and not message.fuzzy:
            found[Text(source, message.context or "")] = strings[0] if isinstance(message.id, str) else strings
    return found


def merged() -> Catalog:
    """All files as one catalogue. Raises `CatalogueError` for a text that two files translate differently."""
    whole = Catalog(locale=LANGUAGE, charset="utf-8", project="Homeservice", fuzzy=False)
    owner: dict[Text, Path] = {}
    known: dict[Text, str | tuple[str, ...]] = {}
    conflicts = []
    for path in po_files():
        with path.open("rb") as file:
            plurals = {m.id[0]: m.id for m in read_po(file, locale=LANGUAGE) if isinstance(m.id, tuple)}
        for text, string in translations(path).items():
            if text in known and known[text] != string:
                conflicts.append(f"“{text.source}”: {owner[text].name} says {known[text]}, {path.name} says {string}")
            owner[text], known[text] = path, string
            whole.add(plurals.get(text.source, text.source), string, context=text.context or None)
    if conflicts:
        raise CatalogueError("\n".join(conflicts))
    return whole


def compile_catalogue() -> tuple[Path, int]:
    """Write the `.mo` file, wholly or not at all. Its path and the number of texts."""
    catalogue = merged()
    target = Path(settings.LOCALE_PATHS[0]) / LANGUAGE / "LC_MESSAGES" / "django.mo"
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(f".{os.getpid()}")  # two may compile at once
    with unfinished.open("wb") as file:
        write_mo(file, catalogue)
    unfinished.rename(target)
    return target, len(catalogue)


def used_texts() -> dict[Text, str]:
    """Each text that the sources ask for, with one place (`file:line`) that does."""
    used: dict[Text, str] = {}
    root = settings.BASE_DIR
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            if "migrations" not in path.parts:
                used.update({text: f"{path.relative_to(root)}:{line}" for text, line in texts_of_python(path)})
    for path in sorted((root / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            used.update({text: str(path.relative_to(root)) for text in texts_of_template(path)})
    return used


def texts_of_python(path: Path) -> Iterator[tuple[Text, int]]:
    with path.open("rb") as file:
        for line, found, _comments, context in extract("python", file, keywords=KEYWORDS):
            source = found[0] if isinstance(found, tuple) else found
            if source:
                yield Text(source, context or ""), line


def texts_of_template(path: Path) -> Iterator[Text]:
    """Texts of tags and filters, also inside the attributes of components (`:label="_('Phone')"`)."""
    source = path.read_text()
    for code in (templatize(source), source):
        for call in CALL.finditer(code):
            yield from _text_of_call(code, call)


def _text_of_call(code: str, call: re.Match[str]) -> Iterator[Text]:
    """The text of a call that starts at the match, if its arguments are literal strings."""
    end = call.end()
    while (end := code.find(")", end) + 1) and end - call.start() < 5000:
        try:
            node = ast.parse(code[call.start() : end], mode="eval").body
        except (SyntaxError, ValueError):
            continue
        if isinstance(node, ast.Call):
            strings = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            with_context = call.group() in {"pgettext", "npgettext"}
            if with_context and len(strings) > 1:
                yield Text(strings[1], strings[0])
            elif strings and not with_context:
                yield Text(strings[0])
        return


def complaints() -> list[str]:
    """What is wrong with the catalogue: texts without Chinese, Chinese that nobody uses, places that differ."""
    used = used_texts()
    found: list[str] = []
    known: set[Text] = set()
    for path in po_files():
        for text, string in translations(path).items():
            known.add(text)
            if text not in used:
                found.append(f"{path.name}: nobody uses “{text.source}”")
            strings = string if isinstance(string, tuple) else (string,)
            if any(places(each) != places(text.source) for each in strings):
                found.append(f"{path.name}: the places of “{text.source}” differ in {strings}")
    missing = [f"{used[text]}: no Chinese for “{text.source}”" for text in sorted(used) if text not in known]
    return missing + found


def places(text: str) -> set[str]:
    return {match.group() for match in PLACE.finditer(text)}
