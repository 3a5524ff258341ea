"""Service points 社区服务网点: where they are, when they open, what they reach."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from communities.accounts.models import User
from communities.divisions.models import Division
from homeservice.kernel.scope import Scope, ScopedQuerySet, within


class ServicePointQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "ServicePointQuerySet":
        """Points that the person runs or supervises: their own and those in their divisions."""
        if scope.everything:
            return self
        return self.filter(Q(pk__in=scope.point_ids) | within("community__area_code", scope.areas))

    def run_by(self, scope: Scope) -> "ServicePointQuerySet":
        """Points for which the person may act: their own and those of the divisions whose desk they are."""
        if scope.everything:
            return self
        return self.filter(Q(pk__in=scope.point_ids) | within("community__area_code", scope.desk_areas))

    def open_to_public(self) -> "ServicePointQuerySet":
        return self.filter(active=True)


class ServicePoint(models.Model):
    """A place near home that publishes a menu and takes bookings."""

    class Acceptance(models.TextChoices):
        AUTOMATIC = "automatic", _("Accepts at once")
        STAFFED = "staffed", _("Staff decide")

    class OutletMode(models.TextChoices):
        INDEPENDENT = "independent", _("Independent")
        EMBEDDED = "embedded", _("Embedded in a host facility")
        COOPERATIVE = "cooperative", _("Run in cooperation")
        ONLINE = "online", _("Online")

    class Host(models.TextChoices):
        NONE = "none", _("No host facility")
        COMMUNITY_CENTRE = "community_centre", _("Community service centre")
        DAY_CARE = "day_care", _("Day-care centre for elders")
        NURSERY = "nursery", _("Nursery")
        CANTEEN = "canteen", _("Elders' canteen")

    name = models.CharField(_("official name"), max_length=60)
    community = models.ForeignKey(Division, models.PROTECT, verbose_name=_("community"), related_name="points")
    outlet_mode = models.CharField(_("kind of outlet"), max_length=12, choices=OutletMode, default=OutletMode.EMBEDDED)
    host = models.CharField(_("host"), max_length=20, choices=Host, default=Host.NONE)
    address = models.CharField(_("address"), max_length=120)
    phone = models.CharField(_("telephone"), max_length=20)
    lat = models.FloatField(_("latitude"))
    lon = models.FloatField(_("longitude"))
    reach_m = models.PositiveIntegerField(
        _("reach (metres)"), default=3000, validators=[MinValueValidator(100), MaxValueValidator(50_000)]
    )
    acceptance = models.CharField(_("acceptance"), max_length=10, choices=Acceptance, default=Acceptance.AUTOMATIC)
    accept_window_min = models.PositiveSmallIntegerField(_("time to accept (minutes)"), default=10)
    daily_limit = models.PositiveIntegerField(
        _("daily limit"), default=200, help_text=_("Bookings that the point takes for one day.")
    )
    active = models.BooleanField(_("active"), default=True)
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True)

    objects = ServicePointQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("Service point")
        verbose_name_plural = _("Service points")
        indexes = [
            GistIndex(Func(F("lat"), F("lon"), function="ll_to_earth"), name="point_earth"),
            models.Index(fields=["community"], name="point_community"),
        ]
        constraints = [
            models.CheckConstraint(name="point_in_a_community", condition=Exact(Length("community"), 12)),
            models.UniqueConstraint(fields=["community", "name"], name="point_name_once_a_community"),
        ]

    def __str__(self) -> str:
        return self.name


class PointHours(models.Model):
    """When a point opens on one weekday (0 is Monday); several rows for a split day."""

    point = models.ForeignKey(ServicePoint, models.CASCADE, verbose_name=_("service point"), related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"))
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        verbose_name = _("Opening hours")
        verbose_name_plural = _("Opening hours of points")
        constraints = [
            models.CheckConstraint(name="point_hours_forward", condition=Q(closes__gt=F("opens"))),
            models.CheckConstraint(name="point_hours_weekday", condition=Q(weekday__lte=6)),
            models.UniqueConstraint(fields=["point", "weekday", "opens"], name="point_hours_once"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens}-{self.closes}"


class PointClosure(models.Model):
    """A period in which a point takes nothing (typhoon, holiday, repairs)."""

    point = models.ForeignKey(ServicePoint, models.CASCADE, verbose_name=_("service point"), related_name="closures")
    period = DateTimeRangeField(_("period"))
    reason = models.CharField(_("reason"), max_length=100)

    class Meta:
        verbose_name = _("Closure")
        verbose_name_plural = _("Closures")
        constraints = [
            ExclusionConstraint(
                name="point_closure_no_overlap",
                expressions=[("point", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return self.reason


class PointStaff(models.Model):
    """A person who runs a point's desk."""

    point = models.ForeignKey(ServicePoint, models.CASCADE, verbose_name=_("service point"), related_name="staff")
    user = models.ForeignKey(User, models.PROTECT, verbose_name=_("person"), related_name="desk_points")

    class Meta:
        verbose_name = _("Desk clerk")
        verbose_name_plural = _("Desk clerks")
        constraints = [models.UniqueConstraint(fields=["point", "user"], name="point_staff_once")]

    def __str__(self) -> str:
        return f"desk of {self.point_id}"
