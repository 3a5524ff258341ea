"""Imports of the enterprise: one that waits for its decision."""

from django.core.files.uploadedfile import SimpleUploadedFile

from providers.exchange.actions import start_import
from providers.exchange.models import ImportRun
from tests import world
from tests.architecture.walk import MANAGER, Case, Walk, alike, plain


def furnish(walk: Walk) -> None:
    """A file that was checked and is ready."""
    file = SimpleUploadedFile("workers.csv", "手机号码,姓名\n".encode(), content_type="text/csv")
    run = start_import(
        enterprise=walk.town.enterprise, subject="workers", file=file, attested=True,
        actor_id=walk.people["manager"].pk, at=world.NOW,
    )  # fmt: skip
    ImportRun.objects.filter(pk=run.pk).update(state="ready", due_at=None)
    walk.more["import"] = run


CASES: dict[str, Case] = {
    **plain("enterprise_imports", "enterprise_import_new", "enterprise_export"),
    "enterprise_import_template": Case(lambda _walk: ["workers"]),
    **alike(
        Case(lambda walk: [walk.more["import"].pk], MANAGER), "enterprise_import", "enterprise_import_progress",
        "enterprise_import_report", "enterprise_import_take_over", "enterprise_import_drop",
    ),
}  # fmt: skip
