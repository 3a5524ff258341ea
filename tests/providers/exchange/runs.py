"""What a run found, and who is on file before it."""

from datetime import date

from homeservice.kernel.crypto import blind_index
from providers.exchange.models import ImportRun
from providers.workers.models import Worker
from tests import world
from tests.providers.exchange.files import (
    id_number,
)


def faults(run: ImportRun) -> list[tuple[int, str, str]]:
    return list(run.faults.order_by("row", "column", "pk").values_list("row", "column", "code"))


def on_file(firm, serial: int = 1, **fields) -> Worker:
    """Li, who works for the enterprise (None: for nobody any more), as a row of that serial describes her."""
    number, phone = id_number(serial), f"137{serial:08d}"
    values = {
        "user": world.user(f"王{serial}", phone=phone), "id_number": number, "birth_date": date(1985, 1, 1), "service_radius_m": 3000,
        "id_number_index": blind_index(number, purpose="id_number"), "origin_province": "广东", **fields,
    }  # fmt: skip
    worker = world.worker(firm or world.enterprise("从前家政"), f"王{serial}", **values)
    if firm is None:
        worker.user.bindings.all().delete()
        worker.enterprise = None
        worker.save()
    return worker
