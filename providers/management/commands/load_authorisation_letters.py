"""Load each version of the authorisation letter from the project's data file."""

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from homeservice.kernel.errors import DomainError
from providers.bindings.actions import publish_letter

LETTERS = Path(__file__).resolve().parents[2] / "bindings" / "data" / "authorisation_letters.json"


class Command(BaseCommand):
    help = (
        "Load the authorisation letters. Loading twice changes nothing; a changed text of a known version is refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--letters", type=Path, default=LETTERS, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                for one in json.loads(options["letters"].read_text("utf-8"))["letters"]:
                    self._publish(one)
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"{options['letters']}: {error!r}. Nothing was loaded.") from error
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal

    def _publish(self, one: dict[str, Any]) -> None:
        letter = publish_letter(
            version=one["version"],
            text_zh="\n".join(one["text_zh"]),
            text_en="\n".join(one["text_en"]),
            valid_from=date.fromisoformat(one["valid_from"]),
        )
        self.stdout.write(f"letter {letter.version}, valid from {letter.valid_from}")
