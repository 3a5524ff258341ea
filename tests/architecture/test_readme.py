"""The README says what the code does, and shows pictures that exist."""

import re

import pytest

from bookings.lifecycle.steps import STEPS
from homeservice.demo.logins import PHONES
from homeservice.kernel.states import mermaid
from providers.admission.steps import STEPS as ADMISSION_STEPS
from tests.architecture.source import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
LINK = re.compile(r"\]\(([^)#:]+)\)")


def test_the_diagram_is_the_table_of_steps() -> None:
    drawn = README.split("```mermaid\n")[1].split("\n```")[0]

    assert drawn == mermaid(STEPS), "write what kernel.states.mermaid(STEPS) gives into README.md"


def test_the_diagram_of_admissions_is_their_table_of_steps() -> None:
    architecture = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")

    assert architecture.split("```mermaid\n")[1].split("\n```")[0] == mermaid(ADMISSION_STEPS)


def test_every_login_is_named() -> None:
    assert [phone for phone in PHONES.values() if phone not in README] == []


@pytest.mark.parametrize("page", ["README.md", "docs/architecture.md", "docs/glossary.md", "docs/adr/README.md"])
def test_every_link_and_picture_leads_somewhere(page: str) -> None:
    path = ROOT / page
    targets = LINK.findall(path.read_text(encoding="utf-8"))

    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_every_decision_is_in_the_index() -> None:
    index = (ROOT / "docs/adr/README.md").read_text(encoding="utf-8")
    records = sorted(path.name for path in (ROOT / "docs/adr").glob("0*.md"))

    assert [name for name in records if f"({name})" not in index] == []
