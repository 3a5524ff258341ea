"""Openings, applications, placements and arrivals."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from communities.inbox.models import Notification
from homeservice.foundation.models import AuditEntry
from homeservice.kernel.errors import DomainError
from providers.bindings.models import Binding
from providers.jobs.actions import (
    apply,
    change_opening,
    close_opening,
    confirm_arrival,
    invite_to_talk,
    place,
    post_opening,
    refuse_application,
    reveal_applicant_phone,
    withdraw,
)
from providers.jobs.models import JobApplication, JobOpening
from tests import world
from tests.providers.jobs.market import LAST_DAY, application, facts, opening

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm():
    return world.enterprise()


def refused(act, **arguments) -> str:
    with pytest.raises(DomainError) as refusal, transaction.atomic():
        act(**arguments)
    return refusal.value.code


def applying(to: JobOpening, **changes) -> dict:
    return {"opening": to, "user": world.user("查理"), "note": "", "consented": True, "at": world.NOW, **changes}


def told(person) -> list[str]:
    rows = Notification.objects.filter(recipient=person).order_by("pk")
    return [key.rpartition("-")[0].split("-")[1] for key in rows.values_list("dedupe_key", flat=True)]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"pay_low_fen": 0}, "pay_missing"),
        ({"pay_high_fen": 400_000}, "pay_backwards"),
        ({"places": 0}, "places_wrong"),
        ({"closes_date": world.MONDAY - timedelta(days=1)}, "closes_past"),
        ({"closes_date": world.MONDAY + timedelta(days=181)}, "closes_late"),
        ({"title": " "}, "title_missing"),
        ({"duties": "长" * 601}, "duties_too_long"),
    ],
)
def test_an_opening_says_what_is_done_and_paid_or_is_refused(firm, fields, code):
    assert refused(post_opening, enterprise=firm, facts=facts(**fields), at=world.NOW) == code
    assert not JobOpening.objects.exists()


@pytest.mark.parametrize("state", ["submitted", "suspended", "exited", "blacklisted"])
def test_only_an_admitted_enterprise_looks_for_people(state):
    firm = world.enterprise(state=state)
    assert refused(post_opening, enterprise=firm, facts=facts(), at=world.NOW) == "enterprise_not_admitted"


def test_a_posted_opening_is_public_until_its_last_day(firm):
    posted = post_opening(enterprise=firm, facts=facts(), at=world.NOW)
    days = [LAST_DAY, LAST_DAY + timedelta(days=1)]
    assert [list(JobOpening.objects.open_to_public(day)) for day in days] == [[posted], []]


def test_one_applies_once_with_consent_and_the_managers_are_told(firm):
    manager, posted, alice = world.manager(firm), opening(firm), world.user("爱丽丝")
    assert refused(apply, **applying(posted, user=alice, consented=False)) == "consent_missing"
    apply(**applying(posted, user=alice, note="有三年经验"))
    assert refused(apply, **applying(posted, user=alice)) == "applied_already"
    assert (told(manager), JobApplication.objects.get().note) == (["applied"], "有三年经验")


def test_after_the_last_day_or_closing_or_suspension_nobody_applies(firm):
    posted = opening(firm)
    late = world.NOW + timedelta(days=31)
    assert refused(apply, **applying(posted, at=late)) == "opening_closed"
    assert refused(apply, **applying(opening(firm, state="closed"))) == "opening_closed"
    assert refused(apply, **applying(opening(firm, state="filled", placed=2))) == "opening_closed"
    assert refused(apply, **applying(opening(world.enterprise("停牌", state="suspended")))) == "opening_closed"


def test_who_withdrew_or_was_refused_may_apply_again(firm):
    posted, alice = opening(firm), world.user("爱丽丝")
    withdraw(application=application(posted, alice), at=world.NOW)
    refuse_application(application=application(posted, alice), answer="已招满", actor_id=alice.pk, at=world.NOW)
    apply(**applying(posted, user=alice))
    assert list(JobApplication.objects.order_by("pk").values_list("state", flat=True)) == [
        "withdrawn", "refused", "applied"
    ]  # fmt: skip


def test_an_invitation_names_a_time_to_come_and_is_told(firm):
    asked = application(opening(firm))
    when = world.NOW + timedelta(days=1)
    arguments = {"application": asked, "answer": "带身份证", "at": world.NOW}
    assert refused(invite_to_talk, interview_at=world.NOW, **arguments) == "interview_past"
    invite_to_talk(interview_at=when, **arguments)
    asked.refresh_from_db()
    notice = Notification.objects.get(recipient=asked.user)
    assert (asked.state, asked.interview_at, notice.params["answer"]) == ("interview", when, "带身份证")


def test_a_placement_fills_a_place_and_proposes_a_binding_that_the_person_confirms(firm):
    posted = opening(firm, places=1)
    asked = application(posted)
    place(application=asked, actor_id=world.manager(firm).pk, at=world.NOW)
    posted.refresh_from_db()
    asked.refresh_from_db()
    binding = Binding.objects.get(user=asked.user)
    assert (posted.placed, posted.state, asked.state) == (1, "filled", "placed")
    assert (binding.user, binding.enterprise, binding.relation, binding.state, binding.proposed_by) == (
        asked.user, firm, "employee", "proposed", "enterprise"
    )  # fmt: skip


def test_the_last_place_is_given_once(firm):
    posted = opening(firm, places=1)
    first, second = application(posted), application(posted, world.user("鲍勃"))
    actor = world.manager(firm).pk
    place(application=first, actor_id=actor, at=world.NOW)
    assert refused(place, application=second, actor_id=actor, at=world.NOW) == "places_filled"
    second.refresh_from_db()
    assert second.state == "applied"
    with pytest.raises(IntegrityError, match="job_never_overfilled"), transaction.atomic():
        JobOpening.objects.filter(pk=posted.pk).update(placed=2)


def test_where_no_binding_can_be_proposed_nobody_is_placed_and_the_place_stays_free():
    gone = world.enterprise("退出家政", state="exited")
    posted = opening(gone)
    asked = application(posted)
    assert refused(place, application=asked, actor_id=world.manager(gone).pk, at=world.NOW) == "enterprise_gone"
    posted.refresh_from_db()
    asked.refresh_from_db()
    assert (posted.placed, asked.state, Binding.objects.count()) == (0, "applied", 0)


def test_who_works_for_the_enterprise_already_is_not_invited_again(firm):
    worker = world.worker(firm)
    before = Binding.objects.filter(user=worker.user).count()
    place(application=application(opening(firm), worker.user), actor_id=world.manager(firm).pk, at=world.NOW)
    assert (before, Binding.objects.filter(user=worker.user).count()) == (1, 1)


def test_who_never_came_is_refused_and_the_place_is_open_again(firm):
    posted = opening(firm, places=1)
    asked = application(posted)
    manager = world.manager(firm)
    place(application=asked, actor_id=manager.pk, at=world.NOW)
    refuse_application(application=asked, answer="约定当天未到岗", actor_id=manager.pk, at=world.NOW)
    posted.refresh_from_db()
    assert (posted.placed, posted.state, Binding.objects.get().state) == (0, "open", "withdrawn")


def test_a_placed_person_who_withdraws_frees_the_place_until_they_have_arrived(firm):
    posted = opening(firm, places=1)
    asked = application(posted)
    place(application=asked, actor_id=world.manager(firm).pk, at=world.NOW)
    withdraw(application=asked, at=world.NOW)
    posted.refresh_from_db()
    assert (posted.placed, posted.state, Binding.objects.get().state) == (0, "open", "declined")
    again = application(posted, world.user("鲍勃"))
    place(application=again, actor_id=world.manager(world.enterprise("乙")).pk, at=world.NOW)
    for by_enterprise in (True, False):
        confirm_arrival(application=again, by_enterprise=by_enterprise, at=world.NOW)
    assert refused(withdraw, application=again, at=world.NOW) == "application_over"


def test_an_arrival_stands_once_both_sides_have_said_so(firm):
    asked = application(opening(firm))
    assert refused(confirm_arrival, application=asked, by_enterprise=True, at=world.NOW) == "not_placed"
    place(application=asked, actor_id=world.manager(firm).pk, at=world.NOW)
    assert confirm_arrival(application=asked, by_enterprise=True, at=world.NOW).arrived_at is None
    assert refused(confirm_arrival, application=asked, by_enterprise=True, at=world.NOW) == "arrival_said"
    assert confirm_arrival(application=asked, by_enterprise=False, at=world.NOW).arrived_at == world.NOW


def test_a_refusal_says_why(firm):
    asked = application(opening(firm))
    assert (
        refused(refuse_application, application=asked, answer=" ", actor_id=asked.user_id, at=world.NOW)
        == "answer_missing"
    )
    refuse_application(application=asked, answer="需要粤语", actor_id=asked.user_id, at=world.NOW)
    notice = Notification.objects.get(recipient=asked.user)
    assert notice.params["answer"] == "需要粤语"
    assert (
        refused(refuse_application, application=asked, answer="再说", actor_id=asked.user_id, at=world.NOW)
        == "application_over"
    )


def test_closing_tells_those_who_wait(firm):
    posted = opening(firm)
    asked = application(posted)
    close_opening(opening=posted, at=world.NOW)
    asked.refresh_from_db()
    assert (asked.state, Notification.objects.filter(recipient=asked.user).count()) == ("refused", 1)
    assert refused(close_opening, opening=posted, at=world.NOW) == "opening_closed"


def test_fewer_places_than_placed_are_refused_and_more_open_it_again(firm):
    posted = opening(firm, places=1, placed=1, state="filled")
    assert change_opening(opening=posted, facts=facts(places=2), at=world.NOW).state == "open"
    JobOpening.objects.filter(pk=posted.pk).update(placed=2)
    assert refused(change_opening, opening=posted, facts=facts(places=1), at=world.NOW) == "places_filled"


def test_the_number_is_shown_only_after_an_invitation_with_a_purpose_and_is_logged(firm):
    asked, manager = application(opening(firm)), world.manager(firm)
    arguments = {"application": asked, "actor_id": manager.pk, "at": world.NOW}
    assert refused(reveal_applicant_phone, purpose="约面谈", **arguments) == "invite_first"
    asked.state = "interview"
    asked.save()
    assert refused(reveal_applicant_phone, purpose="", **arguments) == "purpose_needed"
    assert reveal_applicant_phone(purpose="约面谈", **arguments) == asked.user.phone
    entry = AuditEntry.objects.get(action="reveal")
    assert (entry.actor_id, entry.subject_id, entry.purpose) == (manager.pk, str(asked.user_id), "约面谈")
