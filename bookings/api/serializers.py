"""What the API takes and what it gives. No rules here: actions decide."""

from typing import Any

from rest_framework import serializers

from bookings.lifecycle.models import Booking, BookingEvent
from bookings.menus.models import MenuEntry
from bookings.orders.rules import HEALTH_LIMIT, NOTE_LIMIT
from communities.accounts.models import Household
from communities.divisions.models import Division
from homeservice.kernel.clock import SHANGHAI
from homeservice.kernel.vocabulary import Circumstance


class CircumstancesField(serializers.ListField):
    """Those of the item's `circumstances` that are so."""

    child = serializers.ChoiceField(choices=Circumstance.choices)


class CodeRequestIn(serializers.Serializer[Any]):
    phone = serializers.CharField(max_length=30)


class CodeRequestOut(serializers.Serializer[Any]):
    expires_at = serializers.DateTimeField(default_timezone=SHANGHAI)
    resend_at = serializers.DateTimeField(default_timezone=SHANGHAI)
    code = serializers.CharField(required=False, help_text="Only where the site is an embedded trial.")


class TokenIn(serializers.Serializer[Any]):
    phone = serializers.CharField(max_length=30)
    code = serializers.CharField(max_length=10)
    privacy_version = serializers.CharField(
        max_length=20, required=False, help_text="The privacy notice agreed to; needed at the first sign-in."
    )


class TokenOut(serializers.Serializer[Any]):
    token = serializers.CharField(help_text="Send it as `Authorization: Token …`.")
    expires_at = serializers.DateTimeField(default_timezone=SHANGHAI)


class CommunityOut(serializers.ModelSerializer[Division]):
    class Meta:
        model = Division
        fields = ["area_code", "name", "path_name", "lat", "lon", "coord_source"]


class EntryOut(serializers.ModelSerializer[MenuEntry]):
    item_code = serializers.CharField(source="listing.item_id")
    name = serializers.CharField(source="listing.item.name")
    summary = serializers.CharField(source="listing.item.summary")
    kind = serializers.CharField(source="listing.item.kind_id")
    unit = serializers.CharField(source="listing.item.unit")
    min_quantity = serializers.IntegerField(source="listing.item.min_quantity")
    max_quantity = serializers.IntegerField(source="listing.item.max_quantity")
    minutes = serializers.IntegerField(source="listing.item.duration_min")
    bookable = serializers.BooleanField(source="listing.item.bookable")
    enterprise = serializers.CharField(source="listing.enterprise.name")
    point = serializers.CharField(source="point.name")
    point_id = serializers.IntegerField()
    circumstances = CircumstancesField(
        source="listing.item.circumstances", help_text="What to ask the resident before times are shown."
    )

    class Meta:
        model = MenuEntry
        fields = [
            "id", "item_code", "name", "summary", "kind", "unit", "price_fen", "min_quantity", "max_quantity",
            "minutes", "bookable", "enterprise", "point", "point_id", "circumstances",
        ]  # fmt: skip


class NearbyEntryOut(serializers.Serializer[Any]):
    entry = EntryOut()
    distance_m = serializers.IntegerField()


class HouseholdOut(serializers.ModelSerializer[Household]):
    community = serializers.CharField(source="community_id")
    address = serializers.CharField()

    class Meta:
        model = Household
        fields = ["id", "label", "community", "address", "lat", "lon"]


class SlotsIn(serializers.Serializer[Any]):
    household = serializers.IntegerField()
    quantity = serializers.IntegerField(min_value=1, max_value=1000)
    first_day = serializers.DateField(required=False)
    days = serializers.IntegerField(min_value=1, max_value=14, default=14)
    circumstances = CircumstancesField(default=list)


class SlotOut(serializers.Serializer[Any]):
    starts_at = serializers.DateTimeField(default_timezone=SHANGHAI)


class DaySlotsOut(serializers.Serializer[Any]):
    day = serializers.DateField()
    times = serializers.ListField(child=serializers.DateTimeField(default_timezone=SHANGHAI))


class BookingIn(serializers.Serializer[Any]):
    entry = serializers.IntegerField()
    household = serializers.IntegerField()
    quantity = serializers.IntegerField(min_value=1, max_value=1000)
    starts_at = serializers.DateTimeField(help_text="On the half-hour, with its offset from UTC.")
    circumstances = CircumstancesField(default=list)
    contact_name = serializers.CharField(max_length=60)
    contact_phone = serializers.CharField(max_length=20)
    recipient = serializers.IntegerField(required=False, allow_null=True, default=None)
    note = serializers.CharField(max_length=NOTE_LIMIT, allow_blank=True, default="")
    health_declared = serializers.BooleanField(default=False)
    health_facts = serializers.CharField(max_length=HEALTH_LIMIT, allow_blank=True, default="")
    child_present = serializers.BooleanField(default=False)
    any_enterprise = serializers.BooleanField(default=False)
    terms_version = serializers.CharField(max_length=20, help_text="The order terms that the resident accepts.")


class CancelIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200, allow_blank=True, default="")


class CancelOut(serializers.Serializer[Any]):
    fee_fen = serializers.IntegerField()


class EventOut(serializers.ModelSerializer[BookingEvent]):
    class Meta:
        model = BookingEvent
        fields = ["step", "source", "target", "at"]


class PricePartOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    amount_fen = serializers.IntegerField()
    facts = serializers.DictField()


class BookingOut(serializers.ModelSerializer[Booking]):
    item = serializers.CharField(source="item.name")
    item_code = serializers.CharField(source="item_id")
    entry = serializers.IntegerField(source="entry_id")
    household = serializers.IntegerField(source="household_id")
    point = serializers.SerializerMethodField()
    price_parts = PricePartOut(many=True)

    class Meta:
        model = Booking
        fields = [
            "no", "state", "version", "item", "item_code", "entry", "household", "quantity", "starts_at", "ends_at",
            "circumstances", "price_fen", "price_parts", "point", "placed_at", "accepted_at", "assigned_at", "confirmed_at",
            "on_the_way_at", "arrived_at", "started_at", "finished_at", "settled_at", "ended_at",
        ]  # fmt: skip

    def get_point(self, booking: Booking) -> str | None:
        return booking.point.name if booking.point else None


class BookingDetailOut(BookingOut):
    events = serializers.SerializerMethodField()
    door_code = serializers.SerializerMethodField()

    class Meta(BookingOut.Meta):
        fields = [*BookingOut.Meta.fields, "door_code", "events"]

    def get_events(self, booking: Booking) -> list[dict[str, Any]]:
        rows = booking.events.order_by("at", "pk")
        return list(EventOut(rows, many=True).data)

    def get_door_code(self, booking: Booking) -> str:
        """Only from the worker's yes until the service begins."""
        return booking.door_code if booking.state == "confirmed" else ""


class ProblemOut(serializers.Serializer[Any]):
    """RFC 9457 problem details."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    errors = serializers.DictField(required=False)  # type: ignore[assignment]
    alternatives = serializers.ListField(child=serializers.DateTimeField(), required=False)
