"""Li has withdrawn the authorisation: her enterprise reads of her no more than that, and enters nothing."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from homeservice.foundation.models import Upload
from providers.bindings.actions import withdraw_authorisation
from providers.workers.models import Leave
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


@pytest.fixture
def li(db):
    worker = world.worker(
        world.enterprise(),
        "李阿姨",
        origin_province="湖南",
        skills=["煲汤"],
        rating_sum=47,
        rating_count=10,
        visits_done=87654,
    )
    world.credential(worker, "TR0", number="TR-88887777", valid_until=date(2026, 12, 1))
    withdraw_authorisation(worker=worker, actor_id=worker.user_id, at=world.NOW)
    return worker


@pytest.fixture
def boss(li, sign_in):
    return sign_in(world.manager(li.enterprise))


def picture() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, "JPEG")
    return SimpleUploadedFile("me.jpg", out.getvalue(), content_type="image/jpeg")


@pytest.mark.parametrize(
    "page",
    [
        "enterprise_worker",
        "enterprise_worker_facts",
        "enterprise_worker_hours",
        "enterprise_worker_file",
        "enterprise_worker_code",
    ],
)
def test_no_page_says_anything_of_her(boss, li, page):
    answer = boss.get(reverse(page, args=[li.pk])).content.decode()
    for secret in ("湖南", "煲汤", "87654", "88887777", "08:00", "1980"):
        assert secret not in answer


def test_the_list_and_its_table_name_her_and_what_to_do_alone(boss, li):
    world.requirement("TR0")
    for answer in (boss.get(reverse("enterprise_workers")), boss.post(reverse("enterprise_workers_export"))):
        words = answer.content.decode()
        assert "李阿姨" in words
        for secret in ("87654", "2026-12-01", "12月1日"):
            assert secret not in words


def test_no_photo_leave_or_hours_are_taken(boss, li):
    def sent(name: str, **typed) -> int:
        return boss.post(reverse(name, args=[li.pk]), typed).status_code

    assert sent("enterprise_worker_photo", file=picture()) == 403
    assert sent("enterprise_worker_leave", starts="2026-12-01", ends="2026-12-02", reason="生病") == 403
    assert sent("enterprise_worker_hours", starts_0_0="05:00", ends_0_0="23:00") == 403
    assert sent("enterprise_worker_kind", kind="cleaning", remove="") == 403
    li.refresh_from_db()
    assert (li.photo_id, Upload.objects.count(), Leave.objects.count()) == (None, 0, 0)
    assert (li.hours.count(), li.kinds.count()) == (7, 1)
