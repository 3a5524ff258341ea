"""A door token lets in exactly one."""

from functools import partial

import pytest
from django.conf import settings

from homeservice.kernel.errors import DomainError
from providers.service_codes import door
from providers.service_codes.actions import Visitor, open_door, recompute
from providers.service_codes.models import CodeScan, ColourChange, DoorTokenUse, ServiceCode
from tests import world
from tests.providers.service_codes.people import code_of, green, some_nonce
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_twenty_browsers_that_show_the_same_token_at_once_exactly_one_is_let_in() -> None:
    code = code_of(green())
    token = door.issue(code_id=code.pk, nonce=some_nonce(), at=world.NOW, keys=settings.DOOR_KEYS)
    visitors = [Visitor(digest=f"{n:064d}") for n in range(20)]

    answers = all_at_once(
        [
            partial(open_door, token=token, bearer_digest=f"{n:064x}", visitor=one, at=world.NOW)
            for n, one in enumerate(visitors)
        ]
    )

    winners = [answer for answer in answers if isinstance(answer, CodeScan)]
    losers = [answer for answer in answers if isinstance(answer, DomainError)]
    assert (len(winners), len(losers)) == (1, 19)
    assert {refusal.code for refusal in losers} == {"door_token_used"}
    assert DoorTokenUse.objects.get().scan == winners[0]
    views = list(CodeScan.objects.order_by("view").values_list("view", "reason"))
    assert views == [("consumer", ""), *[("refused", "door_token_used")] * 19]


def test_of_many_who_compute_a_code_for_the_first_time_one_issues_it() -> None:
    worker = green()

    answers = all_at_once([partial(recompute, worker_ids=[worker.pk], at=world.NOW) for _ in range(8)])

    assert sorted(answers) == [0] * 7 + [1]
    assert ServiceCode.objects.count() == ColourChange.objects.count() == 1
