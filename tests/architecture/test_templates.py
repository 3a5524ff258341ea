"""Every template is used, and every template that is asked for exists."""

import ast
import re

from tests.architecture.source import ROOT, nodes, python_files, template_files

SHOWN_BY_DJANGO = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
OVERRIDING = ("admin/",)  # Django's own pages extend or include these
QUOTED = re.compile(r"""["']([\w./-]+\.html)["']""")
COMPONENT = re.compile(r"<c-([\w.-]+)")


def test_every_template_is_used() -> None:
    unused = existing() - asked_for() - SHOWN_BY_DJANGO

    assert sorted(name for name in unused if not name.startswith(OVERRIDING)) == []


def test_every_component_exists() -> None:
    assert sorted(components() - existing()) == []


def existing() -> set[str]:
    return {str(path.relative_to(ROOT / "templates")) for path in template_files()}


def asked_for() -> set[str]:
    """Names in Python strings, in `extends` and `include`, and components by their tags."""
    found = set(components())
    for path in template_files():
        found.update(QUOTED.findall(path.read_text()))
    for path in python_files():
        for node in nodes(path):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".html"):
                found.add(node.value)
    return found


def components() -> set[str]:
    """`<c-day-strip>` is `components/day_strip.html`, `<c-card.head>` is `components/card/head.html`."""
    names = {name for path in template_files() for name in COMPONENT.findall(path.read_text())}
    built_in = {"vars", "slot", "component"}
    return {f"components/{name.replace('-', '_').replace('.', '/')}.html" for name in names - built_in}
