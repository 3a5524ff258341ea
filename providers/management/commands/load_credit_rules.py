"""Load the published rules of the credit score from the project's data file."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from homeservice.kernel.errors import DomainError
from providers.credit.actions import load_rules

RULES = Path(__file__).resolve().parents[2] / "credit" / "data" / "credit_rules.json"


class Command(BaseCommand):
    help = "Load what moves the credit score, by how much and for how long. Safe to repeat; all or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rules", type=Path, default=RULES, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_rules(document=json.loads(options["rules"].read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise CommandError(f"{options['rules']} can't be read: {error}. Nothing was loaded.") from error
        except DomainError as error:
            raise CommandError(f"{error}\nNothing was loaded.") from error
        except KeyError as error:
            raise CommandError(f"A row lacks {error}. Nothing was loaded.") from error
        self.stdout.write(f"{loaded.rows} credit rules: {loaded.new} new, {loaded.changed} changed.")
