"""`manage.py compile_catalogue`: the Chinese texts of all features into the file that Django loads."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from homeservice.foundation.texts import CatalogueError, compile_catalogue


class Command(BaseCommand):
    help = "Merges homeservice/locale/zh_Hans/*.po and compiles them."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            target, count = compile_catalogue()
        except CatalogueError as error:
            raise CommandError(f"Features disagree on a text:\n{error}") from error
        if options["verbosity"] > 1:
            self.stdout.write(f"{count} texts in {target}")
