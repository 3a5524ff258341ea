"""Many people at the same paper: one of them has it, the others are told."""

from collections import Counter
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from homeservice.foundation.models import AuditEntry
from homeservice.kernel.errors import DomainError
from providers.credentials.actions import decide_credential, renew_credential, submit_credential
from providers.credentials.models import Credential
from providers.credentials.reminders import remind_expiring
from tests import world
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def outcomes(answers: list[Any]) -> Counter[str]:
    """How many got through, and what the others were told. Anything but a refusal in words is raised."""
    for one in answers:
        if isinstance(one, Exception) and not isinstance(one, DomainError):
            raise one
    return Counter(one.code if isinstance(one, DomainError) else "done" for one in answers)


def test_of_twelve_who_hand_in_the_same_number_one_has_it() -> None:
    workers = [world.worker(world.enterprise(f"第{n}家政")) for n in range(12)]
    deeds = [
        partial(
            submit_credential, holder=worker, code="HX", level=2, issuer="天河区疾控中心", number="TH-1",
            valid_from=date(2026, 11, 1), valid_until=None, scan=None, actor_id=worker.user_id, at=world.NOW,
        )
        for worker in workers
    ]  # fmt: skip
    assert outcomes(all_at_once(deeds)) == {"done": 1, "credential_twice": 11}
    assert Credential.objects.filter(code="HX").count() == 1


def test_of_eight_reviewers_one_decides() -> None:
    paper = world.credential(world.worker(world.enterprise()), "TR0", state="submitted")
    reviewers = [world.user(f"审核{n}") for n in range(8)]
    deeds = [
        partial(
            decide_credential, credential=paper, state="verified" if n % 2 else "refused", reason="不清晰",
            method="original", actor_id=reviewer.pk, at=world.NOW,
        )
        for n, reviewer in enumerate(reviewers)
    ]  # fmt: skip
    assert outcomes(all_at_once(deeds)) == {"done": 1, "credential_decided": 7}
    entry = AuditEntry.objects.get(subject_id=str(paper.pk))
    paper.refresh_from_db()
    assert (entry.action, entry.actor_id) == (f"credential_{paper.state}", paper.decided_by_id)


def test_a_paper_is_renewed_once_by_whomever() -> None:
    worker = world.worker(world.enterprise())
    paper = world.credential(worker, "HX", level=2, valid_until=date(2026, 11, 30))
    renewal = partial(
        renew_credential, credential=paper, valid_from=date(2026, 11, 20), valid_until=date(2027, 11, 19), scan=None,
        actor_id=worker.user_id, at=world.NOW,
    )  # fmt: skip
    assert outcomes(all_at_once([renewal] * 6)) == {"done": 1, "credential_renewed": 5}


def test_a_paper_revoked_while_its_renewal_is_verified_leaves_no_renewal_of_a_revoked_paper() -> None:
    worker, office = world.worker(world.enterprise()), world.user("林主任")
    for n in range(6):
        old = world.credential(worker, "HX", level=2, valid_until=date(2026, 11, 30))
        new = renew_credential(
            credential=old, valid_from=date(2026, 11, 20), valid_until=date(2027, 11, 19), scan=None,
            actor_id=worker.user_id, at=world.NOW,
        )  # fmt: skip
        decide = partial(decide_credential, method="original", actor_id=office.pk, at=world.NOW)
        deeds = [
            partial(decide, credential=old, state="revoked", reason="伪造"),
            partial(decide, credential=new, state="verified", reason=""),
        ]
        found = outcomes(all_at_once(deeds if n % 2 else deeds[::-1]))
        old.refresh_from_db()
        new.refresh_from_db()
        assert (found["done"], (old.state, new.state)) in [
            (1, ("revoked", "submitted")), (1, ("superseded", "verified")),
        ]  # fmt: skip


def test_reminders_sent_by_several_processes_reach_each_person_once() -> None:
    firm = world.enterprise()
    manager = world.manager(firm)
    for _ in range(5):
        world.credential(world.worker(firm), "HX", level=1, valid_until=world.MONDAY + timedelta(days=7))
    assert outcomes(all_at_once([partial(remind_expiring, at=world.NOW)] * 6)) == {"done": 6}
    assert manager.notifications.count() == 5
