"""Bookings in the administration: to look at. States are only written by `advance`; personal columns are masked."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from bookings.lifecycle.models import Assignment, Booking, BookingEvent, Visit
from homeservice.foundation.admin import ReadOnlyAdmin
from homeservice.kernel.crypto import masked_name, masked_phone

PERSONAL = {"address", "contact_name", "contact_phone", "note", "health_facts", "door_code"}


class EventInline(admin.TabularInline):  # type: ignore[type-arg]
    """The booking's life, step by step."""

    model = BookingEvent
    fields = ["at", "step", "source", "target", "actor_role", "reason"]
    readonly_fields = ("at", "step", "source", "target", "actor_role", "reason")
    ordering = ["at", "pk"]
    extra = 0
    can_delete = False


class AssignmentInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Assignment
    fields = ["worker", "state", "busy_from", "busy_until", "released_reason"]
    readonly_fields = ("worker", "state", "busy_from", "busy_until", "released_reason")
    ordering = ["-created_at", "-pk"]
    extra = 0
    can_delete = False


@admin.register(Booking)
class BookingAdmin(ReadOnlyAdmin):
    list_display = ["no", "state", "item", "starts_at", "point", "enterprise", "home_area", "price_fen", "channel"]
    list_filter = ["state", "channel", "shard", "item__kind"]
    list_select_related = ["item", "point", "enterprise", "home_area"]
    search_fields = ["=no", "point__name", "enterprise__name"]
    search_help_text = _("Number of the booking, or name of the point or enterprise")
    date_hierarchy = "starts_at"
    ordering = ["-starts_at", "-pk"]
    show_full_result_count = False
    list_per_page = 50
    inlines = [EventInline]
    fields = [
        *(field.name for field in Booking._meta.fields if field.name not in PERSONAL),
        "masked_contact", "masked_contact_phone", "has_note", "has_health_facts",
    ]  # fmt: skip

    @admin.display(description=_("contact"))
    def masked_contact(self, booking: Booking) -> str:
        return masked_name(booking.contact_name)

    @admin.display(description=_("phone"))
    def masked_contact_phone(self, booking: Booking) -> str:
        return masked_phone(booking.contact_phone) if booking.contact_phone else ""

    @admin.display(description=_("note"), boolean=True)
    def has_note(self, booking: Booking) -> bool:
        return bool(booking.note)

    @admin.display(description=_("health facts"), boolean=True)
    def has_health_facts(self, booking: Booking) -> bool:
        return bool(booking.health_facts)


@admin.register(Visit)
class VisitAdmin(ReadOnlyAdmin):
    list_display = ["id", "item", "starts_at", "ends_at", "crew_size", "sitting"]
    list_filter = ["item__kind"]
    list_select_related = ["item", "sitting"]
    search_fields = ["=id", "=bookings__no"]
    date_hierarchy = "starts_at"
    ordering = ["-starts_at", "-pk"]
    show_full_result_count = False
    inlines = [AssignmentInline]


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin):
    list_display = ["id", "visit", "worker", "state", "busy_from", "busy_until", "released_reason"]
    list_filter = ["state", "released_reason"]
    list_select_related = ["visit", "worker"]
    search_fields = ["=visit__bookings__no", "=worker__id"]
    date_hierarchy = "busy_from"
    ordering = ["-busy_from", "-pk"]
    show_full_result_count = False


@admin.register(BookingEvent)
class BookingEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "booking", "step", "source", "target", "actor_role", "reason"]
    list_filter = ["step", "actor_role"]
    list_select_related = ["booking"]
    search_fields = ["=booking__no"]
    date_hierarchy = "at"
    ordering = ["-at", "-pk"]
    show_full_result_count = False
