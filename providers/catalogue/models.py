"""What the platform knows how to serve: kinds (rows of the enforcement table) and the 65 items."""

from typing import TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from homeservice.kernel.vocabulary import Circumstance, Group, OrderMode, Place, Subsidy, Unit
from providers.catalogue.rules import visit_minutes

TextOrTexts = TypeVar("TextOrTexts", str, list[str])


def in_language(zh: TextOrTexts, en: TextOrTexts) -> TextOrTexts:
    """The Chinese text (or list of texts), or the English one when the reader's language is English."""
    return en if (get_language() or "").startswith("en") and en else zh


class ServiceKind(models.Model):
    """A service family: one row of the enforcement table (domain §3.4)."""

    code = models.CharField(_("code"), max_length=30, primary_key=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=40)
    name_en = models.CharField(_("name (English)"), max_length=80)
    icon = models.CharField(_("icon"), max_length=40, help_text=_("Name of a Bootstrap icon."))
    position = models.PositiveSmallIntegerField(_("position"))

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("Kind of service")
        verbose_name_plural = _("Kinds of service")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.name_zh, self.name_en)


class ServiceItem(models.Model):
    """One item of the catalogue: what is done, for whom, how long, by how many people."""

    code = models.CharField(_("code"), max_length=8, primary_key=True)
    kind = models.ForeignKey(ServiceKind, models.PROTECT, verbose_name=_("kind"), related_name="items")
    name_zh = models.CharField(_("name (Chinese)"), max_length=40)
    name_en = models.CharField(_("name (English)"), max_length=80)
    summary_zh = models.CharField(_("summary (Chinese)"), max_length=200)
    summary_en = models.CharField(_("summary (English)"), max_length=300)
    includes_zh = ArrayField(models.CharField(max_length=100), verbose_name=_("included (Chinese)"), default=list)
    includes_en = ArrayField(models.CharField(max_length=160), verbose_name=_("included (English)"), default=list)
    excludes_zh = ArrayField(
        models.CharField(max_length=100), verbose_name=_("not included (Chinese)"), default=list, blank=True
    )
    excludes_en = ArrayField(
        models.CharField(max_length=160), verbose_name=_("not included (English)"), default=list, blank=True
    )
    steps_zh = ArrayField(models.CharField(max_length=100), verbose_name=_("steps (Chinese)"), default=list, blank=True)
    steps_en = ArrayField(models.CharField(max_length=160), verbose_name=_("steps (English)"), default=list, blank=True)
    unit = models.CharField(_("unit"), max_length=16, choices=Unit)
    min_quantity = models.PositiveSmallIntegerField(_("least quantity"), default=1)
    max_quantity = models.PositiveSmallIntegerField(_("greatest quantity"), default=8)
    duration_min = models.PositiveIntegerField(
        _("duration (minutes)"), help_text=_("Minutes of one visit of the smallest quantity.")
    )
    duration_per_unit_min = models.PositiveIntegerField(
        _("duration per unit (minutes)"),
        default=0,
        help_text=_("Minutes that each further unit adds; 0 if the quantity does not lengthen the visit."),
    )
    crew_size = models.PositiveSmallIntegerField(_("crew size"), default=1)
    cleanup_min = models.PositiveSmallIntegerField(_("clean-up (minutes)"), default=10)
    needs_worker = models.BooleanField(_("needs a worker"), default=True)
    place = models.CharField(_("place"), max_length=8, choices=Place, default=Place.HOME)
    groups = ArrayField(models.CharField(max_length=16, choices=Group), verbose_name=_("groups of people"))
    modes = ArrayField(
        models.CharField(max_length=8, choices=OrderMode), verbose_name=_("ways to order"), default=list, blank=True
    )
    subsidies = ArrayField(
        models.CharField(max_length=16, choices=Subsidy), verbose_name=_("subsidies"), default=list, blank=True
    )
    price_low_fen = models.PositiveIntegerField(
        _("lowest price (fen)"), help_text=_("Illustrative range of the catalogue.")
    )
    price_high_fen = models.PositiveIntegerField(_("highest price (fen)"))
    lead_time_min = models.PositiveIntegerField(
        _("lead time (minutes)"), default=60, help_text=_("Earliest start after the order.")
    )
    health_facts_asked = models.BooleanField(
        _("health facts asked"), default=False, help_text=_("The order asks for them (GD Art 13).")
    )
    child_contact = models.BooleanField(_("child contact"), default=False)
    circumstances = ArrayField(
        models.CharField(max_length=14, choices=Circumstance),
        verbose_name=_("circumstances asked"),
        default=list,
        blank=True,
        help_text=_("What the order asks for, since the law asks more of who does it."),
    )
    school_subject = models.BooleanField(
        _("school subject"), default=False, help_text=_("Tutoring in school subjects: never listed, never booked.")
    )
    bookable = models.BooleanField(
        _("bookable"), default=True, help_text=_("By time slot; long contracts are arranged otherwise.")
    )
    icon = models.CharField(_("icon"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"))

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("Catalogue item")
        verbose_name_plural = _("Catalogue items")
        constraints = [
            models.CheckConstraint(
                name="item_price_range_forward", condition=Q(price_high_fen__gte=F("price_low_fen"))
            ),
            models.CheckConstraint(
                name="item_quantity_range_forward",
                condition=Q(max_quantity__gte=F("min_quantity"), min_quantity__gte=1),
            ),
            models.CheckConstraint(name="item_crew_one_to_three", condition=Q(crew_size__gte=1, crew_size__lte=3)),
            models.CheckConstraint(name="item_duration_positive", condition=Q(duration_min__gt=0)),
            models.CheckConstraint(
                name="item_school_subject_not_bookable", condition=Q(school_subject=False) | Q(bookable=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.name_zh, self.name_en)

    @property
    def summary(self) -> str:
        return in_language(self.summary_zh, self.summary_en)

    @property
    def includes(self) -> list[str]:
        return in_language(self.includes_zh, self.includes_en)

    @property
    def excludes(self) -> list[str]:
        return in_language(self.excludes_zh, self.excludes_en)

    @property
    def steps(self) -> list[str]:
        return in_language(self.steps_zh, self.steps_en)

    def minutes_for(self, quantity: int) -> int:
        """Minutes of a visit for a quantity, on the half-hour grid."""
        return visit_minutes(
            quantity,
            least=self.min_quantity,
            duration_min=self.duration_min,
            per_unit_min=self.duration_per_unit_min,
        )
