"""The tree of administrative divisions 省 > 市 > 区县 > 街道 > 社区."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models
from django.db.models import F, Func
from django.utils.translation import gettext_lazy as _

from communities.divisions.rules import spoken_name
from homeservice.kernel.scope import Scope, ScopedQuerySet, within


class DivisionQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "DivisionQuerySet":
        """The subtree of each division that the person holds."""
        return self if scope.everything else self.filter(within("area_code", scope.areas))


class Division(models.Model):
    """One division. `area_code` is the first 2/4/6/9/12 digits of `code` by level, and the key:
    a row's scope is a prefix of it, everywhere."""

    class Level(models.IntegerChoices):
        PROVINCE = 1, _("Province")
        CITY = 2, _("City")
        COUNTY = 3, _("District or county")
        STREET = 4, _("Street or town")
        COMMUNITY = 5, _("Community or village")

    area_code = models.CharField(_("area code"), max_length=12, primary_key=True)
    code = models.CharField(_("code"), max_length=12, unique=True)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    name = models.CharField(_("official name"), max_length=60)
    short_name = models.CharField(
        _("short name"), max_length=60, help_text=_("Without 社区居民委员会, 村民委员会 and the like.")
    )
    path_name = models.CharField(
        _("full name"),
        max_length=200,
        blank=True,
        help_text=_("The names above it, from the province down, with spaces between."),
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("parent"), null=True, blank=True, related_name="children"
    )
    pinyin = models.CharField(_("pinyin"), max_length=300, help_text=_("Sort key."))
    initials = models.CharField(_("initials"), max_length=60, help_text=_("First letters of the pinyin, lower case."))
    bigrams = ArrayField(
        models.CharField(max_length=4),
        verbose_name=_("bigrams"),
        help_text=_("Pairs of neighbouring characters of the short names from the city down, for search."),
    )
    lat = models.FloatField(_("latitude"))
    lon = models.FloatField(_("longitude"))
    coord_source = models.CharField(_("source of coordinates"), max_length=12)

    objects = DivisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Division")
        verbose_name_plural = _("Divisions")
        indexes = [
            models.Index(fields=["parent", "pinyin"], name="division_children"),
            models.Index(fields=["initials"], name="division_initials"),
            models.Index(fields=["pinyin"], name="division_pinyin"),
            GinIndex(fields=["bigrams"], name="division_bigrams"),
            GistIndex(Func(F("lat"), F("lon"), function="ll_to_earth"), name="division_earth"),
        ]
        constraints = [
            models.CheckConstraint(
                name="division_area_code_by_level",
                condition=models.Q(level=1, area_code__regex=r"^\d{2}$")
                | models.Q(level=2, area_code__regex=r"^\d{4}$")
                | models.Q(level=3, area_code__regex=r"^\d{6}$")
                | models.Q(level=4, area_code__regex=r"^\d{9}$")
                | models.Q(level=5, area_code__regex=r"^\d{12}$"),
            ),
            models.CheckConstraint(
                name="division_parent_is_prefix",
                condition=models.Q(area_code__startswith=F("parent_id")) | models.Q(parent__isnull=True, level=1),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def city_code(self) -> str:
        """The city's area code: the dispatch shard."""
        return self.area_code[:4]

    @property
    def place(self) -> str:
        """Where it lies, nearest first: `石牌街道 · 天河区 · 广州市`. Names repeat, so lists show it beside them."""
        return " · ".join(reversed(self.path_name.split(" ")[1:]))

    @property
    def called(self) -> str:
        """What people call it: `华标社区` for 华标社区居民委员会."""
        return spoken_name(self.name, self.level)
