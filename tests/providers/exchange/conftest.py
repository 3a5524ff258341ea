"""Alice sends files for her enterprise; they are checked and taken over."""

import pytest
from django.core.files.storage import FileSystemStorage, default_storage

from providers.exchange.actions import (
    check_next,
    order_take_over,
    start_import,
    take_over_next,
)
from providers.exchange.models import ImportRun
from tests import world


@pytest.fixture(autouse=True)
def _own_storage(tmp_path, monkeypatch):
    monkeypatch.setattr(default_storage, "_wrapped", FileSystemStorage(tmp_path))


@pytest.fixture
def firm():
    return world.enterprise()


@pytest.fixture
def alice(firm):
    return world.manager(firm)


@pytest.fixture
def send(firm, alice):
    def sent(file, subject="workers") -> ImportRun:
        return start_import(enterprise=firm, subject=subject, file=file, attested=True, actor_id=alice.pk, at=world.NOW)

    return sent


@pytest.fixture
def checked(send):
    """The run after its check."""

    def done(file, subject="workers") -> ImportRun:
        run = send(file, subject)
        assert check_next(at=world.NOW)
        run.refresh_from_db()
        return run

    return done


@pytest.fixture
def taken_over(checked, alice):
    """The run after it was taken over."""

    def done(file, subject="workers") -> ImportRun:
        run = checked(file, subject)
        order_take_over(run=run, actor_id=alice.pk, at=world.NOW)
        assert take_over_next(at=world.NOW)
        run.refresh_from_db()
        return run

    return done
