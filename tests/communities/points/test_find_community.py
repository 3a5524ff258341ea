"""Finding one's community: by name, by place, down the tree; and keeping the choice."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from communities.accounts.models import User
from communities.divisions.models import Division
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

FINDER = "/communities/"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _divisions() -> None:
    world.divisions()
    path = "广东省 广州市 天河区 五山街道"
    Division.objects.filter(level=5).update(path_name=path)


def found(client: Client, text: str) -> list[str]:
    return [division.area_code for division in client.get(FINDER, {"q": text}).context["found"]]


def test_a_name_finds_the_community_and_shows_where_it_lies(client: Client) -> None:
    page = client.get(FINDER, {"q": "茶山"})
    assert [division.area_code for division in page.context["found"]] == [world.CHASHAN]
    html = page.content.decode()
    assert "茶山社区" in html
    assert "五山街道 · 天河区 · 广州市" in html


def test_initials_find_it_too(client: Client) -> None:
    assert found(client, "dgz") == [world.DONGGUANZHUANG]


def test_typing_swaps_the_results_that_the_whole_page_shows_as_well(client: Client) -> None:
    page = client.get(FINDER, {"q": "茶山"}).content.decode()
    fragment = client.get(FINDER, {"q": "茶山"}, headers=HTMX).content.decode()
    assert "<html" in page
    assert "<html" not in fragment
    for part in (page, fragment):
        assert f'name="area_code" value="{world.CHASHAN}"' in part


def test_nothing_found_says_what_to_try_and_keeps_what_was_typed(client: Client) -> None:
    html = client.get(FINDER, {"q": "<没有这里>"}).content.decode()
    assert 'value="&lt;没有这里&gt;"' in html
    assert "没有找到“&lt;没有这里&gt;”" in html
    assert f'href="{FINDER}"' in html


def test_a_list_that_was_cut_off_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "只显示前面的结果"
    assert said not in client.get(FINDER, {"q": "五山"}).content.decode()
    monkeypatch.setattr("communities.points.views.SEARCH_LIMIT", 1)
    assert said in client.get(FINDER, {"q": "茶山"}).content.decode()


def test_a_text_of_ten_thousand_characters_is_no_harm(client: Client) -> None:
    assert client.get(FINDER, {"q": "石" * 10_000}).status_code == 200


def test_the_tree_is_descended_with_the_count_of_points(client: Client) -> None:
    world.point("一")
    world.point("二", community=world.DONGGUANZHUANG)
    cities = client.get(FINDER).context
    assert [(child.name, points) for child, points in cities["children"]] == [("广州市", 2)]
    streets = client.get(FINDER, {"in": world.TIANHE}).context
    assert [(child.name, points) for child, points in streets["children"]] == [("石牌街道", 0), ("五山街道", 2)]
    assert [label for label, _ in streets["way"]] == ["全部城市", "广州市", "天河区"]
    page = client.get(FINDER, {"in": world.WUSHAN})
    assert page.context["of_communities"]
    assert f'name="area_code" value="{world.CHASHAN}"' in page.content.decode()


@pytest.mark.parametrize(
    ("query", "queries"), [({}, 2), ({"in": world.TIANHE}, 4), ({"q": "茶山"}, 1), ({"q": "cs"}, 2)]
)
def test_each_step_takes_a_fixed_number_of_queries(
    client: Client, query: dict[str, str], queries: int, django_assert_num_queries
) -> None:
    client.get(FINDER, query, headers=HTMX)
    with django_assert_num_queries(queries):
        client.get(FINDER, query, headers=HTMX)


def test_a_division_that_does_not_exist_is_not_found(client: Client) -> None:
    assert client.get(FINDER, {"in": "999999"}).status_code == 404


def test_a_place_shows_the_nearest_communities_and_never_stands_in_an_address(client: Client) -> None:
    page = client.post("/communities/near/", {"lat": "23.1301", "lon": "113.3401"})
    assert {division.area_code for division in page.context["found"]} == {
        world.CHASHAN, world.DONGGUANZHUANG, world.LVHE,
    }  # fmt: skip
    assert client.get("/communities/near/", {"lat": "23.1", "lon": "113.3"}).status_code == 405


def test_who_is_far_away_is_told_kindly(client: Client) -> None:
    page = client.post("/communities/near/", {"lat": "39.9", "lon": "116.4"})
    assert page.context["found"] == []
    assert "您似乎不在服务范围内" in page.content.decode()


@pytest.mark.parametrize("place", [{}, {"lat": "x", "lon": "1"}, {"lat": "91", "lon": "0"}, {"lat": "nan", "lon": "0"}])
def test_a_place_that_is_none_leads_back_to_the_search(client: Client, place: dict[str, str]) -> None:
    assert client.post("/communities/near/", place)["Location"] == FINDER


def choose(client: Client, code: str = world.CHASHAN, **more: str):
    return client.post("/communities/choose/", {"area_code": code, **more})


def test_a_visitors_choice_is_kept_in_a_plain_cookie_and_shown_from_then_on(client: Client) -> None:
    assert choose(client)["Location"] == f"/c/{world.CHASHAN}/"
    cookie = client.cookies["community"]
    assert (cookie.value, bool(cookie["httponly"]), cookie["samesite"]) == (world.CHASHAN, True, "Lax")
    assert client.get(FINDER).context["chosen"].area_code == world.CHASHAN


def test_a_persons_choice_is_kept_on_the_account_for_every_device(sign_in: Callable[..., Client]) -> None:
    alice = world.user("爱丽丝")
    choose(sign_in(alice))
    assert User.objects.get(pk=alice.pk).community_id == world.CHASHAN
    assert sign_in(alice).get(FINDER).context["chosen"].area_code == world.CHASHAN


def test_the_accounts_choice_goes_before_the_browsers(client: Client, sign_in: Callable[..., Client]) -> None:
    bob = sign_in(world.user("鲍勃", community_id=world.LVHE))
    bob.cookies["community"] = world.CHASHAN
    assert bob.get(FINDER).context["chosen"].area_code == world.LVHE


@pytest.mark.parametrize("code", ["", "x", "999999999999", world.WUSHAN, "44010600100１", "\x00", "44010600100\x00"])
def test_only_a_real_community_can_be_chosen(client: Client, code: str) -> None:
    assert choose(client, code).status_code == 404
    assert "community" not in client.cookies


@pytest.mark.parametrize("value", ["x", "999999999999", world.WUSHAN, "'; DROP TABLE", ""])
def test_a_spoilt_cookie_is_no_choice(client: Client, value: str) -> None:
    client.cookies["community"] = value
    assert client.get(FINDER).context["chosen"] is None


def test_a_page_that_asked_for_a_community_gets_the_person_back_and_a_foreign_site_does_not(client: Client) -> None:
    assert choose(client, next="/styleguide/")["Location"] == "/styleguide/"
    for foreign in ("https://example.com/", "//example.com", "javascript:alert(1)"):
        assert choose(client, next=foreign)["Location"] == f"/c/{world.CHASHAN}/"
    assert client.get(FINDER, {"next": "/styleguide/"}).context["next"] == "/styleguide/"
    assert client.get(FINDER, {"next": "https://example.com/"}).context["next"] == ""


def test_a_choice_needs_its_token(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("choose_community"), {"area_code": world.CHASHAN}).status_code == 403
