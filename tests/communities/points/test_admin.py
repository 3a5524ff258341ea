"""Divisions, points and the foundation's tables in the administration pages."""

from collections.abc import Callable

import pytest
from django.test import Client

from communities.points.models import ServicePoint
from homeservice.foundation import audit
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(sign_in: Callable[..., Client]) -> Client:
    return sign_in(world.user("管理员", is_staff=True, is_superuser=True), second_factor=True)


@pytest.mark.parametrize(
    "model",
    [
        "communities/division", "communities/servicepoint", "foundation/holiday", "foundation/auditentry",
        "foundation/idempotencykey", "foundation/upload",
    ],
)  # fmt: skip
def test_each_list_opens_and_can_be_searched(admin: Client, model: str) -> None:
    world.point()
    assert admin.get(f"/admin/{model}/").status_code == 200
    assert admin.get(f"/admin/{model}/", {"q": "440106"}).status_code == 200


def test_divisions_are_found_by_code_name_and_pinyin(admin: Client) -> None:
    world.divisions()
    for text, names in (("440106002", 2), ("茶山", 1), ("wushan", 1), ("dgz", 1), ("没有", 0)):
        found = admin.get("/admin/communities/division/", {"q": text})
        assert found.context["cl"].result_count == names, text


@pytest.mark.parametrize("points", [1, 3])
def test_the_list_of_points_takes_a_fixed_number_of_queries(
    admin: Client, points: int, django_assert_num_queries
) -> None:
    for n in range(points):
        world.point(f"站{n}")
    with django_assert_num_queries(4):
        assert admin.get("/admin/communities/servicepoint/").status_code == 200


def test_a_points_hours_closures_and_staff_are_kept_on_its_page(admin: Client) -> None:
    point = world.point()
    page = admin.get(f"/admin/communities/servicepoint/{point.pk}/change/").content.decode()
    assert 'name="hours-TOTAL_FORMS" value="7"' in page
    assert 'name="closures-TOTAL_FORMS"' in page
    assert 'name="staff-TOTAL_FORMS"' in page
    assert ServicePoint.objects.get() == point


def test_nobody_changes_the_audit_log_or_adds_a_division_here(admin: Client) -> None:
    entry = audit.record(at=world.NOW, actor_id=1, action="reveal", subject=world.user("爱丽丝"))
    assert admin.post(f"/admin/foundation/auditentry/{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    assert admin.get("/admin/foundation/auditentry/add/").status_code == 403
    assert admin.get("/admin/communities/division/add/").status_code == 403
