"""Load holidays and make-up working days."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from homeservice.foundation.calendar import last_announced_year, load_holidays
from homeservice.foundation.rules import FIRST_YEAR
from homeservice.kernel import clock


class Command(BaseCommand):
    help = (
        "Load China's holidays from 2025 to two years ahead. Years not announced yet are provisional. Safe to repeat."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--until", type=int, default=None, metavar="YEAR", help="the last year to load")

    def handle(self, *args: Any, **options: Any) -> None:
        until = options["until"] or clock.today().year + 2
        days = load_holidays(years=range(FIRST_YEAR, until + 1))
        self.stdout.write(f"{days} days of {FIRST_YEAR} to {until} loaded; announced up to {last_announced_year()}.")
