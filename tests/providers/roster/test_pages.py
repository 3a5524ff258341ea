"""The enterprise's pages: Alice manages one enterprise, Charlie another; Bob is a resident."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from homeservice.foundation.models import AuditEntry
from providers.credentials.models import Credential
from providers.workers.models import Worker
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def picture() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, "JPEG")
    return SimpleUploadedFile("me.jpg", out.getvalue(), content_type="image/jpeg")


def names(response) -> list[str]:
    return [line.worker.real_name for line in response.context["page"]]


# the list


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_twelve_queries_however_many_workers(alice, firm, count, django_assert_num_queries):
    world.requirement("TR0")
    for _ in range(count):
        world.worker(firm, kinds=("cleaning", "elder_care"))
    alice.get(reverse("enterprise_workers"))
    with django_assert_num_queries(12):
        assert alice.get(reverse("enterprise_workers")).status_code == 200


def test_workers_stand_in_the_order_of_pinyin_and_none_of_another_enterprise(alice, firm):
    for name in ("张伟", "陈静", "欧阳娜娜"):
        world.worker(firm, name)
    world.worker(world.enterprise("别家"), "安娜")
    assert names(alice.get(reverse("enterprise_workers"))) == ["陈静", "欧阳娜娜", "张伟"]
    assert names(alice.get(reverse("enterprise_workers"), {"sort": "-name"})) == ["张伟", "欧阳娜娜", "陈静"]


def test_the_list_is_narrowed_by_name_service_state_and_gap(alice, firm):
    world.requirement("TR0")
    ready = world.worker(firm, "陈静")
    world.credential(ready, "TR0", valid_until=date(2026, 12, 1))
    world.worker(firm, "张伟", state="suspended")
    world.worker(firm, "李娜", kinds=())

    def found(**query) -> list[str]:
        return names(alice.get(reverse("enterprise_workers"), query))

    assert found(q="伟") == ["张伟"]
    assert found(kind="cleaning") == ["陈静", "张伟"]
    assert found(state="suspended") == ["张伟"]
    assert found(gap="blocked") == ["张伟"]
    assert found(gap="coming") == ["陈静"]
    assert found(gap="none") == ["李娜"]
    assert found(q="没有") == []
    assert found(state="nonsense") == ["陈静", "李娜", "张伟"]


def test_htmx_gets_the_fragment_that_the_page_holds(alice, firm):
    world.worker(firm, "陈静")
    page = alice.get(reverse("enterprise_workers")).content.decode()
    fragment = alice.get(reverse("enterprise_workers"), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "陈静" in fragment
    assert "<html" in page


def test_the_export_is_a_csv_with_bom_without_formulas_and_is_logged(alice, firm):
    world.worker(firm, "=陈静")
    response = alice.post(reverse("enterprise_workers_export") + "?q=陈")
    text = response.content.decode("utf-8")
    assert text.startswith("\ufeff姓名,")
    assert "'=陈静,保洁,已准入" in text
    assert AuditEntry.objects.values_list("action", "detail").get() == ("export", {"what": "workers", "rows": 1})
    assert alice.get(reverse("enterprise_workers_export")).status_code == 405


# who is refused


def paths(worker: Worker) -> list[tuple[str, str]]:
    leave = worker.leaves.create(period=(world.NOW, world.NOW.replace(day=25)))
    return [
        ("get", reverse("enterprise_worker", args=[worker.pk])),
        ("get", reverse("enterprise_worker_hours", args=[worker.pk])),
        ("get", reverse("credential_new", args=[worker.pk])),
        ("post", reverse("enterprise_worker_hours", args=[worker.pk])),
        ("post", reverse("credential_new", args=[worker.pk])),
        ("post", reverse("enterprise_worker_kind", args=[worker.pk])),
        ("post", reverse("enterprise_worker_leave", args=[worker.pk])),
        ("post", reverse("enterprise_worker_photo", args=[worker.pk])),
        ("post", reverse("enterprise_worker_leave_remove", args=[worker.pk, leave.pk])),
    ]


def test_another_enterprises_worker_is_not_found(charlie, firm):
    worker = world.worker(firm)
    answers = {getattr(charlie, method)(path).status_code for method, path in paths(worker)}
    assert answers == {404}
    assert worker.leaves.count() == 1


def test_a_resident_is_refused_and_a_stranger_asked_to_sign_in(firm, sign_in, client):
    worker = world.worker(firm)
    bob = sign_in(world.user("鲍勃"))
    everything = [*paths(worker), ("get", reverse("enterprise_workers")), ("get", reverse("enterprise_listings"))]
    for method, path in everything:
        assert getattr(bob, method)(path).status_code == 403
        assert getattr(client, method)(path).status_code == 302


def test_a_worker_may_not_open_the_enterprises_page_of_oneself(firm, sign_in):
    worker = world.worker(firm)
    assert sign_in(worker.user).get(reverse("enterprise_worker", args=[worker.pk])).status_code == 403


# one worker


def test_the_page_shows_what_blocks_and_how_to_mend_it(alice, firm):
    world.requirement("TR0", mend_zh="参加岗前培训")
    worker = world.worker(firm, "陈静")
    text = alice.get(reverse("enterprise_worker", args=[worker.pk])).content.decode()
    assert "参加岗前培训" in text
    assert worker.user.phone not in text


def test_a_service_is_added_through_the_gate_and_taken_away(alice, firm):
    world.requirement("TR0", kind_code="elder_care")
    worker = world.worker(firm, kinds=())
    url = reverse("enterprise_worker_kind", args=[worker.pk])
    refused = alice.post(url, {"kind": "elder_care"})
    assert refused.status_code == 422
    assert "需要TR0" in refused.content.decode()
    world.credential(worker, "TR0")
    assert alice.post(url, {"kind": "elder_care"}).status_code == 302
    assert worker.kinds.count() == 1
    alice.post(url, {"kind": "elder_care", "remove": "yes"})
    assert worker.kinds.count() == 0
    assert [alice.post(url, {"kind": kind}).status_code for kind in ("nothing", "\x00")] == [404, 404]


def test_the_week_is_saved_and_a_wrong_day_keeps_what_was_chosen(alice, firm):
    worker = world.worker(firm)
    url = reverse("enterprise_worker_hours", args=[worker.pk])
    wrong = alice.post(url, {"starts_0_0": "12:00", "ends_0_0": "08:00", "starts_1_0": "09:00"})
    assert wrong.status_code == 422
    text = wrong.content.decode()
    assert "开始和结束时间都要选" in text
    assert '<option value="12:00" selected>' in text
    assert worker.hours.count() == 7
    backwards = alice.post(url, {"starts_0_0": "12:00", "ends_0_0": "08:00"})
    assert "结束时间须晚于开始时间" in backwards.content.decode()
    right = {"starts_0_0": "08:00", "ends_0_0": "12:00", "starts_0_1": "14:00", "ends_0_1": "18:00"}
    assert alice.post(url, right).status_code == 302
    assert [str(span) for span in worker.hours.order_by("starts")] == ["0 08:00:00-12:00:00", "0 14:00:00-18:00:00"]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_leave_at_the_ends_of_the_calendar_is_refused_in_words(alice, firm, day: str):
    worker = world.worker(firm)
    url = reverse("enterprise_worker_leave", args=[worker.pk])
    assert alice.post(url, {"starts": day, "ends": day}).status_code == 422
    assert worker.leaves.count() == 0


def test_a_week_without_hours_is_pointed_out_until_one_is_entered(alice, firm):
    worker = world.worker(firm)
    url, said = reverse("enterprise_worker", args=[worker.pk]), "还没有设置工作时间，居民无法预约。"
    assert said not in alice.get(url).content.decode()
    worker.hours.all().delete()
    assert said in alice.get(url).content.decode()


def test_leave_is_entered_in_whole_days_and_taken_back(alice, firm):
    worker = world.worker(firm)
    url = reverse("enterprise_worker_leave", args=[worker.pk])
    wrong = alice.post(url, {"starts": "2026-12-02", "ends": "2026-12-01", "reason": "回老家"})
    assert wrong.status_code == 422
    assert "回老家" in wrong.content.decode()
    assert alice.post(url, {"starts": "2026-12-01", "ends": "2026-12-02"}).status_code == 302
    leave = worker.leaves.get()
    assert (leave.period.upper - leave.period.lower).days == 2
    alice.post(reverse("enterprise_worker_leave_remove", args=[worker.pk, leave.pk]))
    assert worker.leaves.count() == 0


def test_a_photo_is_stored_and_a_text_is_not(alice, firm, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    worker = world.worker(firm)
    url = reverse("enterprise_worker_photo", args=[worker.pk])
    bad = SimpleUploadedFile("me.jpg", b"hello", content_type="image/jpeg")
    assert alice.post(url, {"file": bad}).status_code == 422
    assert alice.post(url, {"file": picture()}).status_code == 302
    worker.refresh_from_db()
    assert worker.photo is not None
    assert worker.photo.purpose == "worker_photo"


def test_a_paper_is_handed_in_and_a_double_one_is_told(alice, firm, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    worker = world.worker(firm)
    url = reverse("credential_new", args=[worker.pk])
    paper = {"code": "HX", "level": "2", "issuer": "疾控中心", "number": "A1", "valid_from": "2026-11-01"}
    backwards = alice.post(url, {**paper, "valid_until": "2026-10-01"})
    assert backwards.status_code == 422
    assert 'value="A1"' in backwards.content.decode()
    assert alice.post(url, {**paper, "scan": picture()}).status_code == 302
    assert Credential.objects.get(code="HX").state == "submitted"
    assert "已经登记过" in alice.post(url, {**paper, "scan": picture()}).content.decode()
    assert alice.post(url, {**paper, "code": "O-FD", "scan": picture()}).status_code == 422


FACTS = {
    "community": world.CHASHAN, "transport": "bike", "service_radius_m": "3000", "languages": "普通话、粤语",
    "skills": "煲汤，熨烫", "education": "high", "origin_province": "湖南", "daily_limit_min": "7.5",
    "weekly_limit_min": "",
}  # fmt: skip


def facts_of(worker) -> tuple:
    worker.refresh_from_db()
    return worker.transport, worker.languages, worker.skills, worker.daily_limit_min, worker.weekly_limit_min


@pytest.mark.parametrize("own", [True, False])
def test_the_facts_are_changed_by_the_enterprise_and_by_the_worker(alice, firm, sign_in, own):
    worker = world.worker(firm, weekly_limit_min=1200)
    client = sign_in(worker.user) if own else alice
    url = reverse("worker_facts") if own else reverse("enterprise_worker_facts", args=[worker.pk])
    page = client.get(url).content.decode()
    assert 'value="20.0"' in page
    assert "最多 12 小时" in page
    assert client.post(url, FACTS).url == (url if own else reverse("enterprise_worker", args=[worker.pk]))
    assert facts_of(worker) == ("bike", ["普通话", "粤语"], ["煲汤", "熨烫"], 450, None)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"community": "nowhere"}, "社区"),
        ({"daily_limit_min": "13"}, "12"),
        ({"skills": "会" * 21}, "20"),
        ({"languages": " ".join(f"l{n}" for n in range(13))}, "12"),
    ],
)
def test_a_wrong_fact_is_told_and_nothing_typed_is_lost(alice, firm, changes, said):
    worker = world.worker(firm)
    response = alice.post(reverse("enterprise_worker_facts", args=[worker.pk]), {**FACTS, **changes})
    text = response.content.decode()
    assert (response.status_code, facts_of(worker)[0]) == (422, "ebike")
    assert said in text
    assert 'value="湖南"' in text


def test_the_community_is_found_without_a_script(alice, firm):
    worker = world.worker(firm)
    asked = {**FACTS, "q": "茶山", "find": "yes", "community": ""}
    text = alice.post(reverse("enterprise_worker_facts", args=[worker.pk]), asked).content.decode()
    assert f'value="{world.CHASHAN}"' in text
    assert 'value="煲汤，熨烫"' in text
    assert facts_of(worker)[0] == "ebike"


def test_without_authorisation_the_enterprise_reads_and_enters_nothing(alice, firm):
    worker = world.worker(firm, authorised=False)
    page = alice.get(reverse("enterprise_worker", args=[worker.pk])).content.decode()
    assert "授权已撤回" in page
    assert "1980-05-05" not in page
    response = alice.post(reverse("enterprise_worker_facts", args=[worker.pk]), FACTS)
    assert (response.status_code, facts_of(worker)[0]) == (403, "ebike")


def test_a_worker_hands_in_a_photo_of_their_own(firm, sign_in, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    worker = world.worker(firm)
    client = sign_in(worker.user)
    html = SimpleUploadedFile("me.png", b"<html><body>hello</body></html>", content_type="image/png")
    assert client.post(reverse("worker_photo"), {"file": html}).status_code == 422
    assert client.post(reverse("worker_photo"), {"file": picture()}).status_code == 302
    worker.refresh_from_db()
    assert worker.photo.purpose == "worker_photo"


@pytest.mark.parametrize("name", ["enterprise_worker_facts"])
def test_another_enterprise_and_a_clerk_change_no_facts(charlie, sign_in, firm, name):
    worker = world.worker(firm)
    clerk = sign_in(world.manager(firm, rights="clerk"))
    assert charlie.post(reverse(name, args=[worker.pk]), FACTS).status_code == 404
    assert clerk.post(reverse(name, args=[worker.pk]), FACTS).status_code == 403
    assert facts_of(worker)[0] == "ebike"


# the worker's own papers


@pytest.mark.parametrize("count", [1, 3])
def test_own_papers_take_fourteen_queries_however_many(firm, sign_in, count, django_assert_num_queries):
    worker = world.worker(firm)
    for _ in range(count):
        world.credential(worker, "FA")
    client = sign_in(worker.user)
    client.get(reverse("worker_papers"))
    with django_assert_num_queries(14):
        assert client.get(reverse("worker_papers")).status_code == 200


def test_a_worker_sees_what_holds_and_what_each_service_still_needs(firm, sign_in):
    world.requirement("TR0")
    world.kind("elder_care")
    worker = world.worker(firm)
    world.credential(worker, "HX", level=2, valid_until=date(2026, 12, 1))
    text = sign_in(worker.user).get(reverse("worker_papers")).content.decode()
    assert "2026-12-01" in text
    assert "需要TR0" in text
    assert reverse("worker_paper_new") in text


def test_somebody_who_has_just_joined_is_led_from_the_papers_to_the_admission(firm, sign_in):
    worker, admission = world.worker(firm, state="awaiting_authorisation"), reverse("worker_admission")
    client = sign_in(worker.user)
    assert f'href="{admission}"' in client.get(reverse("worker_papers")).content.decode()
    assert (
        f'href="{reverse("worker_papers")}"'
        in client.get(admission).content.decode().split("<main")[1].split("hs-large")[1]
    )
    assert f'href="{admission}"' in client.get(reverse("worker_bindings")).content.decode()
    Worker.objects.update(state="admitted")
    assert f'href="{admission}"' not in client.get(reverse("worker_papers")).content.decode()
    assert f'href="{admission}"' not in client.get(reverse("worker_bindings")).content.decode()


def test_only_workers_have_papers_of_their_own(alice):
    assert alice.get(reverse("worker_papers")).status_code == 403
