"""Listings 企业报价: an enterprise's price, area and terms for an item of the catalogue."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from communities.accounts.models import User
from homeservice.kernel.scope import Scope, ScopedQuerySet, within
from providers.catalogue.models import ServiceItem
from providers.enterprises.models import Enterprise


class ListingQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "ListingQuerySet":
        """One's own enterprise's; staff those of enterprises in the city of their divisions; reviewers what they review."""
        if scope.everything:
            return self
        cities = tuple({area[:4] for area in scope.areas})
        return self.filter(
            Q(enterprise_id__isnull=False, enterprise_id=scope.enterprise_id)
            | within("enterprise__division__area_code", cities)
            | within("enterprise__division__area_code", scope.review_areas)
        )


class Listing(models.Model):
    """What an enterprise offers: community staff may put it on a menu, never above this price.

    Price and terms are those of the version in force; each change is a new `ListingVersion`.
    """

    class Tier(models.TextChoices):
        AFFORDABLE = "affordable", _("Affordable")
        STANDARD = "standard", _("Standard")
        PREMIUM = "premium", _("Premium")

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, verbose_name=_("enterprise"), related_name="listings")
    item = models.ForeignKey(ServiceItem, models.PROTECT, verbose_name=_("item"), related_name="listings")
    tier = models.CharField(_("tier"), max_length=10, choices=Tier, default=Tier.STANDARD)
    price_fen = models.PositiveIntegerField(_("price (fen)"), help_text=_("A unit's price in fen."))
    terms_zh = models.CharField(_("terms (Chinese)"), max_length=300, blank=True)
    terms_en = models.CharField(_("terms (English)"), max_length=400, blank=True)
    version_no = models.PositiveIntegerField(_("version in force"), default=1)
    active = models.BooleanField(_("active"), default=True)

    objects = ListingQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("Listing")
        verbose_name_plural = _("Listings")
        constraints = [models.UniqueConstraint(fields=["enterprise", "item", "tier"], name="listing_once_a_tier")]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.item}"


class ListingVersion(models.Model):
    """Price and terms as they were published once. The database refuses to change or remove a version: bookings
    point at the one they were placed under."""

    listing = models.ForeignKey(Listing, models.PROTECT, verbose_name=_("listing"), related_name="versions")
    no = models.PositiveIntegerField(_("version"))
    price_fen = models.PositiveIntegerField(_("price (fen)"), help_text=_("A unit's price in fen."))
    min_quantity = models.PositiveSmallIntegerField(
        _("least quantity"), null=True, blank=True, help_text=_("Above that of the catalogue.")
    )
    areas = ArrayField(
        models.CharField(max_length=12), verbose_name=_("areas"), default=list, blank=True,
        help_text=_("Area codes where it is offered; empty: wherever a point carries it."),
    )  # fmt: skip
    includes_zh = ArrayField(
        models.CharField(max_length=100), verbose_name=_("included (Chinese)"), default=list, blank=True
    )
    includes_en = ArrayField(
        models.CharField(max_length=160), verbose_name=_("included (English)"), default=list, blank=True
    )
    excludes_zh = ArrayField(
        models.CharField(max_length=100), verbose_name=_("not included (Chinese)"), default=list, blank=True
    )
    excludes_en = ArrayField(
        models.CharField(max_length=160), verbose_name=_("not included (English)"), default=list, blank=True
    )
    add_ons = models.JSONField(
        _("add-ons"), default=list, blank=True, help_text=_("`[{code, name_zh, name_en, price_fen}]`.")
    )
    holiday_bp = models.PositiveSmallIntegerField(
        _("on statutory holidays (basis points)"), default=0, help_text=_("Added to the base price; 5000 is half.")
    )
    night_bp = models.PositiveSmallIntegerField(_("at night (basis points)"), default=0)
    night_from = models.TimeField(_("night begins"), null=True, blank=True)
    night_until = models.TimeField(_("night ends"), null=True, blank=True)
    travel_free_m = models.PositiveIntegerField(_("free way (metres)"), default=0)
    travel_fen_per_km = models.PositiveIntegerField(_("way (fen a kilometre)"), default=0)
    cancel_tiers = models.JSONField(
        _("cancellation"), default=list, blank=True,
        help_text=_("`[{hours_before, fee_bp}]`, never dearer than the platform's; empty: the platform's."),
    )  # fmt: skip
    terms_zh = models.CharField(_("terms (Chinese)"), max_length=300, blank=True, default="")
    terms_en = models.CharField(_("terms (English)"), max_length=400, blank=True, default="")
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("published by"), null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("Version of a listing")
        verbose_name_plural = _("Versions of listings")
        constraints = [
            models.UniqueConstraint(fields=["listing", "no"], name="listing_version_once"),
            models.CheckConstraint(
                name="listing_version_surcharges",
                condition=Q(holiday_bp__lte=20_000, night_bp__lte=20_000),
                violation_error_message=_("A surcharge is at most twice the price."),
            ),
            models.CheckConstraint(
                name="listing_version_night_has_hours",
                condition=Q(night_bp=0) | Q(night_from__isnull=False, night_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing_id} v{self.no}"
