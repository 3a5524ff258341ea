"""Load the service catalogue and the enforcement table from the project's two data files."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from homeservice.kernel.errors import DomainError
from providers.catalogue.actions import load_catalogue
from providers.credentials.actions import load_requirements

FOLDER = Path(__file__).resolve().parents[2]
CATALOGUE = FOLDER / "catalogue" / "data" / "catalogue.json"
REQUIREMENTS = FOLDER / "credentials" / "data" / "requirements.json"


class Command(BaseCommand):
    help = "Load kinds, items and what the law and the platform require for them. Safe to repeat; all or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--catalogue", type=Path, default=CATALOGUE, metavar="FILE")
        parser.add_argument("--requirements", type=Path, default=REQUIREMENTS, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            catalogue, requirements = (_document(options[name]) for name in ("catalogue", "requirements"))
            with transaction.atomic():
                items = load_catalogue(document=catalogue)
                rows = load_requirements(document=requirements)
        except DomainError as error:
            raise CommandError(f"{error}\nNothing was loaded.") from error
        except KeyError as error:
            raise CommandError(f"A row lacks {error}. Nothing was loaded.") from error
        self.stdout.write(f"{items.rows} kinds and items: {items.new} new, {items.changed} changed.")
        self.stdout.write(f"{rows.rows} requirements: {rows.new} new, {rows.changed} changed.")


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} can't be read: {error}. Nothing was loaded.") from error
    if not isinstance(document, dict):
        raise CommandError(f"{path} must hold one JSON object. Nothing was loaded.")
    return document
