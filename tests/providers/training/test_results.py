"""Attendance, results, certificates and the registry of papers."""

from datetime import timedelta

import pytest

from communities.inbox.models import Notification
from homeservice.foundation.models import AuditEntry
from homeservice.kernel.errors import DomainError
from providers.credentials.models import Credential
from providers.training.actions import (
    attend,
    certificates_into_registry,
    close_ended,
    close_session,
    correct_result,
    decide_results,
    enter_certificates,
    mark_present,
    revoke_certificate,
)
from providers.training.models import Certificate, Enrolment, Session
from providers.training.queries import code_of_day, sign_certificate, verdict_on
from providers.training.rules import new_certificate_code
from tests import world
from tests.providers.training.school import AFTER, DOORS, DURING, TOMORROW, course, school, seat, session

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> Session:
    return session(course(school()))


def refused(act, **arguments) -> str:
    with pytest.raises(DomainError) as refusal:
        act(**arguments)
    return refusal.value.code


def wrong(of: Session) -> str:
    return f"{(int(code_of_day(of, DOORS)) + 1) % 10**6:06d}"


def passed(of: Session, who: world.User) -> Certificate:
    row = seat(of, who, "attended", attended_at=DOORS)
    decide_results(session=of, enrolment_ids=[row.pk], passed=True, actor_id=of.trainer_id, at=DURING)
    return Certificate.objects.get(enrolment=row)


# attendance


def test_the_days_code_notes_the_attendance(of):
    alice = seat(of, world.user("爱丽丝"))
    attend(enrolment=alice, code=f" {code_of_day(of, DOORS)} ", at=DOORS)
    alice.refresh_from_db()
    assert (alice.state, alice.attended_at) == ("attended", DOORS)


def test_yesterdays_code_opens_nothing(of):
    alice = seat(of, world.user("爱丽丝"))
    assert refused(attend, enrolment=alice, code=code_of_day(of, world.NOW), at=DOORS) == "attendance_wrong_code"


def test_after_five_wrong_codes_even_the_right_one_is_refused_and_the_trainer_helps(of):
    alice = seat(of, world.user("爱丽丝"))
    codes = [refused(attend, enrolment=alice, code=wrong(of), at=DOORS) for _try in range(5)]
    assert codes == ["attendance_wrong_code"] * 4 + ["attendance_locked"]
    assert refused(attend, enrolment=alice, code=code_of_day(of, DOORS), at=DOORS) == "attendance_locked"
    assert mark_present(session=of, enrolment_ids=[alice.pk], actor_id=of.trainer_id, at=DOORS) == 1
    alice.refresh_from_db()
    assert (alice.state, alice.wrong_codes) == ("attended", 5)
    assert AuditEntry.objects.get(action="attendance_noted").actor_id == of.trainer_id


@pytest.mark.parametrize(
    ("state", "at", "code"),
    [
        ("enrolled", DOORS - timedelta(hours=1), "attendance_early"),
        ("enrolled", AFTER, "attendance_late"),
        ("waiting", DOORS, "attendance_no_seat"),
        ("absent", DOORS, "attendance_no_seat"),
    ],
)
def test_outside_the_hours_or_without_a_seat_the_right_code_is_refused_and_not_counted(of, state, at, code):
    alice = seat(of, world.user("爱丽丝"), state)
    assert refused(attend, enrolment=alice, code=code_of_day(of, at), at=at) == code
    alice.refresh_from_db()
    assert (alice.state, alice.wrong_codes) == (state, 0)


def test_nobody_is_noted_before_the_doors_open_or_in_another_session(of):
    other = session(of.course)
    alice = seat(of, world.user("爱丽丝"))
    early = {"session": of, "enrolment_ids": [alice.pk], "actor_id": of.trainer_id, "at": world.NOW}
    assert refused(mark_present, **early) == "attendance_early"
    assert mark_present(session=other, enrolment_ids=[alice.pk], actor_id=of.trainer_id, at=DURING) == 0


# results


def test_many_pass_at_once_each_with_a_certificate_and_a_word(of):
    rows = [seat(of, world.user(name), "attended", attended_at=DOORS) for name in ("爱丽丝", "鲍勃")]
    seat(of, world.user("查理"))
    ids = list(Enrolment.objects.values_list("pk", flat=True))
    decided = decide_results(session=of, enrolment_ids=ids, passed=True, actor_id=of.trainer_id, at=DURING)
    assert [row.pk for row in decided] == [row.pk for row in rows]
    assert list(Enrolment.objects.order_by("pk").values_list("state", flat=True)) == ["passed", "passed", "enrolled"]
    assert Certificate.objects.count() == 2
    assert Notification.objects.filter(title__startswith="You have passed").count() == 2


def test_who_failed_has_no_certificate(of):
    alice = seat(of, world.user("爱丽丝"), "attended", attended_at=DOORS)
    decide_results(session=of, enrolment_ids=[alice.pk], passed=False, actor_id=of.trainer_id, at=DURING)
    alice.refresh_from_db()
    assert (alice.state, alice.decided_by_id, Certificate.objects.count()) == ("failed", of.trainer_id, 0)


def test_results_are_not_entered_early_nor_twice_nor_for_who_was_not_there(of):
    alice = seat(of, world.user("爱丽丝"))
    arguments = {"session": of, "enrolment_ids": [alice.pk], "passed": True, "actor_id": of.trainer_id}
    assert refused(decide_results, **arguments, at=world.NOW) == "result_early"
    assert refused(decide_results, **arguments, at=DURING) == "nobody_chosen"
    mark_present(session=of, enrolment_ids=[alice.pk], actor_id=of.trainer_id, at=DURING)
    decide_results(**arguments, at=DURING)
    assert refused(decide_results, **arguments, at=DURING) == "nobody_chosen"


def test_a_wrong_pass_is_corrected_with_a_reason_and_its_certificate_is_gone(of):
    certificate = passed(of, world.user("爱丽丝"))
    row = certificate.enrolment
    arguments = {"enrolment": row, "actor_id": of.trainer_id}
    assert refused(correct_result, **arguments, reason=" ", at=DURING) == "reason_missing"
    correct_result(**arguments, reason="看错了名字", at=DURING + timedelta(hours=23))
    row.refresh_from_db()
    entry = AuditEntry.objects.get(action="result_corrected")
    assert (row.state, entry.purpose, entry.detail) == (
        "failed", "看错了名字", {"before": "passed", "after": "failed"}
    )  # fmt: skip
    assert verdict_on(certificate.code, world.MONDAY).word == "revoked"
    assert refused(correct_result, **arguments, reason="又错了", at=DURING) == "result_corrected"


def test_a_wrong_fail_is_corrected_to_a_pass_with_a_certificate_but_not_a_day_later(of):
    rows = [seat(of, world.user(name), "attended", attended_at=DOORS) for name in ("爱丽丝", "鲍勃")]
    ids = [row.pk for row in rows]
    decide_results(session=of, enrolment_ids=ids, passed=False, actor_id=of.trainer_id, at=DURING)
    correct_result(enrolment=rows[0], reason="漏看一题", actor_id=of.trainer_id, at=DURING)
    late = DURING + timedelta(hours=25)
    assert Certificate.objects.get().enrolment_id == rows[0].pk
    assert refused(
        correct_result, enrolment=rows[1], reason="漏看一题", actor_id=of.trainer_id, at=late
    ) == "result_final"  # fmt: skip


def test_closing_the_list_makes_who_was_not_seen_absent_and_ends_the_queue(of):
    people = [seat(of, world.user("爱丽丝"), "attended", attended_at=DOORS), seat(of, world.user("鲍勃"))]
    people.append(seat(of, world.user("查理"), "waiting"))
    assert refused(close_session, session=of, at=DURING) == "session_running"
    close_session(session=of, at=AFTER)
    assert list(Enrolment.objects.order_by("pk").values_list("state", flat=True)) == ["attended", "absent", "cancelled"]
    assert refused(close_session, session=of, at=AFTER) == "session_closed"
    decide_results(session=of, enrolment_ids=[people[0].pk], passed=True, actor_id=of.trainer_id, at=AFTER)


def test_the_sweep_closes_what_nobody_closed_for_a_day(of):
    assert close_ended(at=AFTER) == 0
    assert close_ended(at=AFTER + timedelta(days=1)) == 1
    assert close_ended(at=AFTER + timedelta(days=1)) == 0
    of.refresh_from_db()
    assert of.state == "held"


# certificates and the registry


def test_a_workers_certificate_becomes_a_verified_paper_of_the_registry(of):
    worker = world.worker(world.enterprise())
    certificate = passed(of, worker.user)
    assert certificates_into_registry(worker.user_id, at=DURING) == 1
    certificate.refresh_from_db()
    paper = certificate.credential
    assert paper is not None
    assert (paper.worker, paper.code, paper.level, paper.issuer, paper.number) == (
        worker, "TR0", None, of.course.provider.name, certificate.code
    )  # fmt: skip
    assert (paper.state, paper.method, paper.valid_from, paper.valid_until) == (
        "verified", "issued_here", TOMORROW.date(), None
    )  # fmt: skip
    assert certificates_into_registry(worker.user_id, at=DURING) == 0


def test_who_becomes_a_worker_later_has_the_paper_then(of):
    person = world.user("爱丽丝")
    passed(of, person)
    assert (certificates_into_registry(person.pk, at=DURING), enter_certificates(at=DURING)) == (0, 0)
    worker = world.worker(world.enterprise(), user=person)
    assert enter_certificates(at=DURING) == 1
    assert Credential.objects.filter(worker=worker, code="TR0", state="verified").count() == 1
    assert enter_certificates(at=DURING) == 0


def test_a_certificate_without_a_paper_or_run_out_or_revoked_stays_out_of_the_registry():
    ours, worker = school(), world.worker(world.enterprise())
    plain = passed(session(course(ours, certificate_code="")), worker.user)
    short = passed(session(course(ours, certificate_months=1)), worker.user)
    gone = passed(session(course(ours)), worker.user)
    revoke_certificate(certificate=gone, reason="代考", actor_id=worker.user_id, at=DURING)
    assert enter_certificates(at=DURING + timedelta(days=60)) == 0
    assert verdict_on(plain.code, world.MONDAY).word == "valid"
    assert verdict_on(short.code, world.MONDAY + timedelta(days=60)).word == "expired"


def test_revoking_takes_the_paper_along_and_tells_the_owner_why(of):
    worker = world.worker(world.enterprise())
    certificate = passed(of, worker.user)
    enter_certificates(at=DURING)
    revoke_certificate(certificate=certificate, reason="代考", actor_id=of.trainer_id, at=AFTER)
    certificate.refresh_from_db()
    assert (certificate.revoked_at, certificate.credential.state) == (AFTER, "revoked")
    assert verdict_on(certificate.code, world.MONDAY).word == "revoked"
    assert Notification.objects.filter(recipient=worker.user, params__reason="代考").exists()
    again = {"certificate": certificate, "reason": "再次", "actor_id": of.trainer_id, "at": AFTER}
    assert refused(revoke_certificate, **again) == "certificate_revoked"


def test_a_forged_code_is_refused_without_a_look_into_the_database(of, django_assert_num_queries):
    genuine = passed(of, world.user("爱丽丝")).code
    forged = new_certificate_code(lambda text: "abcdef" * 10)
    with django_assert_num_queries(0):
        words = [verdict_on(code, world.MONDAY).word for code in (forged, genuine[:-1], genuine[::-1], "")]
    assert words == ["forged", "shape", "mistyped", "shape"]
    with django_assert_num_queries(1):
        assert verdict_on(genuine, world.MONDAY).word == "valid"


def test_a_well_signed_code_that_was_never_issued_is_unknown():
    assert verdict_on(new_certificate_code(sign_certificate), world.MONDAY).word == "unknown"


def test_nobody_enters_or_mends_their_own_result(of):
    own = seat(of, of.trainer, "attended", attended_at=DOORS)
    arguments = {"session": of, "enrolment_ids": [own.pk], "actor_id": of.trainer_id, "at": DURING}
    assert refused(decide_results, passed=True, **arguments) == "result_own"
    decide_results(passed=False, **{**arguments, "actor_id": world.user("同事").pk})
    assert refused(correct_result, enrolment=own, reason="我过了", actor_id=of.trainer_id, at=DURING) == "result_own"
    assert Certificate.objects.count() == 0
