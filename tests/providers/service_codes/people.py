"""Holders of codes as far as a test needs them: admitted and with papers in date."""

import secrets
from datetime import date
from typing import Any

from homeservice.kernel.clock import local_day
from providers.enterprises.models import Enterprise
from providers.service_codes.actions import Visitor, recompute
from providers.service_codes.models import ServiceCode
from providers.workers.models import Worker
from tests import world

TODAY = local_day(world.NOW)
UNTIL = date(2027, 5, 31)
VISITOR = Visitor(digest="a" * 64)


def in_order(worker: Worker, *, without: tuple[str, ...] = (), **fields: Any) -> Worker:
    """All papers that a cleaner's green code stands on, but for those named."""
    for code, level in (("HX", 1), ("INS", None), ("BG1", None), ("BG2", None), ("TR0", None)):
        if code not in without:
            starts = date(2026, 6, 1) if code == "BG2" else date(2026, 1, 1)
            world.credential(worker, code, **{"level": level, "valid_from": starts, "valid_until": UNTIL, **fields})
    return worker


def green(firm: Enterprise | None = None, name: str = "李小红", **fields: Any) -> Worker:
    return in_order(world.worker(firm or world.enterprise(), name, **fields))


def licensed(name: str = "安心家政", **fields: Any) -> Enterprise:
    firm = world.enterprise(name, **fields)
    world.credential(firm, "O-BL", valid_until=UNTIL)
    return firm


def code_of(holder: Worker | Enterprise) -> ServiceCode:
    """The holder's code as computed on Monday morning."""
    if isinstance(holder, Worker):
        recompute(worker_ids=[holder.pk], at=world.NOW)
        return ServiceCode.objects.get(worker=holder)
    recompute(enterprise_ids=[holder.pk], at=world.NOW)
    return ServiceCode.objects.get(enterprise=holder)


def some_nonce() -> bytes:
    return secrets.token_bytes(12)
