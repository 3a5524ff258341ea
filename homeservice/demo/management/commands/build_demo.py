"""`manage.py build_demo`: the demo world, once."""

from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from homeservice.demo import build


class Command(BaseCommand):
    help = "Build the demo world (Tianhe district), unless it is there already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--small", action="store_true", help="a twentieth of it, for tests")

    def handle(self, *args: Any, **options: Any) -> None:
        if build.is_built():
            self.stdout.write("The demo world is there already.")
            return
        begun = monotonic()
        size = build.SMALL if options["small"] else build.FULL
        build.build(size, say=lambda text: self.stdout.write(f"  {monotonic() - begun:5.1f} s  {text}"))
        self.stdout.write(f"Demo world built in {monotonic() - begun:.0f} s.")
