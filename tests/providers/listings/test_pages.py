"""The pages of listings: Alice has an enterprise's prices in hand, Charlie another one's; Zhou reviews Tianhe."""

import pytest
from django.urls import reverse
from knox.models import AuthToken

from providers.listings.models import Listing
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

STEPS = {"includes_zh": ["擦拭台面", "拖地"], "includes_en": ["Wipe", "Mop"]}


@pytest.fixture
def firm():
    return world.enterprise("安心家政")


@pytest.fixture
def listing(firm):
    return world.listing(firm, world.item(**STEPS))


@pytest.fixture
def alice(firm, sign_in):
    return sign_in(world.manager(firm))


@pytest.fixture
def zhou(sign_in):
    return sign_in(world.staff(division=world.TIANHE, duty="reviewer"), second_factor=True)


def typed(**changes) -> dict[str, object]:
    return {
        "seen_no": 1, "price": "48.00", "includes_zh": "擦拭台面\n\n拖地", "includes_en": "Wipe\nMop", "holiday_percent": "50",
        "night_percent": "30", "night_from": "22:00", "night_until": "06:00", "cancel_4": "10", "cancel_0": "30",
        "add_on_0_zh": "擦油烟机", "add_on_0_en": "Hood", "add_on_0_price": "80", "add_on_1_zh": "", **changes,
    }  # fmt: skip


def test_what_is_published_is_a_new_version_that_residents_read(alice, listing, client):
    entry = world.entry(world.point(), listing)
    assert alice.post(reverse("enterprise_listing_edit", args=[listing.pk]), typed()).status_code == 302
    version = listing.versions.get(no=2)
    assert (version.price_fen, version.holiday_bp, version.night_bp, version.includes_zh) == (
        4800,
        5000,
        3000,
        ["擦拭台面", "拖地"],
    )
    assert version.cancel_tiers == [
        {"hours_before": 12, "fee_bp": 0},
        {"hours_before": 4, "fee_bp": 1000},
        {"hours_before": 0, "fee_bp": 3000},
    ]
    assert [row["name_zh"] for row in version.add_ons] == ["擦油烟机"]
    shown = client.get(reverse("entry_page", args=[entry.pk])).content.decode()
    assert "擦油烟机" in shown
    assert "¥80.00" in shown


def test_a_look_beforehand_posts_nothing(alice, listing):
    answer = alice.post(reverse("enterprise_listing_edit", args=[listing.pk]), typed(preview="yes", price="52"))
    assert answer.status_code == 200
    assert "¥52.00" in answer.content.decode()
    assert listing.versions.count() == 1


def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(alice, listing):
    answer = alice.post(reverse("enterprise_listing_edit", args=[listing.pk]), typed(cancel_0="60", terms_zh="留住我"))
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"cancel_0"}
    assert "留住我" in answer.content.decode()
    assert listing.versions.count() == 1


def test_an_edit_of_an_older_version_is_refused(alice, listing):
    url = reverse("enterprise_listing_edit", args=[listing.pk])
    alice.post(url, typed())
    answer = alice.post(url, typed(price="49"))
    assert answer.status_code == 422
    assert listing.versions.count() == 2


@pytest.mark.parametrize(
    "field", ["price", "min_quantity", "night_from", "holiday_percent", "travel_yuan_per_km", "seen_no"]
)
@pytest.mark.parametrize("text", ["x", "-1", "9" * 40, "NaN"])
def test_nonsense_in_a_number_is_a_slip_and_no_crash(alice, listing, field, text):
    assert alice.post(reverse("enterprise_listing_edit", args=[listing.pk]), typed(**{field: text})).status_code == 422


def test_the_history_shows_what_each_version_changed(alice, listing):
    alice.post(reverse("enterprise_listing_edit", args=[listing.pk]), typed(areas=[]))
    versions = alice.get(reverse("enterprise_listing_history", args=[listing.pk])).context["versions"]
    assert [past.version.no for past in versions] == [2, 1]
    assert ("¥45.00", "¥48.00") in [(change.before, change.after) for change in versions[0].changes]
    assert versions[1].changes == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_history_takes_five_queries_however_long(alice, listing, count, django_assert_num_queries):
    for number in range(count):
        alice.post(
            reverse("enterprise_listing_edit", args=[listing.pk]), typed(seen_no=number + 1, price=f"{50 + number}")
        )
    url = reverse("enterprise_listing_history", args=[listing.pk])
    alice.get(url)
    with django_assert_num_queries(5):
        assert len(alice.get(url).context["versions"]) == count + 1


def test_another_enterprise_and_a_clerk_are_refused(firm, listing, sign_in):
    charlie, clerk = sign_in(world.manager(world.enterprise("别家"))), sign_in(world.manager(firm, "clerk"))
    for name in ("enterprise_listing_edit", "enterprise_listing_history"):
        url = reverse(name, args=[listing.pk])
        assert (charlie.get(url).status_code, clerk.get(url).status_code) == (404, 403)
    assert charlie.post(reverse("enterprise_listing_edit", args=[listing.pk]), typed()).status_code == 404
    assert Listing.objects.get().version_no == 1


def test_reviewing_staff_look_at_what_their_enterprises_post(zhou, listing, sign_in):
    page = zhou.get(reverse("review_listings"), {"q": "安心"})
    assert [row.pk for row in page.context["page"]] == [listing.pk]
    assert [row.pk for row in zhou.get(reverse("review_listings"), {"q": "没有"}).context["page"]] == []
    assert "拖地" in zhou.get(reverse("review_listing", args=[listing.pk])).content.decode()
    elsewhere = sign_in(world.staff(division=world.SHIPAI, duty="reviewer"), second_factor=True)
    assert elsewhere.get(reverse("review_listing", args=[listing.pk])).status_code == 404
    assert [row.pk for row in elsewhere.get(reverse("review_listings")).context["page"]] == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_reviewers_list_takes_five_queries(zhou, firm, count, django_assert_num_queries):
    for number in range(count):
        world.listing(firm, world.item(f"CL0{number}", name_zh=f"保洁{number}"))
    zhou.get(reverse("review_listings"))
    with django_assert_num_queries(5):
        assert len(zhou.get(reverse("review_listings")).context["page"]) == count


def test_the_api_tells_a_program_the_terms_in_force(client, firm, listing):
    token = AuthToken.objects.create(world.manager(firm))[1]
    clerk = AuthToken.objects.create(world.manager(firm, "clerk"))[1]
    url = reverse("api_enterprise_listings")
    (row,) = client.get(url, headers={"Authorization": f"Token {token}"}).json()["results"]
    assert (row["item"], row["price_fen"], row["terms"]["no"], row["terms"]["price_fen"]) == ("CL01", 4500, 1, 4500)
    assert client.get(url, headers={"Authorization": f"Token {clerk}"}).status_code == 403
    assert client.get(url).status_code == 401
