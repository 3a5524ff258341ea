"""A booking's life: Booking 预约单, Visit 上门一次, Assignment 派工, BookingEvent 流水.

Nothing but `lifecycle.actions.advance` writes a booking's state.
"""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from bookings.contracts.models import Terms
from bookings.menus.models import MenuEntry, Sitting
from communities.accounts.models import CareRecipient, Household, User
from communities.divisions.models import Division
from communities.points.models import ServicePoint
from homeservice.kernel.crypto import EncryptedTextField
from homeservice.kernel.scope import Scope, ScopedQuerySet, within
from homeservice.kernel.vocabulary import Channel, Circumstance
from providers.catalogue.models import ServiceItem
from providers.enterprises.models import Enterprise
from providers.listings.models import ListingVersion
from providers.workers.models import Worker


class State(models.TextChoices):
    """States of a booking, in the order in which a good one passes them."""

    HELD = "held", _("Time held")
    PLACED = "placed", _("Ordered")
    OFFERED = "offered", _("Asking the service point")
    ACCEPTED = "accepted", _("Service point accepted")
    ASSIGNED = "assigned", _("Worker named")
    CONFIRMED = "confirmed", _("Worker confirmed")
    IN_SERVICE = "in_service", _("In service")
    FINISHED = "finished", _("Finished")
    SETTLED = "settled", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")
    UNFILLED = "unfilled", _("Nobody found")
    NO_SHOW = "no_show", _("No-show")


OPEN_STATES = frozenset(
    {State.HELD, State.PLACED, State.OFFERED, State.ACCEPTED, State.ASSIGNED, State.CONFIRMED, State.IN_SERVICE}
)


PERSONAL = ("address", "contact_name", "contact_phone", "note", "health_facts")  # a booking's encrypted columns


class Visit(models.Model):
    """One coming to a home (or to a point): when and where. Shared bookings join one visit."""

    item = models.ForeignKey(ServiceItem, models.PROTECT, verbose_name=_("item"), related_name="+")
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    lat = models.FloatField(_("latitude"))
    lon = models.FloatField(_("longitude"))
    crew_size = models.PositiveSmallIntegerField(
        _("crew size"), default=1, help_text=_("Workers that it needs; 0 for a sitting.")
    )
    sitting = models.ForeignKey(
        Sitting, models.PROTECT, verbose_name=_("sitting"), null=True, blank=True, related_name="visits"
    )

    class Meta:
        verbose_name = _("Home visit")
        verbose_name_plural = _("Home visits")
        constraints = [models.CheckConstraint(name="visit_forward", condition=Q(ends_at__gt=F("starts_at")))]
        indexes = [models.Index(fields=["starts_at"], name="visit_start")]

    def __str__(self) -> str:
        return f"visit {self.pk} {self.starts_at}"


class Assignment(models.Model):
    """A worker's time for a visit. The busy period holds travel before it and clean-up after it:
    no worker's live ones ever overlap, by the database's word."""

    class State(models.TextChoices):
        TENTATIVE = "tentative", _("Tentative")
        ASSIGNED = "assigned", _("Named")
        CONFIRMED = "confirmed", _("Confirmed")
        DONE = "done", _("Done")
        RELEASED = "released", _("Released")

    visit = models.ForeignKey(Visit, models.PROTECT, verbose_name=_("home visit"), related_name="assignments")
    worker = models.ForeignKey(Worker, models.PROTECT, verbose_name=_("worker"), related_name="assignments")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.TENTATIVE)
    busy_from = models.DateTimeField(_("busy from"))
    busy_until = models.DateTimeField(_("busy until"))
    period = models.GeneratedField(
        verbose_name=_("period"),
        expression=Func(F("busy_from"), F("busy_until"), RangeBoundary(), function="tstzrange"),
        output_field=DateTimeRangeField(),
        db_persist=True,
    )
    created_at = models.DateTimeField(_("created at"))
    released_reason = models.CharField(_("reason of release"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("Assignment")
        verbose_name_plural = _("Assignments")
        constraints = [
            ExclusionConstraint(
                name="assignment_worker_no_overlap",
                expressions=[("worker", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=~Q(state="released"),
                violation_error_message=_("This worker is busy at that time."),
            ),
            models.UniqueConstraint(
                fields=["visit", "worker"], condition=~Q(state="released"), name="assignment_once_a_visit"
            ),
            models.CheckConstraint(name="assignment_forward", condition=Q(busy_until__gt=F("busy_from"))),
        ]
        indexes = [
            models.Index(fields=["worker", "busy_from"], condition=~Q(state="released"), name="assignment_diary"),
            models.Index(fields=["visit"], condition=~Q(state="released"), name="assignment_live_of_visit"),
        ]

    def __str__(self) -> str:
        return f"{self.worker_id} on {self.visit_id}"


class BookingQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "BookingQuerySet":
        """Whose booking it is: the resident and their household's people, the staff of the home's area
        and of the accepting point, its enterprise, its workers while assigned."""
        if scope.everything:
            return self
        mine = Q(resident_id=scope.user_id) | Q(household__in=scope.household_ids)
        area = within("home_area__area_code", scope.areas) | within("point_area", scope.areas)
        rows = mine | area
        if scope.point_ids:
            rows |= Q(point__in=scope.point_ids)
        if scope.enterprise_id:
            rows |= Q(enterprise_id=scope.enterprise_id)
        if scope.worker_id:
            rows |= Q(Exists(self._assignment_of(scope.worker_id)))
        return self.filter(rows)

    def placed(self) -> "BookingQuerySet":
        """Without time holds that never became an order."""
        return self.filter(placed_at__isnull=False)

    def _assignment_of(self, worker_id: int) -> Any:
        live = Assignment.objects.exclude(state__in=["released", "tentative"])
        return live.filter(visit=OuterRef("visit"), worker=worker_id)


class Booking(models.Model):
    """What a resident ordered, as it was agreed: price, terms and menu text are snapshots."""

    no = models.CharField(_("number"), max_length=16, unique=True)
    state = models.CharField(_("state"), max_length=12, choices=State)
    version = models.PositiveIntegerField(
        _("version"), default=1, help_text=_("Raised by each step; the ETag of its page.")
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    resident = models.ForeignKey(User, models.PROTECT, verbose_name=_("resident"), related_name="bookings")
    placed_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("ordered by"), related_name="+")
    household = models.ForeignKey(
        Household, models.PROTECT, verbose_name=_("household"), null=True, related_name="bookings"
    )
    recipient = models.ForeignKey(
        CareRecipient, models.PROTECT, verbose_name=_("recipient"), null=True, blank=True, related_name="+"
    )
    home_area = models.ForeignKey(Division, models.PROTECT, verbose_name=_("community of the home"), related_name="+")
    lat = models.FloatField(_("latitude"))
    lon = models.FloatField(_("longitude"))
    address = EncryptedTextField(_("address"), blank=True, default="")
    contact_name = EncryptedTextField(_("contact"), blank=True, default="")
    contact_phone = EncryptedTextField(_("phone"), blank=True, default="")
    note = EncryptedTextField(_("note"), blank=True, default="")
    health_facts = EncryptedTextField(_("health facts"), blank=True, default="")
    child_present = models.BooleanField(_("child present"), default=False)
    circumstances = ArrayField(
        models.CharField(max_length=14, choices=Circumstance), verbose_name=_("circumstances"), default=list, blank=True
    )

    item = models.ForeignKey(ServiceItem, models.PROTECT, verbose_name=_("item"), related_name="bookings")
    entry = models.ForeignKey(
        MenuEntry,
        models.PROTECT,
        verbose_name=_("menu entry"),
        related_name="bookings",
        help_text=_("Chosen by the resident."),
    )
    listing_version = models.ForeignKey(
        ListingVersion,
        models.PROTECT,
        verbose_name=_("version of the listing"),
        null=True,
        blank=True,
        related_name="+",
    )
    quantity = models.PositiveSmallIntegerField(_("quantity"))
    visit = models.ForeignKey(Visit, models.PROTECT, verbose_name=_("home visit"), related_name="bookings")
    starts_at = models.DateTimeField(_("starts at"), help_text=_("Copied from the visit."))
    ends_at = models.DateTimeField(_("ends at"))
    any_enterprise = models.BooleanField(
        _("any enterprise"), default=False, help_text=_("Another enterprise may come instead.")
    )
    price_fen = models.PositiveIntegerField(_("price (fen)"), default=0)
    cancel_fee_fen = models.PositiveIntegerField(
        _("cancellation fee (fen)"), default=0, help_text=_("What cancelling cost, by the agreed tiers.")
    )
    price_parts = models.JSONField(
        _("parts of the price"), default=list, help_text=_("`[{code, amount_fen, facts}]`, summing to the price.")
    )
    snapshot = models.JSONField(_("snapshot"), default=dict, help_text=_("Menu text and policies as they were agreed."))
    terms = models.ForeignKey(Terms, models.PROTECT, verbose_name=_("terms"), null=True, related_name="+")
    terms_accepted_at = models.DateTimeField(_("terms accepted at"), null=True)

    point = models.ForeignKey(
        ServicePoint, models.PROTECT, verbose_name=_("service point"), null=True, blank=True, related_name="bookings"
    )
    point_area = models.CharField(_("area of the point"), max_length=12, blank=True, default="")
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name=_("enterprise"), null=True, blank=True, related_name="bookings"
    )
    shard = models.CharField(_("city"), max_length=4, help_text=_("City code of the home: the dispatch shard."))
    dispatch_due_at = models.DateTimeField(
        _("dispatch due at"), null=True, help_text=_("A dispatch round must look at it from then on.")
    )
    dispatch_round = models.PositiveSmallIntegerField(_("dispatch round"), default=0)
    door_code = models.CharField(_("door code"), max_length=6, blank=True, default="")
    door_code_misses = models.PositiveSmallIntegerField(_("wrong door codes"), default=0)
    hold_until = models.DateTimeField(_("held until"), null=True)
    drafts_forgotten = models.BooleanField(
        _("drafts forgotten"), default=False, help_text=_("Never placed, and its personal words are gone.")
    )

    created_at = models.DateTimeField(_("created at"))
    placed_at = models.DateTimeField(_("ordered at"), null=True)
    offered_at = models.DateTimeField(_("offered at"), null=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True)
    assigned_at = models.DateTimeField(_("assigned at"), null=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    on_the_way_at = models.DateTimeField(_("on the way at"), null=True)
    arrived_at = models.DateTimeField(_("arrived at"), null=True)
    started_at = models.DateTimeField(_("started at"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    settled_at = models.DateTimeField(_("completed at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, help_text=_("Cancelled, unfilled or no-show."))

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("Booking")
        verbose_name_plural = _("Bookings")
        constraints = [
            models.CheckConstraint(name="booking_forward", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="booking_quantity_positive", condition=Q(quantity__gte=1)),
            models.CheckConstraint(
                name="booking_held_has_limit", condition=~Q(state="held") | Q(hold_until__isnull=False)
            ),
            models.CheckConstraint(
                name="booking_placed_has_agreement",
                condition=Q(state__in=["held", "cancelled"])
                | Q(placed_at__isnull=False, terms__isnull=False, terms_accepted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="booking_accepted_has_point",
                condition=~Q(state__in=["accepted", "assigned", "confirmed", "in_service", "finished", "settled"])
                | Q(point__isnull=False, enterprise__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["shard", "dispatch_due_at"], condition=Q(dispatch_due_at__isnull=False), name="booking_due"
            ),
            models.Index(fields=["hold_until"], condition=Q(state="held"), name="booking_holds"),
            models.Index(fields=["finished_at"], condition=Q(state="finished"), name="booking_to_settle"),
            models.Index(fields=["resident", "-starts_at"], name="booking_of_resident"),
            models.Index(fields=["household", "-starts_at"], name="booking_of_household"),
            models.Index(fields=["home_area", "-starts_at"], name="booking_of_area"),
            models.Index(fields=["point_area", "-starts_at"], name="booking_of_point_area"),
            models.Index(fields=["point", "-starts_at"], name="booking_of_point"),
            models.Index(fields=["enterprise", "-starts_at"], name="booking_of_enterprise"),
            models.Index(fields=["visit"], name="booking_of_visit"),
        ]

    def __str__(self) -> str:
        return self.no

    @property
    def circumstance_words(self) -> list[str]:
        """What the work involves, for people."""
        return [str(Circumstance(one).label) for one in self.circumstances]


class BookingEvent(models.Model):
    """One step of a booking's life, as it was taken. Append-only."""

    booking = models.ForeignKey(Booking, models.PROTECT, verbose_name=_("booking"), related_name="events")
    step = models.CharField(_("step"), max_length=24)
    source = models.CharField(_("from state"), max_length=12, blank=True)
    target = models.CharField(_("to state"), max_length=12)
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(User, models.PROTECT, verbose_name=_("actor"), null=True, related_name="+")
    actor_role = models.CharField(_("actor role"), max_length=12)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    facts = models.JSONField(_("facts"), default=dict)

    class Meta:
        verbose_name = _("Booking event")
        verbose_name_plural = _("Booking events")
        indexes = [models.Index(fields=["booking", "at", "id"], name="booking_event_life")]

    def __str__(self) -> str:
        return f"{self.booking_id} {self.step}"
