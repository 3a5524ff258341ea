"""Menus 供给菜单: what a service point offers, built by community staff from listings."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from communities.accounts.models import User
from communities.points.models import ServicePoint
from homeservice.kernel.scope import Scope, ScopedQuerySet, within
from providers.catalogue.models import in_language
from providers.listings.models import Listing


class Menu(models.Model):
    """A point's menu. Each published change raises `version`, which is the key of cached cards."""

    point = models.OneToOneField(ServicePoint, models.CASCADE, verbose_name=_("service point"), related_name="menu")
    version = models.PositiveIntegerField(_("version"), default=1)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("published by"), null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("Menu")
        verbose_name_plural = _("Menus")

    def __str__(self) -> str:
        return f"menu of {self.point_id} v{self.version}"


class MenuEntryQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "MenuEntryQuerySet":
        """Entries of the points that the person runs or supervises."""
        if scope.everything:
            return self
        return self.filter(Q(point__in=scope.point_ids) | within("point__community__area_code", scope.areas))

    def run_by(self, scope: Scope) -> "MenuEntryQuerySet":
        """Entries that the person may change: those of the points that they run."""
        return self if scope.everything else self.filter(point__in=ServicePoint.objects.run_by(scope))

    def on_offer(self) -> "MenuEntryQuerySet":
        """What residents see: published, of an open point, an active listing and enterprise."""
        return self.filter(
            state="published", point__active=True, listing__active=True, listing__enterprise__state="admitted"
        )


class MenuEntry(models.Model):
    """A listing on a point's menu, at the price that is shown there."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", pgettext_lazy("menu entry", "Withdrawn")

    point = models.ForeignKey(ServicePoint, models.PROTECT, verbose_name=_("service point"), related_name="entries")
    listing = models.ForeignKey(Listing, models.PROTECT, verbose_name=_("listing"), related_name="entries")
    item_code = models.CharField(
        _("item code"), max_length=8, help_text=_("Copied from the listing, for look-up at dispatch.")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    price_fen = models.PositiveIntegerField(
        _("price (fen)"), help_text=_("Shown unit price; never above the listing's.")
    )
    capacity = models.PositiveSmallIntegerField(
        _("capacity"), null=True, blank=True, help_text=_("Places per sitting, for what needs no worker.")
    )
    sittings = ArrayField(
        models.TimeField(),
        verbose_name=_("sittings"),
        default=list,
        blank=True,
        help_text=_("Times at which a sitting starts."),
    )
    note_zh = models.CharField(_("note (Chinese)"), max_length=100, blank=True)
    note_en = models.CharField(_("note (English)"), max_length=160, blank=True)

    objects = MenuEntryQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("Menu entry")
        verbose_name_plural = _("Menu entries")
        constraints = [
            models.UniqueConstraint(fields=["point", "listing"], name="menu_entry_listing_once"),
            models.CheckConstraint(
                name="menu_entry_capacity_positive", condition=Q(capacity__isnull=True) | Q(capacity__gt=0)
            ),
        ]
        indexes = [
            models.Index(fields=["point", "position"], name="menu_entry_of_point"),
            models.Index(fields=["item_code", "point"], condition=Q(state="published"), name="menu_entry_of_item"),
        ]

    def __str__(self) -> str:
        return f"entry {self.pk} of {self.point_id}"

    @property
    def note(self) -> str:
        """What staff say of it, in the reader's language."""
        return in_language(self.note_zh, self.note_en)


class Sitting(models.Model):
    """Places taken at one start of an entry that needs no worker (meals, day care, courses)."""

    entry = models.ForeignKey(MenuEntry, models.CASCADE, verbose_name=_("menu entry"), related_name="sitting_counts")
    starts_at = models.DateTimeField(_("starts at"))
    taken = models.PositiveSmallIntegerField(_("places taken"), default=0)
    capacity = models.PositiveSmallIntegerField(_("capacity"))

    class Meta:
        verbose_name = _("Sitting")
        verbose_name_plural = _("Sittings")
        constraints = [
            models.UniqueConstraint(fields=["entry", "starts_at"], name="sitting_once"),
            models.CheckConstraint(name="sitting_not_overfull", condition=Q(taken__lte=F("capacity"))),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.starts_at} {self.taken}/{self.capacity}"
