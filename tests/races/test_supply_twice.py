"""The same deed by several people, or by a task that runs twice side by side: it is done once."""

from functools import partial
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, default_storage

from homeservice.kernel.errors import DomainError
from providers.admission.actions import appeal, blacklist, open_cases_of_waiting_papers
from providers.admission.models import ReviewCase
from providers.bindings.actions import join
from providers.bindings.models import Binding
from providers.credit.actions import answer_objection, file_objection, load_rules
from providers.credit.models import CreditEvent, Objection
from providers.exchange.actions import check_next, order_take_over, start_import, take_over_next
from providers.exchange.models import ImportRun
from providers.listings.actions import publish_version
from providers.listings.models import ListingVersion
from providers.listings.queries import first_terms
from providers.service_codes.actions import recompute_all, recompute_changed
from providers.service_codes.models import ColourChange, ServiceCode
from providers.training.actions import decide_results, enter_certificates
from providers.training.models import Certificate
from providers.workers.models import Worker
from tests import world
from tests.providers.admission import desk
from tests.providers.credit.test_actions import RULES, record
from tests.providers.exchange.files import worker_row, xlsx
from tests.providers.training.school import DOORS, DURING, course, school, seat, session
from tests.races.crowd import all_at_once
from tests.world import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("monday_morning")]


def refusals(answers: list[Any]) -> list[str]:
    """The codes of what was refused; anything that is no refusal is a fault of ours."""
    failures = [answer for answer in answers if isinstance(answer, Exception)]
    assert all(isinstance(answer, DomainError) for answer in failures), failures
    return sorted(answer.code for answer in failures)


def test_an_appeal_sent_five_times_at_once_is_one_case() -> None:
    worker = world.worker(world.enterprise(), state="suspended")
    send = partial(appeal, holder=worker, statement="请复核", actor_id=worker.user_id, at=NOW)
    assert refusals(all_at_once([send] * 5)) == ["appeal_open"] * 4
    assert ReviewCase.objects.count() == 1


def test_an_objection_answered_by_five_reviewers_at_once_has_one_answer() -> None:
    load_rules(document=RULES)
    event = record(world.worker(world.enterprise()))
    objection = file_objection(event=event, text="不属实", actor_id=event.worker.user_id, at=NOW)
    reviewers = [world.staff(division=world.TIANHE, duty="reviewer").pk for _ in range(5)]
    answers = all_at_once(
        [
            partial(answer_objection, objection=objection, outcome=outcome, answer="已核实", actor_id=who, at=NOW)
            for who, outcome in zip(reviewers, ("upheld", "dismissed") * 3, strict=False)
        ]
    )
    assert refusals(answers) == ["objection_answered"] * 4
    upheld = Objection.objects.get().outcome == "upheld"
    assert (CreditEvent.objects.get().state == "withdrawn") == upheld


def test_a_listing_published_by_six_managers_at_once_has_one_new_version() -> None:
    listing = world.listing(world.enterprise())
    answers = all_at_once(
        [
            partial(
                publish_version,
                listing=listing,
                posted=first_terms(listing.item, 4600 + n),
                seen_no=1,
                actor_id=None,
                at=NOW,
            )
            for n in range(6)
        ]
    )
    assert refusals(answers) == ["listing_changed"] * 5
    assert sorted(ListingVersion.objects.values_list("no", flat=True)) == [1, 2]


def test_an_import_taken_over_by_six_processes_at_once_is_entered_once(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(default_storage, "_wrapped", FileSystemStorage(tmp_path))
    firm = world.enterprise()
    boss = world.manager(firm).pk
    rows = xlsx([worker_row(n) for n in range(1, 6)])
    run = start_import(enterprise=firm, subject="workers", file=rows, attested=True, actor_id=boss, at=NOW)
    assert sum(bool(answer) for answer in all_at_once([partial(check_next, at=NOW)] * 4)) == 1
    order = partial(order_take_over, run=run, actor_id=boss, at=NOW)
    assert refusals(all_at_once([order] * 4)) == ["import_not_ready"] * 3
    assert refusals(all_at_once([partial(take_over_next, at=NOW)] * 6)) == []
    run.refresh_from_db()
    assert (run.state, Worker.objects.count(), Binding.objects.count()) == (ImportRun.State.DONE, 5, 5)


def test_results_entered_twice_at_once_give_one_certificate_and_one_paper() -> None:
    world.credential_types()
    of = session(course(school(), certificate_code="TR0"))
    worker = world.worker(world.enterprise())
    row = seat(of, worker.user, "attended", attended_at=DOORS)
    passing = partial(
        decide_results, session=of, enrolment_ids=[row.pk], passed=True, actor_id=of.trainer_id, at=DURING
    )
    assert refusals(all_at_once([passing] * 5)) == ["nobody_chosen"] * 4
    assert refusals(all_at_once([partial(enter_certificates, at=DURING)] * 4)) == []
    certificate = Certificate.objects.get()
    assert [paper.pk for paper in worker.credentials.filter(code="TR0")] == [certificate.credential_id]


def test_cases_opened_by_five_sweeps_at_once_are_one_a_worker() -> None:
    firm = desk.firm(state="admitted", licence=False)
    for _ in range(4):
        desk.hand(firm, state="admitted")
    assert refusals(all_at_once([partial(open_cases_of_waiting_papers, at=NOW)] * 5)) == []
    assert ReviewCase.objects.count() == Worker.objects.count() == 4


def test_codes_computed_by_six_processes_at_once_change_colour_once() -> None:
    firm = world.enterprise()
    for _ in range(4):
        world.worker(firm)
    answers = all_at_once([partial(recompute_changed, at=NOW), partial(recompute_all, at=NOW)] * 3)
    assert refusals(answers) == []
    workers = ServiceCode.objects.filter(worker__isnull=False)
    assert workers.count() == 4
    assert all(ColourChange.objects.filter(code=code).count() <= 1 for code in workers)


def test_a_worker_who_joins_while_the_enterprise_is_put_on_the_blacklist_joins_first_or_not_at_all() -> None:
    firm = world.enterprise()
    worker = world.worker(world.enterprise("从前家政"))
    Binding.objects.update(
        state="ended", ending_proposed_by="worker", ending_proposed_at=NOW, ended_at=NOW, end_reason="搬家"
    )
    Worker.objects.update(enterprise=None)
    invitation = Binding.objects.create(
        user=worker.user, enterprise=firm, relation="flexible", proposed_by="enterprise", proposed_at=NOW
    )
    rita = world.staff(division=world.TIANHE, duty="reviewer").pk
    answers = all_at_once(
        [
            partial(join, binding=invitation, person=None, signing=None, at=NOW),
            partial(blacklist, holder=firm, reason="伪造证件", actor_id=rita, at=NOW),
        ]
    )
    assert set(refusals(answers)) <= {"enterprise_gone"}
    worker.refresh_from_db()
    firm.refresh_from_db()
    assert firm.state == "blacklisted"
    assert (worker.enterprise_id == firm.pk) == (refusals(answers) == [])
