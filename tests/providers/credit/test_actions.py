"""Credit recorded, objected to and answered. Li is the worker, Zhou and Wu review Tianhe."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from communities.inbox.models import Notification
from homeservice.kernel.errors import DomainError
from providers.credit.actions import answer_objection, file_objection, load_rules, record_event, remind_reviewers
from providers.credit.models import CreditEvent, CreditRule, Objection
from providers.credit.queries import events_of, scores_of_enterprises, scores_of_workers
from providers.credit.rules import Score
from providers.credit.tasks import remind
from tests import world
from tests.architecture.source import ROOT, module_name, nodes, python_files

pytestmark = pytest.mark.django_db

RULES = json.loads((ROOT / "providers" / "credit" / "data" / "credit_rules.json").read_text())


def rule(code: str = "worker_complaint_upheld") -> CreditRule:
    if not CreditRule.objects.exists():
        load_rules(document=RULES)
    return CreditRule.objects.get(pk=code)


def record(holder, code="worker_complaint_upheld", occurred=world.MONDAY, actor=None, **fields) -> CreditEvent:
    values = {"source": "association", "source_name": "市家政协会", "summary": "投诉经核实成立", **fields}
    return record_event(
        holder=holder, rule=rule(code), occurred_date=occurred, actor_id=actor and actor.pk, at=world.NOW, **values
    )


def refused_with(call) -> DomainError:
    with pytest.raises(DomainError) as refused:
        call()
    return refused.value


@pytest.fixture
def li():
    return world.worker(world.enterprise())


@pytest.fixture
def zhou():
    world.divisions()
    return world.staff(division=world.TIANHE, duty="reviewer")


@pytest.fixture
def wu():
    world.divisions()
    return world.staff(division=world.TIANHE, duty="reviewer")


def titles(person) -> list[str]:
    return list(Notification.objects.filter(recipient=person).order_by("pk").values_list("title", flat=True))


# records


def test_a_record_keeps_the_rules_points_and_end_and_the_holder_is_told(li, zhou):
    event = record(li, actor=zhou, document_no="协投〔2026〕12号")
    assert (event.points, event.expires_date, event.recorded_by, event.state) == (
        -5, date(2028, 11, 22), zhou, "in_force",
    )  # fmt: skip
    assert len(titles(li.user)) == 1


def test_of_an_enterprise_all_who_manage_it_are_told(zhou):
    firm = world.enterprise()
    managers = [world.manager(firm), world.manager(firm, "clerk")]
    record(firm, "enterprise_wage_arrears", actor=zhou)
    assert [len(titles(manager)) for manager in managers] == [1, 1]


def test_the_same_document_is_recorded_once_and_again_after_it_was_withdrawn(li):
    event = record(li, document_no="1号")
    assert refused_with(lambda: record(li, document_no="1号")).code == "credit_event_known"
    record(li, document_no="2号")
    CreditEvent.objects.filter(pk=event.pk).update(state="withdrawn")
    record(li, document_no="1号")
    assert CreditEvent.objects.count() == 3


def test_a_record_of_another_kind_of_holder_is_refused(li):
    assert refused_with(lambda: record(li, "enterprise_wage_arrears")).code == "credit_wrong_holder"


def test_the_database_lets_nothing_count_against_anybody_beyond_five_years(li):
    event = record(li)
    with pytest.raises(IntegrityError, match="credit_event_negative_five_years"), transaction.atomic():
        CreditEvent.objects.filter(pk=event.pk).update(expires_date=date(2031, 11, 24))
    CreditEvent.objects.filter(pk=event.pk).update(expires_date=date(2031, 11, 23))


# the score


def test_a_score_counts_from_the_day_to_the_day_before_it_expires(li):
    event = record(li, occurred=date(2026, 11, 1))
    days = (date(2026, 10, 31), date(2026, 11, 1), event.expires_date - timedelta(days=1), event.expires_date)
    assert [scores_of_workers([li.pk], day)[li.pk].value for day in days] == [100, 95, 95, 100]


@pytest.mark.parametrize("count", [1, 3])
def test_scores_of_many_take_one_query(count, django_assert_num_queries):
    firm = world.enterprise()
    workers = [world.worker(firm) for _ in range(count)]
    for worker in workers:
        record(worker)
        record(worker, "worker_commended")
    with django_assert_num_queries(1):
        found = scores_of_workers([worker.pk for worker in workers], world.MONDAY)
    assert found == {worker.pk: Score(10, 5) for worker in workers}


def test_enterprises_have_scores_of_their_own(li):
    record(li.enterprise, "enterprise_model")
    assert scores_of_enterprises([li.enterprise_id], world.MONDAY) == {li.enterprise_id: Score(8, 0)}
    assert scores_of_workers([li.pk], world.MONDAY) == {li.pk: Score(0, 0)}


# objections


def test_an_objection_marks_the_record_and_tells_the_reviewers(li, zhou, wu):
    event = record(li, actor=zhou)
    objection = file_objection(event=event, text="当天不是我上门", actor_id=li.user_id, at=world.NOW)
    assert objection.due_date == date(2026, 12, 13)
    assert events_of(li).get().disputed
    assert (len(titles(zhou)), len(titles(wu))) == (1, 1)
    assert (
        refused_with(lambda: file_objection(event=event, text="再说一次", actor_id=li.user_id, at=world.NOW)).code
        == "objection_open"
    )


def test_whoever_recorded_it_does_not_answer_and_an_upheld_objection_withdraws(li, zhou, wu):
    event = record(li, actor=zhou)
    objection = file_objection(event=event, text="不属实", actor_id=li.user_id, at=world.NOW)

    def answer(person, outcome="upheld"):
        answer_objection(objection=objection, outcome=outcome, answer="已核对", actor_id=person.pk, at=world.NOW)

    assert refused_with(lambda: answer(zhou)).code == "objection_own_record"
    assert refused_with(lambda: answer(li.user)).code == "objection_own"
    answer(wu)
    event.refresh_from_db()
    objection.refresh_from_db()
    assert (event.state, objection.outcome, objection.answered_by, objection.answered_at) == (
        "withdrawn", "upheld", wu, world.NOW,
    )  # fmt: skip
    assert scores_of_workers([li.pk], world.MONDAY)[li.pk].value == 100
    assert len(titles(li.user)) == 2
    assert refused_with(lambda: answer(wu)).code == "objection_answered"
    again = refused_with(lambda: file_objection(event=event, text="再说", actor_id=li.user_id, at=world.NOW))
    assert again.code == "objection_pointless"


def test_a_dismissed_objection_leaves_the_record_and_may_be_followed_by_another(li, zhou, wu):
    event = record(li, actor=zhou)
    objection = file_objection(event=event, text="不属实", actor_id=li.user_id, at=world.NOW)
    answer_objection(objection=objection, outcome="dismissed", answer="有录音", actor_id=wu.pk, at=world.NOW)
    assert scores_of_workers([li.pk], world.MONDAY)[li.pk].value == 95
    file_objection(event=event, text="有新证据", actor_id=li.user_id, at=world.NOW)
    assert Objection.objects.count() == 2


def test_the_clock_of_an_objection_reminds_five_days_before_and_when_it_is_overdue(li, zhou):
    event = record(li)
    file_objection(event=event, text="不属实", actor_id=li.user_id, at=world.NOW)
    told = len(titles(zhou))
    seen = []
    for day in (14, 15, 15, 20, 21, 30):
        remind_reviewers(at=world.NOW + timedelta(days=day))
        seen.append(len(titles(zhou)) - told)
    assert seen == [0, 1, 1, 1, 2, 2]


def test_nobody_is_reminded_of_what_is_answered(li, zhou, wu, monday_morning):
    objection = file_objection(event=record(li, actor=zhou), text="不属实", actor_id=li.user_id, at=world.NOW)
    answer_objection(objection=objection, outcome="dismissed", answer="有录音", actor_id=wu.pk, at=world.NOW)
    before = Notification.objects.count()
    remind()
    remind_reviewers(at=world.NOW + timedelta(days=19))
    assert Notification.objects.count() == before


# rule 21: health, disease, religion and biometrics never enter


@pytest.mark.parametrize("category", ["health", "disease", "religion", "biometrics", "exam", ""])
def test_no_rule_of_health_or_belief_gets_into_the_database(category):
    row = {**RULES["rules"][0], "code": "x", "category": category}
    with pytest.raises(IntegrityError, match="credit_rule_lawful_category"), transaction.atomic():
        CreditRule.objects.create(**row)
    lawful = rule()
    with (
        pytest.raises(IntegrityError, match="credit_rule_lawful_category"),
        transaction.atomic(),
        connection.cursor() as c,
    ):
        c.execute("UPDATE providers_creditrule SET category = %s WHERE code = %s", [category, lawful.pk])


def test_no_event_of_health_gets_past_its_rule(li):
    def forged() -> None:
        CreditEvent.objects.create(
            rule_id="hepatitis", worker=li, points=-50, source="platform", source_name="x", summary="x",
            occurred_date=world.MONDAY, expires_date=date(2027, 1, 1), recorded_at=world.NOW,
        )  # fmt: skip
        connection.check_constraints()

    with pytest.raises(IntegrityError), transaction.atomic():
        forged()
    assert refused_with(lambda: record(li, summary="体检发现乙肝")).code == "credit_unlawful_text"
    assert CreditEvent.objects.count() == 0


def test_no_data_file_brings_health_in(tmp_path: Path):
    bad = {"rules": [*RULES["rules"], {**RULES["rules"][0], "code": "exam_failed", "category": "health"}]}
    file = tmp_path / "rules.json"
    file.write_text(json.dumps(bad))
    with pytest.raises(CommandError, match="may not enter the score"):
        call_command("load_credit_rules", rules=file)
    assert CreditRule.objects.count() == 0


@pytest.mark.parametrize("change", [{"category": "health"}, {"name_zh": "患有肝炎"}])
def test_no_administrator_brings_health_in(change, monday_morning):
    client = Client()
    client.force_login(world.user("管理员", is_staff=True, is_superuser=True))
    session = client.session
    session["second_factor_at"] = world.NOW.isoformat()
    session.save()
    typed = {**RULES["rules"][0], "code": "new_rule", "valid_until": ""}
    answer = client.post(reverse("admin:providers_creditrule_add"), {**typed, **change})
    assert (answer.status_code, CreditRule.objects.count()) == (200, 0)
    assert client.post(reverse("admin:providers_creditrule_add"), typed).status_code == 302


def test_credit_reads_nothing_of_papers_or_health_exams():
    read = {
        name
        for path in python_files()
        if module_name(path).startswith("providers.credit.")
        for node in nodes(path)
        for name in [
            getattr(node, "module", None) or "",
            *(alias.name for alias in getattr(node, "names", ()) if hasattr(alias, "name")),
        ]
    }
    assert {
        name for name in read if "credentials" in name or name in {"CredentialCode", "ExamClass", "Credential"}
    } == set()


def test_the_published_rules_load_twice_without_a_change(capsys):
    call_command("load_credit_rules")
    call_command("load_credit_rules")
    assert capsys.readouterr().out.splitlines()[-1] == f"{len(RULES['rules'])} credit rules: 0 new, 0 changed."
