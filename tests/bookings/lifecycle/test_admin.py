from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from bookings.dispatch.actions import run_round
from bookings.dispatch.models import PointOffer, Receipt
from bookings.lifecycle.models import Assignment, Booking, BookingEvent, Visit
from tests import world
from tests.bookings.ordering import placed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
READ_ONLY = (Booking, Visit, Assignment, BookingEvent, PointOffer, Receipt)


@pytest.fixture
def booking() -> Booking:
    found = placed(world.town(), note="钥匙在门卫", contact_name="爱丽丝", contact_phone="13912345678")
    run_round("4401", at=world.NOW)
    return found


@pytest.fixture
def admin(sign_in: Callable[..., Client]) -> Client:
    return sign_in(world.user("管理员", is_staff=True, is_superuser=True), second_factor=True)


@pytest.mark.parametrize("model", READ_ONLY)
def test_the_lists_open_and_rows_can_be_looked_at_but_not_changed(
    model: type[Booking], admin: Client, booking: Booking
) -> None:
    name = f"admin:bookings_{model._meta.model_name}"
    row = model.objects.order_by("pk").first()
    assert row is not None
    assert admin.get(reverse(f"{name}_changelist")).status_code == 200
    change = reverse(f"{name}_change", args=[row.pk])
    assert admin.get(change).status_code == 200
    assert admin.post(change, {"state": "settled"}).status_code == 403
    assert admin.get(reverse(f"{name}_add")).status_code == 403
    assert admin.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403


def test_a_booking_is_found_by_its_number_and_shows_no_personal_data(admin: Client, booking: Booking) -> None:
    url = reverse("admin:bookings_booking_changelist")
    assert booking.no in admin.get(url, {"q": booking.no}).content.decode()
    assert booking.no not in admin.get(url, {"q": "261123XXXXXXXX"}).content.decode()
    page = admin.get(reverse("admin:bookings_booking_change", args=[booking.pk])).content.decode()
    for personal in ("爱丽丝", "13912345678", "钥匙在门卫", "3栋2单元501"):
        assert personal not in page
    assert "爱**" in page
    assert "139****5678" in page


def test_policies_open(admin: Client) -> None:
    for name in ("pricepolicy", "dispatchpolicy"):
        assert admin.get(reverse(f"admin:bookings_{name}_changelist")).status_code == 200
        assert admin.get(reverse(f"admin:bookings_{name}_add")).status_code == 200


def test_a_resident_does_not_enter(sign_in: Callable[..., Client], booking: Booking) -> None:
    response = sign_in(booking.resident).get(reverse("admin:bookings_booking_changelist"))
    assert response.status_code in (302, 403)
