"""The page of one item on a menu."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bookings.money.models import PricePolicy
from providers.catalogue.models import ServiceItem
from tests import world
from tests.world import Town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


@pytest.fixture
def town() -> Town:
    return world.town()


def page(client: Client, town: Town) -> str:
    return str(client.get(f"/menu/{town.entry.pk}/").content.decode())


def test_anyone_reads_what_is_done_by_whom_and_for_what_price(client: Client, town: Town) -> None:
    ServiceItem.objects.update(includes_zh=["擦拭家具"], excludes_zh=["外墙玻璃"], steps_zh=["上门核对"])
    world.credential(town.enterprise, "O-BL")
    html = page(client, town)
    for text in ("擦拭家具", "外墙玻璃", "上门核对", "¥45.00", "¥90.00", "需要ID", "安心家政", "020-87654321"):
        assert text in html


def test_papers_that_lapsed_or_were_refused_are_no_licences(client: Client, town: Town) -> None:
    world.credential(town.enterprise, "O-FD", valid_until=world.MONDAY - timedelta(days=1))
    world.credential(town.enterprise, "O-HR", state="refused")
    client.cookies["language"] = "en"
    html = page(client, town)
    assert "Food-business licence" not in html
    assert "Labour-agency licence" not in html
    world.credential(town.enterprise, "O-BL", valid_until=world.MONDAY)
    assert "Business licence" in page(client, town)


def test_surcharges_and_cancellation_are_told_before_anybody_orders(client: Client, town: Town) -> None:
    PricePolicy.objects.create(
        area_code="44", validity=("2025-01-01", None), holiday_bp=5000, night_bp=3000, travel_fen=1000,
        cancel_tiers=[[12, 0], [4, 2000], [0, 5000]],
    )  # fmt: skip
    html = page(client, town)
    for text in ("+50%", "+30%", "+¥10.00", "20%"):
        assert text in html


def test_a_requirement_that_no_longer_holds_is_not_told(client: Client, town: Town) -> None:
    world.requirement("FA", text_zh="需要急救证", valid_until=world.MONDAY - timedelta(days=1))
    world.requirement("O-BL", text_zh="企业执照", holder="enterprise")
    html = page(client, town)
    assert "需要急救证" not in html
    assert "企业执照" not in html


def test_a_bookable_item_leads_to_its_order_and_its_free_times(client: Client, town: Town) -> None:
    html = page(client, town)
    assert f'href="/menu/{town.entry.pk}/order/"' in html
    assert f'hx-get="/menu/{town.entry.pk}/next-free/"' in html


def test_a_long_contract_is_arranged_by_telephone(client: Client, town: Town) -> None:
    ServiceItem.objects.update(bookable=False)
    html = page(client, town)
    assert "/order/" not in html
    assert 'href="tel:020-12345678"' in html


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_what_is_not_published_is_not_found(client: Client, town: Town, state: str) -> None:
    town.entry.state = state
    town.entry.save()
    assert client.get(f"/menu/{town.entry.pk}/").status_code == 404


def test_an_entry_of_a_suspended_enterprise_is_not_found(client: Client, town: Town) -> None:
    town.enterprise.state = "suspended"
    town.enterprise.save()
    assert client.get(f"/menu/{town.entry.pk}/").status_code == 404


@pytest.mark.parametrize("entry_id", ["0", "999999", "99999999999999999999"])
def test_an_unknown_entry_is_not_found(client: Client, town: Town, entry_id: str) -> None:
    assert client.get(f"/menu/{entry_id}/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_five_queries_however_many_papers_there_are(
    rows: int, client: Client, town: Town, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        world.requirement(f"SK-{number}")
        world.credential(town.enterprise, "O-BL")
    with django_assert_num_queries(5):
        page(client, town)
