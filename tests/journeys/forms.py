"""Reads the forms of a page as a browser would, so that a test can send them with other words."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

TYPED = {"text", "search", "tel", "number", "date", "time", "email", "url"}


@dataclass(slots=True)
class Form:
    """Where a form goes, what it would send untouched, and which of its fields people type into."""

    action: str
    method: str
    values: list[tuple[str, str]] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)

    def filled(self, text: str) -> list[tuple[str, str]]:
        """As sent by somebody who typed the text everywhere and ticked everything."""
        return [*self.values, *((name, text) for name in self.typed)]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self.form)
        elif self.form is not None:
            self._control(self.form, tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = ""

    def _control(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "select":
            self.select = name
        elif tag == "option" and self.select and self.select not in dict(form.values):
            form.values.append((self.select, given.get("value", "")))
        elif tag == "textarea" or (tag == "input" and kind in TYPED):
            form.typed.append(name)
        elif tag == "input" and name and not (kind == "radio" and name in dict(form.values)):
            form.values.append((name, given.get("value", "on")))


def forms_of(html: str) -> list[Form]:
    """All forms of a page that are sent by POST or GET."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms
