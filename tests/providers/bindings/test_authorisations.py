"""Workers sign the authorisation letter and withdraw it; a published letter stays as it is."""

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from communities.inbox.models import Notification
from providers.bindings.actions import (
    publish_letter,
    sign_authorisation,
    withdraw_authorisation,
)
from providers.bindings.models import Authorisation, AuthorisationLetter
from providers.bindings.queries import (
    authorised_among,
    is_authorised,
    letter_in_force,
)
from tests import world
from tests.providers.bindings.refusals import refusal_of
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

LATER = NOW + timedelta(hours=1)


def test_a_withdrawn_authorisation_counts_no_more_and_the_enterprise_is_told() -> None:
    firm = world.enterprise()
    bob, worker = world.manager(firm), world.worker(firm)
    withdraw_authorisation(worker=worker, actor_id=worker.user_id, at=NOW)
    assert not is_authorised(worker.pk)
    worker.refresh_from_db()
    assert (worker.papers_changed_at, worker.enterprise) == (NOW, firm)
    assert Notification.objects.get(recipient=bob).title_text == "一位服务员撤回了授权"
    again = {"worker": worker, "actor_id": worker.user_id, "at": NOW}
    assert refusal_of(withdraw_authorisation, **again) == "authorisation_not_in_force"


def test_signing_again_puts_it_in_force_and_keeps_what_was() -> None:
    worker = world.worker(world.enterprise(), "爱丽丝")
    withdraw_authorisation(worker=worker, actor_id=worker.user_id, at=NOW)
    signature = {
        "worker": worker, "version": "2026-1", "signed_name": "爱丽丝", "agreed": True, "channel": "web",
        "recorded_by_id": worker.user_id,
    }  # fmt: skip
    signed = sign_authorisation(**signature, at=LATER)
    assert sign_authorisation(**signature, at=LATER + timedelta(hours=1)) == signed
    assert list(worker.authorisations.order_by("pk").values_list("withdrawn_at", flat=True)) == [NOW, None]


def test_a_new_version_replaces_the_signature_under_the_old_one() -> None:
    worker = world.worker(world.enterprise(), "爱丽丝")
    world.letter("2026-2", valid_from=date(2026, 11, 1))
    old = {
        "worker": worker, "signed_name": "爱丽丝", "agreed": True, "channel": "web", "recorded_by_id": worker.user_id,
        "at": NOW,
    }  # fmt: skip
    assert refusal_of(sign_authorisation, version="2026-1", **old) == "letter_outdated"
    sign_authorisation(version="2026-2", **old)
    assert Authorisation.objects.get(withdrawn_at=None).letter_id == "2026-2"


def test_of_many_workers_those_authorised_are_found_at_once(django_assert_num_queries: Any) -> None:
    firm = world.enterprise()
    alice, bob = world.worker(firm, "爱丽丝"), world.worker(firm, "鲍勃")
    withdraw_authorisation(worker=bob, actor_id=bob.user_id, at=NOW)
    with django_assert_num_queries(1):
        assert authorised_among([alice.pk, bob.pk]) == {alice.pk}


# letters


def test_the_letters_are_loaded_once_and_name_what_the_law_wants() -> None:
    call_command("load_authorisation_letters", stdout=StringIO())
    call_command("load_authorisation_letters", stdout=StringIO())
    letter = letter_in_force(date(2026, 11, 23))
    assert letter
    assert letter.version == "2026-1"
    for words in ("人脸识别不是唯一方式", "撤回", "保存", "体检报告"):
        assert words in letter.text_zh
    for words in ("never the only way", "withdraw", "kept", "report"):
        assert words in letter.text_en
    assert letter_in_force(date(2025, 12, 31)) is None


def test_a_published_letter_never_changes() -> None:
    letter = world.letter()
    changed = {"version": letter.pk, "text_zh": "别的", "text_en": "other", "valid_from": letter.valid_from}
    assert refusal_of(publish_letter, **changed) == "letter_text_changed"
    with pytest.raises(IntegrityError, match="authorisation_letter_never_changes"), transaction.atomic():
        AuthorisationLetter.objects.update(text_zh="别的")
    with pytest.raises(IntegrityError, match="authorisation_letter_never_changes"), transaction.atomic():
        letter.delete()


def test_a_changed_file_of_letters_loads_nothing(tmp_path: Any) -> None:
    world.letter()
    for content in ("{", '{"letters": [{"version": "2026-1"}]}'):
        file = tmp_path / "letters.json"
        file.write_text(content)
        with pytest.raises(CommandError):
            call_command("load_authorisation_letters", letters=file, stdout=StringIO())
