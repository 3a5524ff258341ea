"""Those whose admission is looked at: an enterprise with its licence, a worker with everything, and their papers."""

from datetime import date
from itertools import count
from typing import Any

from communities.accounts.models import User
from homeservice.foundation.models import Upload
from providers.admission.actions import submit_enterprise, submit_worker
from providers.admission.models import ReviewCase
from providers.credentials.models import Credential
from providers.enterprises.models import Enterprise, EnterpriseManager
from providers.enterprises.rules import check_character
from providers.workers.models import Worker
from tests import world

_serial = count(1)


def scan(**fields: Any) -> Upload:
    """A readable scan of its own."""
    no = next(_serial)
    defaults = {
        "purpose": "credential", "file_name": "scan.jpg", "content_type": "image/jpeg", "size_bytes": 200_000,
        "sha256": f"{no:064d}", "storage_key": f"credential/{no}.jpg", "created_at": world.NOW,
    }  # fmt: skip
    return Upload.objects.create(**{**defaults, **fields})


def paper(holder: Worker | Enterprise, code: str, **fields: Any) -> Credential:
    """A paper handed in with a scan, that holds for another year."""
    defaults = {
        "state": "submitted", "submitted_at": world.NOW, "valid_until": date(2027, 11, 30), "decided_at": None
    }  # fmt: skip
    chosen = {**defaults, **fields}
    if "scan" not in chosen:
        chosen["scan"] = scan()
    return world.credential(holder, code, **chosen)


def firm(name: str = "安心家政", *, licence: bool = True, **fields: Any) -> Enterprise:
    """An enterprise that has not submitted yet: its licence is handed in, its representative is verified."""
    row = world.enterprise(name, **{"state": "awaiting_authorisation", "legal_representative": "陈经理", **fields})
    first = f"91440106MB{next(_serial):07d}"
    row.social_credit_code = first + check_character(first)
    row.save()
    person = world.verified(world.user("陈经理"))
    EnterpriseManager.objects.create(enterprise=row, user=person, rights="legal_representative")
    if licence:
        paper(row, "O-BL", number=row.social_credit_code)
    return row


def boss(of: Enterprise) -> User:
    """Its legal representative."""
    return of.managers.get(rights="legal_representative").user


def hand(of: Enterprise, name: str = "李阿姨", *, papers: tuple[str, ...] = ("BG1",), **fields: Any) -> Worker:
    """A worker who has not been submitted yet: authorised, bound, identified, with papers that wait."""
    person = world.verified(world.user(name), f"{next(_serial):018d}")
    row = world.worker(of, name, **{"user": person, "state": "awaiting_authorisation", "kinds": (), **fields})
    for code in papers:
        paper(row, code)
    return row


def case_of(holder: Worker | Enterprise, kind: str = "admission") -> ReviewCase:
    whose = {"worker": holder} if isinstance(holder, Worker) else {"enterprise": holder}
    return ReviewCase.objects.get(kind=kind, closed_at__isnull=True, **whose)


def submitted_firm(name: str = "安心家政", **fields: Any) -> ReviewCase:
    """The case of an enterprise whose admission is on the desk. A real credit code makes it clean."""
    row = firm(name, **fields)
    submit_enterprise(enterprise=row, pledged=True, actor_id=boss(row).pk, at=world.NOW)
    return case_of(row)


def submitted_hand(of: Enterprise, name: str = "李阿姨", **fields: Any) -> ReviewCase:
    row = hand(of, name, **fields)
    submit_worker(worker=row, actor_id=row.user_id, at=world.NOW)
    return case_of(row)
