"""Load the limits of working time from the project's data file."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from providers.workers.actions import load_limits

LIMITS = Path(__file__).resolve().parents[2] / "workers" / "data" / "work_limits.json"


class Command(BaseCommand):
    help = "Load how long people of each relation may work. Safe to repeat; all or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limits", type=Path, default=LIMITS, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_limits(document=json.loads(options["limits"].read_text("utf-8")))
        except (OSError, ValueError, KeyError, ValidationError) as error:
            raise CommandError(f"{options['limits']}: {error!r}. Nothing was loaded.") from error
        self.stdout.write(f"{loaded.rows} limits of working time: {loaded.new} new, {loaded.changed} changed.")
