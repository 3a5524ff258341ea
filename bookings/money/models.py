"""Price policies: surcharges and cancellation tiers are data with validity dates."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _


class PricePolicy(models.Model):
    """What is added to a base price in a division's subtree while `validity` lasts. Shares in bp, money in fen."""

    area_code = models.CharField(
        _("area code"), max_length=12, help_text=_("Division subtree; the longest match counts.")
    )
    validity = DateRangeField(_("validity"))
    holiday_bp = models.PositiveIntegerField(
        _("holiday surcharge (basis points)"), default=0, help_text=_("Surcharge on statutory holidays.")
    )
    night_bp = models.PositiveIntegerField(
        _("night surcharge (basis points)"), default=0, help_text=_("Surcharge on the part between 22:00 and 06:00.")
    )
    travel_free_m = models.PositiveIntegerField(_("free travel (metres)"), default=5000)
    travel_fen = models.PositiveIntegerField(
        _("travel fee (fen)"), default=0, help_text=_("Flat travel fee beyond the free distance.")
    )
    cancel_tiers = models.JSONField(
        _("cancellation tiers"),
        default=list,
        help_text=_("`[[hours before, fee bp], …]`, longest first; the first that still holds counts."),
    )

    class Meta:
        verbose_name = _("Price policy")
        verbose_name_plural = _("Price policies")
        constraints = [
            ExclusionConstraint(
                name="price_policy_one_at_a_time",
                expressions=[("area_code", RangeOperators.EQUAL), ("validity", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return f"{self.area_code} {self.validity}"
