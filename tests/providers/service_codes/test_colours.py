"""Codes are issued and change colour. Alice works for Anxin; Bob manages it; Charlie manages another enterprise."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import translation

from communities.inbox.models import Notification
from homeservice.kernel.clock import at_local
from providers.service_codes.actions import recompute, recompute_all, recompute_changed
from providers.service_codes.models import ColourChange, ServiceCode
from providers.service_codes.queries import facts_of_enterprise, facts_of_worker
from providers.service_codes.rules import GREEN
from providers.service_codes.standing import Judged, judged_enterprises, judged_workers
from providers.workers.actions import mark_papers_changed
from providers.workers.models import Worker
from tests import world
from tests.providers.service_codes.people import TODAY, UNTIL, code_of, green, in_order, licensed

pytestmark = pytest.mark.django_db
LATER = world.NOW + timedelta(hours=1)


@pytest.fixture
def firm():
    """An enterprise that has its code already."""
    firm = licensed()
    code_of(firm)
    return firm


@pytest.fixture
def alice(firm) -> Worker:
    return green(firm)


@pytest.fixture
def bob(firm):
    return world.manager(firm)


def said(person) -> list[tuple[str, str]]:
    with translation.override("zh-hans"):
        notes = Notification.objects.filter(recipient=person).order_by("pk")
        return [(note.title, note.url_name) for note in notes]


def changes(code: ServiceCode) -> list[tuple[str, str, list[str]]]:
    return [(one.before, one.after, one.reasons) for one in code.changes.order_by("pk")]


def test_an_admitted_worker_gets_a_code_that_says_nothing_of_its_holder(alice):
    code = code_of(alice)

    assert (code.colour, code.reasons, code.valid_until) == ("green", [], UNTIL)
    assert (code.issued_at, code.computed_at) == (world.NOW, world.NOW)
    assert len(code.public_id) == 26
    assert code.public_id.isalnum()
    assert changes(code) == [("", "green", [])]


def test_computing_again_changes_nothing_and_tells_nobody_again(alice, bob):
    code_of(alice)
    before = said(alice.user), said(bob)

    assert recompute(worker_ids=[alice.pk], at=LATER) == 0
    assert recompute_changed(at=LATER) == 0
    assert (said(alice.user), said(bob)) == before
    assert ServiceCode.objects.get(worker=alice).computed_at == LATER


@pytest.mark.parametrize("state", ["awaiting_authorisation", "submitted", "checking", "returned", "suspended"])
def test_who_was_never_admitted_has_no_code(firm, state):
    waiting = green(firm, state=state)

    recompute(worker_ids=[waiting.pk], at=world.NOW)
    recompute_changed(at=world.NOW)

    assert not ServiceCode.objects.filter(worker=waiting).exists()


def test_the_code_stays_with_who_is_suspended_and_turns_grey(alice):
    code = code_of(alice)
    Worker.objects.filter(pk=alice.pk).update(state="suspended")
    mark_papers_changed(worker_ids=[alice.pk], at=LATER)

    assert recompute_changed(at=LATER) == 1
    kept = ServiceCode.objects.get(worker=alice)
    assert (kept.public_id, kept.colour, kept.reasons, kept.valid_until) == (
        code.public_id, "grey", ["suspended"], None
    )  # fmt: skip
    assert changes(code) == [("", "green", []), ("green", "grey", ["suspended"])]


def test_a_paper_that_lapses_turns_the_code_yellow_on_the_day_after_without_anybody_doing_anything(alice, bob):
    code_of(alice)
    last_evening, next_morning = at_local(UNTIL, world.time(23, 59)), at_local(UNTIL + timedelta(days=1), world.time(0))

    assert recompute_changed(at=last_evening) == 0
    assert recompute_changed(at=next_morning) == 2  # and the enterprise's, by its licence
    kept = ServiceCode.objects.get(worker=alice)
    assert kept.colour == "yellow"
    assert {"exam_lapsed", "insurance_lapsed", "crime_check_lapsed"} <= set(kept.reasons)
    assert said(alice.user)[-1] == ("Your service code is now %(colour)s", "worker_code")
    assert said(bob)[-1] == ("A worker's service code is now %(colour)s", "enterprise_worker_code")


def test_the_notice_names_the_reasons_and_what_mends_them_in_the_readers_language(firm):
    alice = in_order(world.worker(firm), without=("INS",))
    code_of(alice)
    note = Notification.objects.get(recipient=alice.user)

    with translation.override("en"):
        assert note.title_text == "Your service code is issued: Yellow"
        assert note.body_text.startswith("No insurance. What mends it: Hand in the new paper")
    assert {"colour_zh", "reasons_zh", "mends_zh"} <= note.params.keys()
    assert alice.real_name not in str(note.params)


def test_worse_and_green_again_are_told_and_what_lies_between_is_not(alice, bob):
    code_of(alice)
    for hour, state in enumerate(("blacklisted", "suspended", "admitted"), start=1):
        Worker.objects.filter(pk=alice.pk).update(state=state)
        recompute(worker_ids=[alice.pk], at=world.NOW + timedelta(hours=hour))

    assert [title for title, _url in said(alice.user)] == [
        "Your service code is issued: %(colour)s", "Your service code is now %(colour)s",
        "Your service code is green again",
    ]  # fmt: skip
    assert [after for _before, after, _reasons in changes(ServiceCode.objects.get(worker=alice))] == [
        "green", "red", "grey", "green"
    ]  # fmt: skip
    assert len(said(bob)) == 3


def test_only_accounts_with_the_right_for_it_are_told(alice, firm):
    clerk = world.manager(firm, rights="clerk")
    operator = world.manager(firm, rights="operator")
    charlie = world.manager(licensed("别家家政"))
    code_of(alice)
    code_of(firm)

    assert said(clerk) == said(charlie) == []
    assert [url for _title, url in said(operator)] == ["enterprise_worker_code"]


def test_an_exam_fit_for_what_the_worker_does_is_asked(firm):
    world.requirement("HX", kind_code="elder_care", any_of=[{"code": "HX", "level": 3}])
    world.requirement("HX-F", kind_code="cooking", any_of=[{"code": "HX-F", "level": None}])
    carer = in_order(world.worker(firm, "陈静", kinds=("elder_care", "cooking")))

    assert judged_workers([carer.pk], TODAY)[carer.pk].verdict == ("yellow", ("food_exam_missing", "exam_missing"))
    world.credential(carer, "HX", level=4, valid_until=UNTIL)
    world.credential(carer, "HX-F", valid_until=UNTIL)
    assert judged_workers([carer.pk], TODAY)[carer.pk].verdict == ("green", ())


def test_a_refused_identity_turns_the_code_red_until_another_paper_is_verified(alice):
    code = code_of(alice)
    alice.credentials.filter(code="ID").update(state="refused")

    assert judged_workers([alice.pk], TODAY)[alice.pk].verdict == ("red", ("identity_refused",))
    world.credential(alice, "ID")
    assert judged_workers([alice.pk], TODAY)[alice.pk].verdict == ("green", ())
    assert code.colour == "green"


def test_a_paper_renewed_ahead_of_its_end_counts_until_that_end_and_the_renewal_from_then_on(alice):
    old = alice.credentials.get(code="HX")
    starts, ends = UNTIL + timedelta(days=1), UNTIL + timedelta(days=365)
    old.state = "superseded"
    old.save()
    renewal = world.credential(alice, "HX", level=1, number=old.number, renews=old, valid_from=starts, valid_until=ends)

    assert judged_workers([alice.pk], TODAY)[alice.pk] == Judged(GREEN, UNTIL)  # the other papers end then
    alice.credentials.filter(code__in=["INS", "BG1", "TR0"]).update(valid_until=ends)
    alice.credentials.filter(code="BG2").update(valid_from=starts, valid_until=ends)
    assert judged_workers([alice.pk], starts)[alice.pk].verdict == ("green", ())
    renewal.state = "revoked"
    renewal.save()
    assert judged_workers([alice.pk], starts)[alice.pk].verdict == ("yellow", ("exam_lapsed",))


@pytest.mark.parametrize(
    ("day", "shown"), [(TODAY, [UNTIL]), (TODAY + timedelta(days=5), [UNTIL + timedelta(days=365)])]
)
def test_of_a_paper_and_its_renewal_the_code_names_one(alice, day, shown):
    old = alice.credentials.get(code="INS")
    old.state = "superseded"
    old.save()
    starts, ends = TODAY + timedelta(days=5), UNTIL + timedelta(days=365)
    world.credential(alice, "INS", number=old.number, renews=old, valid_from=starts, valid_until=ends)

    facts = facts_of_worker(alice, judged_workers([alice.pk], day)[alice.pk], day)
    assert list(facts.insurance) == shown


# enterprises


def test_a_licence_renewed_ahead_keeps_an_enterprises_code_green(firm):
    old = firm.credentials.get(code="O-BL")
    old.state = "superseded"
    old.save()
    starts = UNTIL + timedelta(days=1)
    world.credential(firm, "O-BL", number=old.number, renews=old, valid_from=starts, valid_until=None)

    assert judged_enterprises([firm.pk], TODAY)[firm.pk] == Judged(GREEN, None)
    assert [one.valid_until for one in facts_of_enterprise(firm, TODAY).licences] == [UNTIL]
    assert [one.valid_until for one in facts_of_enterprise(firm, starts).licences] == [None]


def test_an_enterprises_code_knows_its_licences_and_those_of_what_it_offers(firm):
    assert code_of(firm).colour == "green"
    world.requirement("O-FD", kind_code="cleaning", holder="enterprise")
    world.listing(firm)

    assert judged_enterprises([firm.pk], TODAY)[firm.pk].verdict == ("yellow", ("licence_missing",))
    world.credential(firm, "O-FD")
    assert judged_enterprises([firm.pk], TODAY)[firm.pk].verdict == ("green", ())


def test_without_a_business_licence_ever_the_code_is_red_and_with_a_lapsed_one_yellow():
    never, once = world.enterprise("无照家政"), world.enterprise("过期家政")
    world.credential(once, "O-BL", valid_until=TODAY - timedelta(days=1))
    agency = licensed("中介家政", org_type="agency")

    found = judged_enterprises([never.pk, once.pk, agency.pk], TODAY)
    assert {pk: one.verdict for pk, one in found.items()} == {
        never.pk: ("red", ("business_licence_missing",)),
        once.pk: ("yellow", ("business_licence_lapsed",)),
        agency.pk: ("yellow", ("agency_licence_missing",)),
    }


def test_when_an_enterprise_goes_out_of_service_its_workers_codes_follow_and_come_back_with_it(alice, firm):
    stranger = green(licensed("别家家政"), "周阿姨")
    for holder in (stranger.enterprise, alice, stranger):
        code_of(holder)
    for hour, (state, colour) in enumerate([("suspended", "grey"), ("admitted", "green")], start=1):
        type(firm).objects.filter(pk=firm.pk).update(state=state, papers_changed_at=world.NOW + timedelta(hours=hour))
        assert recompute_changed(at=world.NOW + timedelta(hours=hour)) == 2
        assert ServiceCode.objects.get(worker=alice).colour == colour
    assert changes(ServiceCode.objects.get(worker=stranger)) == [("", "green", [])]


# what is found, and how many queries that takes


def test_a_change_that_began_earlier_and_committed_later_is_not_lost(alice):
    mark_papers_changed(worker_ids=[alice.pk], at=LATER)
    recompute(worker_ids=[alice.pk], at=LATER)
    alice.credentials.filter(code="INS").delete()
    mark_papers_changed(worker_ids=[alice.pk], at=world.NOW + timedelta(minutes=1))

    assert recompute_changed(at=LATER) == 1
    assert ServiceCode.objects.get(worker=alice).reasons == ["insurance_missing"]


def test_every_code_is_computed_once_a_day_since_rules_change_without_papers(alice, firm):
    code_of(alice)
    world.requirement("FA", reason_code="needs_exam", any_of=[{"code": "HX", "level": 4}])

    assert recompute_changed(at=LATER) == 0
    assert recompute_all(at=LATER) == 1
    assert ServiceCode.objects.get(worker=alice).reasons == ["exam_missing"]


@pytest.mark.parametrize("count", [1, 3])
def test_a_batch_takes_the_same_queries_however_many_workers(firm, bob, count, django_assert_num_queries):
    world.requirement("HX")
    workers = [green(firm, f"工人{n}") for n in range(count)]

    with django_assert_num_queries(17), transaction.atomic():
        recompute(worker_ids=[one.pk for one in workers], at=world.NOW)
    assert ColourChange.objects.filter(code__worker__isnull=False).count() == count


@pytest.mark.parametrize("count", [1, 3])
def test_nothing_new_takes_ten_queries_and_a_savepoint_however_many_workers(firm, count, django_assert_num_queries):
    workers = [green(firm, f"工人{n}") for n in range(count)]
    recompute(worker_ids=[one.pk for one in workers], at=world.NOW)

    with django_assert_num_queries(12), transaction.atomic():
        recompute(worker_ids=[one.pk for one in workers], at=LATER)
