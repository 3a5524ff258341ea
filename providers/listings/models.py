"""Listings 企业报价: an enterprise's price, area and terms for an item of the catalogue."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from homeservice.kernel.scope import Scope, ScopedQuerySet, within
from providers.catalogue.models import ServiceItem
from providers.enterprises.models import Enterprise


class ListingQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "ListingQuerySet":
        """One's own enterprise's; staff those of enterprises in the city of their divisions."""
        if scope.everything:
            return self
        cities = tuple({area[:4] for area in scope.areas})
        return self.filter(
            Q(enterprise_id__isnull=False, enterprise_id=scope.enterprise_id)
            | within("enterprise__division__area_code", cities)
        )


class Listing(models.Model):
    """What an enterprise offers: community staff may put it on a menu, never above this price."""

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
    active = models.BooleanField(_("active"), default=True)

    objects = ListingQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("Listing")
        verbose_name_plural = _("Listings")
        constraints = [models.UniqueConstraint(fields=["enterprise", "item", "tier"], name="listing_once_a_tier")]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.item}"
