"""`manage.py check_catalogue`: whether every text of the sources has its Chinese, and none is left over."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from homeservice.foundation.texts import complaints


class Command(BaseCommand):
    help = "Lists texts without a Chinese translation and translations that no source uses."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        found = complaints()
        if found:
            raise CommandError(f"{len(found)} texts need care:\n" + "\n".join(found))
        self.stdout.write("Every text has its Chinese.")
