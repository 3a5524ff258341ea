"""Load what the platform knows of each kind of paper from the project's data file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from homeservice.kernel.errors import DomainError
from providers.credentials.loading import load_credential_types
from providers.management.commands.load_catalogue import CREDENTIAL_TYPES, document_at


class Command(BaseCommand):
    help = "Load the types of papers. Safe to repeat; all or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", default=CREDENTIAL_TYPES)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            types = load_credential_types(document=document_at(options["file"]))
        except DomainError as error:
            raise CommandError(f"{error}\nNothing was loaded.") from error
        except KeyError as error:
            raise CommandError(f"A row lacks {error}. Nothing was loaded.") from error
        self.stdout.write(f"{types.rows} types of papers: {types.new} new, {types.changed} changed.")
