import pytest
from django.test import Client
from django.urls import reverse

from bookings.desk.tickets import issue
from bookings.lifecycle.models import Booking, State
from communities.accounts.models import Consent, HouseholdMember, Identity, User
from communities.divisions.models import Division
from homeservice.foundation.models import AuditEntry
from tests import world
from tests.bookings.ordering import tomorrow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def caller(phone: str, **more: str) -> dict[str, str]:
    return {"phone": phone, "channel": "phone", "consent": "on", **more}


def token_of(answer) -> str:  # type: ignore[no-untyped-def]
    assert answer.status_code == 302, answer.context["form"].errors
    return answer["Location"].removeprefix("/desk/new/").split("/")[0]


def wish(town: world.Town, starts_at=None) -> dict[str, str]:  # type: ignore[no-untyped-def]
    return {
        "household": str(town.home.pk), "entry": str(town.entry.pk), "quantity": "2",
        "starts_at": (starts_at or tomorrow(10)).isoformat(),
    }  # fmt: skip


def test_an_order_by_telephone_belongs_to_the_resident_and_names_who_took_it(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    staff = world.staff(point=town.point)
    desk = sign_in(staff, second_factor=True)
    token = token_of(desk.post(reverse("desk_new"), caller(town.alice.phone)))
    consent = Consent.objects.get(user=town.alice, kind="desk_order")
    assert (consent.channel, consent.recorded_by) == ("phone", staff)
    page = desk.get(reverse("desk_order", args=[token]), {"entry": town.entry.pk, "quantity": "2"})
    assert page.context["times"]
    held = desk.post(reverse("desk_order_hold", args=[token]), wish(town))
    booking = Booking.objects.get()
    assert held["Location"] == reverse("desk_order_details", args=[token, booking.no])
    details = {"contact_name": "爱丽丝", "terms": "on"}
    without = desk.post(held["Location"], {"contact_name": "爱丽丝"})
    assert (without.status_code, list(without.context["form"].errors)) == (422, ["terms"])
    assert desk.post(held["Location"], details)["Location"] == held["Location"]
    booking.refresh_from_db()
    assert (booking.state, booking.channel, booking.resident, booking.placed_by) == (
        State.PLACED, "phone", town.alice, staff,
    )  # fmt: skip
    assert booking.contact_phone == town.alice.phone
    assert booking.door_code in desk.get(held["Location"]).content.decode()


def test_a_person_without_an_account_is_registered_and_identified_first(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    staff = world.staff(point=town.point)
    desk = sign_in(staff, second_factor=True)
    phone = "13811112222"
    asked = desk.post(reverse("desk_new"), caller(phone))
    assert (asked.status_code, asked.templates[0].name) == (200, "bookings/desk/register.html")
    facts = {"name": "王奶奶", "community_name": "茶山", "address": "5栋101"}
    token = token_of(desk.post(reverse("desk_new_register"), caller(phone, **facts)))
    elder = User.objects.get_by_phone(phone)
    assert HouseholdMember.objects.get(user=elder).household.community_id == world.CHASHAN
    page = desk.get(reverse("desk_order", args=[token]))
    assert page.context["identity_form"] is not None
    assert page.context["entries"] == []
    wrong = desk.post(
        reverse("desk_order_identity", args=[token]), {"real_name": "王奶奶", "id_number": "1", "consent": "on"}
    )
    assert (wrong.status_code, list(wrong.context["identity_form"].errors)) == (422, ["id_number"])
    assert wrong.context["identity_form"].data["id_number"] == "1"
    Identity.objects.filter(user=elder).delete()
    world.verified(elder)
    assert [one.pk for one in desk.get(reverse("desk_order", args=[token])).context["entries"]] == [town.entry.pk]


def test_a_name_that_fits_several_communities_comes_back_as_a_choice(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    name = "茶山南社区居民委员会"
    Division.objects.create(
        area_code="440106001003", code="440106001003", level=5, name=name, short_name="茶山南", parent_id=world.WUSHAN,
        pinyin="chashannan", initials="csn", bigrams=["茶山", "山南"], lat=23.13, lon=113.34, coord_source="geonames",
    )  # fmt: skip
    desk = sign_in(world.staff(point=town.point), second_factor=True)
    facts = caller("13811112222", name="王奶奶", community_name="茶山", address="5栋101")
    page = desk.post(reverse("desk_new_register"), facts)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["community"])
    answer = desk.post(reverse("desk_new_register"), {**facts, "community": "440106001003"})
    assert answer.status_code == 302
    nowhere = desk.post(reverse("desk_new_register"), {**facts, "community_name": "无此地"})
    assert list(nowhere.context["form"].errors) == ["community_name"]


def test_without_consent_nobody_is_received(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    desk = sign_in(world.staff(point=town.point), second_factor=True)
    first = desk.get(reverse("desk_new")).content.decode()
    assert "checked" not in first.split('name="consent"')[1].split(">")[0]
    page = desk.post(reverse("desk_new"), {"phone": town.alice.phone, "channel": "desk"})
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["consent"])
    assert (Consent.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_a_time_that_has_gone_comes_back_with_others(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    staff = world.staff(point=town.point)
    desk = sign_in(staff, second_factor=True)
    bob = world.verified(world.user("鲍勃"))
    world.household(bob)
    token = issue(resident=town.alice, staff=staff, channel="desk")
    other = issue(resident=bob, staff=staff, channel="desk")
    assert desk.post(reverse("desk_order_hold", args=[token]), wish(town)).status_code == 302
    gone = desk.post(reverse("desk_order_hold", args=[other]), {**wish(town), "household": ""})
    assert gone.status_code in (302, 422)
    home = HouseholdMember.objects.get(user=bob).household_id
    gone = desk.post(reverse("desk_order_hold", args=[other]), {**wish(town), "household": str(home)})
    assert (gone.status_code, bool(gone.context["error"]), len(gone.context["times"])) == (422, True, 4)


def test_a_ticket_is_good_for_its_own_member_of_staff_only(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    staff, colleague = world.staff(point=town.point), world.staff(point=town.point)
    token = issue(resident=town.alice, staff=staff, channel="desk")
    desk = sign_in(staff, second_factor=True)
    desk.post(reverse("desk_order_hold", args=[token]), wish(town))
    no = Booking.objects.get().no
    gets = [reverse("desk_order", args=[token]), reverse("desk_order_details", args=[token, no])]
    posts = [reverse(f"desk_order_{name}", args=[token]) for name in ("home", "identity", "hold")]
    others = sign_in(colleague, second_factor=True)
    assert [others.get(url).status_code for url in gets] == [404, 404]
    assert [others.post(url).status_code for url in posts] == [404] * 3
    assert [sign_in(town.alice).post(url).status_code for url in (*gets, *posts)] == [403] * 5
    assert [Client().get(url).status_code for url in gets] == [302, 302]
    assert desk.get(reverse("desk_order", args=[token[:-1] + "x"])).status_code == 404
    assert (
        desk.get(
            reverse("desk_order_details", args=[issue(resident=colleague, staff=staff, channel="desk"), no])
        ).status_code
        == 404
    )


def test_registering_is_for_staff_with_their_second_factor(sign_in) -> None:  # type: ignore[no-untyped-def]
    town = world.town()
    url = reverse("desk_new_register")
    assert sign_in(town.alice).post(url).status_code == 403
    assert sign_in(world.staff(point=town.point)).post(url)["Location"].startswith(reverse("second_factor"))
