"""Load each version of the order terms that lies in `bookings/contracts/data`."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bookings.contracts.actions import publish_terms
from homeservice.kernel.errors import DomainError

FOLDER = Path(__file__).resolve().parents[2] / "contracts" / "data"
VALID_FROM = {"2026-1": date(2026, 1, 1)}


class Command(BaseCommand):
    help = "Load the order terms. Loading twice changes nothing; a changed text of a known version is refused."

    def handle(self, *args: Any, **options: Any) -> None:
        for version, valid_from in VALID_FROM.items():
            texts = [(FOLDER / f"terms-{version}.{language}.md").read_text("utf-8") for language in ("zh", "en")]
            try:
                publish_terms(version=version, text_zh=texts[0], text_en=texts[1], valid_from=valid_from)
            except DomainError as refusal:
                raise CommandError(str(refusal)) from refusal
            self.stdout.write(f"terms {version}, valid from {valid_from}")
