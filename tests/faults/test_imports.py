"""A process is killed in the middle of taking a file over: nothing is half entered, and the next one does it all."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection

from homeservice.kernel import clock
from providers.bindings.models import Binding
from providers.exchange.actions import check_next, order_take_over, start_import, take_over_next
from providers.exchange.models import ImportRun
from providers.exchange.rules import LEASE
from providers.workers.models import Worker
from tests import world
from tests.providers.exchange.files import worker_row, xlsx

ROOT = Path(__file__).resolve().parents[2]
ROWS = 30

# the whole of a worker process, but that it says when all rows are written and then does not get to commit them
SLOW = """
import sys, time
import django
django.setup()
from django.utils.dateparse import parse_datetime
from homeservice.kernel import clock
from providers.exchange import actions, people

enter = people.enter_workers
def and_never_commit(*args, **kwargs):
    enter(*args, **kwargs)
    print("written", flush=True)
    time.sleep(120)
people.enter_workers = and_never_commit
at = parse_datetime(sys.argv[1])
with clock.frozen(at):
    actions.take_over_next(at=at)
"""


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_while_it_takes_over_loses_no_row_and_leaves_none_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(default_storage, "_wrapped", FileSystemStorage(tmp_path))
    with clock.frozen(world.NOW):
        run = _ready()

        _killed_in_the_middle(tmp_path)

        run.refresh_from_db()
        assert (run.state, run.due_at, Worker.objects.count(), Binding.objects.count()) == (
            "importing", world.NOW + LEASE, 0, 0,
        )  # fmt: skip
        assert not take_over_next(at=world.NOW), "its lease has not ended: it could still be alive"

        assert take_over_next(at=world.NOW + LEASE)
        assert not take_over_next(at=world.NOW + LEASE * 3)
    run.refresh_from_db()
    assert (run.state, run.rows_done, Worker.objects.count(), Binding.objects.count()) == ("done", ROWS, ROWS, ROWS)


def _ready() -> ImportRun:
    firm = world.enterprise()
    alice = world.manager(firm)
    file = xlsx([worker_row(serial) for serial in range(ROWS)])
    run = start_import(enterprise=firm, subject="workers", file=file, attested=True, actor_id=alice.pk, at=world.NOW)
    assert check_next(at=world.NOW)
    run.refresh_from_db()
    order_take_over(run=run, actor_id=alice.pk, at=world.NOW)
    return run


def _killed_in_the_middle(media: Path) -> None:
    target = connection.settings_dict
    url = f"postgres://{target['USER']}:{target['PASSWORD']}@{target['HOST']}:{target['PORT']}/{target['NAME']}"
    environment = {**os.environ, "DATABASE_URL": url, "MEDIA_ROOT": str(media)}
    command = [sys.executable, "-c", SLOW, world.NOW.isoformat()]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "written\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
