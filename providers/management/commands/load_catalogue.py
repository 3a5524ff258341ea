"""Load the service catalogue, the types of papers and the enforcement table from the project's data files."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from homeservice.kernel.errors import DomainError
from providers.catalogue.actions import load_catalogue
from providers.credentials.loading import load_credential_types, load_requirements

FOLDER = Path(__file__).resolve().parents[2]
CATALOGUE = FOLDER / "catalogue" / "data" / "catalogue.json"
CREDENTIAL_TYPES = FOLDER / "credentials" / "data" / "credential_types.json"
REQUIREMENTS = FOLDER / "credentials" / "data" / "requirements.json"


class Command(BaseCommand):
    help = "Load kinds, items, types of papers and what the law and the platform require for them. Safe to repeat; all or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--catalogue", type=Path, default=CATALOGUE, metavar="FILE")
        parser.add_argument("--credential-types", type=Path, default=CREDENTIAL_TYPES, metavar="FILE")
        parser.add_argument("--requirements", type=Path, default=REQUIREMENTS, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            names = ("catalogue", "credential_types", "requirements")
            catalogue, papers, requirements = (document_at(options[name]) for name in names)
            with transaction.atomic():
                items = load_catalogue(document=catalogue)
                types = load_credential_types(document=papers)
                rows = load_requirements(document=requirements)
        except DomainError as error:
            raise CommandError(f"{error}\nNothing was loaded.") from error
        except KeyError as error:
            raise CommandError(f"A row lacks {error}. Nothing was loaded.") from error
        self.stdout.write(f"{items.rows} kinds and items: {items.new} new, {items.changed} changed.")
        self.stdout.write(f"{types.rows} types of papers: {types.new} new, {types.changed} changed.")
        self.stdout.write(f"{rows.rows} requirements: {rows.new} new, {rows.changed} changed.")


def document_at(path: Path) -> dict[str, Any]:
    """The file's one JSON object. Raises `CommandError` for a file that holds none."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} can't be read: {error}. Nothing was loaded.") from error
    if not isinstance(document, dict):
        raise CommandError(f"{path} must hold one JSON object. Nothing was loaded.")
    return document
