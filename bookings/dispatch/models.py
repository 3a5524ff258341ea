"""Dispatch: what points were asked, and the receipt of each round."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.lifecycle.models import Booking
from bookings.menus.models import MenuEntry
from communities.accounts.models import User
from communities.points.models import ServicePoint
from homeservice.kernel.scope import Scope, ScopedQuerySet, within


class PointOfferQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "PointOfferQuerySet":
        """Offers to the points that the person runs or supervises."""
        if scope.everything:
            return self
        return self.filter(Q(point__in=scope.point_ids) | within("point__community__area_code", scope.areas))

    def run_by(self, scope: Scope) -> "PointOfferQuerySet":
        """Offers that the person may answer: those to the points that they run."""
        return self if scope.everything else self.filter(point__in=ServicePoint.objects.run_by(scope))


class PointOffer(models.Model):
    """A service point is asked to take a booking at its own menu entry."""

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        LAPSED = "lapsed", _("Not answered in time")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    booking = models.ForeignKey(Booking, models.PROTECT, verbose_name=_("booking"), related_name="offers")
    point = models.ForeignKey(ServicePoint, models.PROTECT, verbose_name=_("service point"), related_name="offers")
    entry = models.ForeignKey(MenuEntry, models.PROTECT, verbose_name=_("menu entry"), related_name="+")
    round_no = models.PositiveSmallIntegerField(_("round"))
    distance_m = models.PositiveIntegerField(_("distance (metres)"))
    state = models.CharField(_("state"), max_length=10, choices=State)
    offered_at = models.DateTimeField(_("offered at"))
    deadline_at = models.DateTimeField(_("deadline"))
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("decided by"), null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = PointOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("Offer to a point")
        verbose_name_plural = _("Offers to points")
        constraints = [
            models.UniqueConstraint(
                fields=["booking"], condition=Q(state__in=["open", "accepted"]), name="point_offer_one_live"
            ),
            models.CheckConstraint(
                name="point_offer_decided_has_time", condition=Q(state="open") | Q(decided_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["deadline_at"], condition=Q(state="open"), name="point_offer_deadlines"),
            models.Index(fields=["point", "deadline_at"], condition=Q(state="open"), name="point_offer_inbox"),
            models.Index(fields=["booking", "round_no"], name="point_offer_of_booking"),
        ]

    def __str__(self) -> str:
        return f"{self.booking_id} to {self.point_id}"


class Receipt(models.Model):
    """What one round saw and decided: each candidate, what removed it, the score of the rest."""

    booking = models.ForeignKey(Booking, models.PROTECT, verbose_name=_("booking"), related_name="receipts")
    round_no = models.PositiveSmallIntegerField(_("round"))
    at = models.DateTimeField(_("at"))
    outcome = models.CharField(_("outcome"), max_length=20)
    points = models.JSONField(_("points"), default=list, help_text=_("`[{point, distance_m, removed_by | chosen}]`"))
    workers = models.JSONField(_("workers"), default=list, help_text=_("`[{worker, score, parts | removed_by}]`"))

    class Meta:
        verbose_name = _("Dispatch receipt")
        verbose_name_plural = _("Dispatch receipts")
        indexes = [models.Index(fields=["booking", "at"], name="receipt_of_booking")]

    def __str__(self) -> str:
        return f"{self.booking_id} round {self.round_no}: {self.outcome}"


class DispatchPolicy(models.Model):
    """Timers and weights of dispatch in a division's subtree while `validity` lasts."""

    area_code = models.CharField(
        _("area code"), max_length=12, help_text=_("Division subtree; the longest match counts.")
    )
    validity = DateRangeField(_("validity"))
    confirm_window_min = models.PositiveSmallIntegerField(
        _("time to confirm (minutes)"), help_text=_("A named worker's time to say yes.")
    )
    last_call_min = models.PositiveSmallIntegerField(
        _("last call (minutes)"), help_text=_("Nobody is asked any more from then before the start.")
    )
    keep_bonus = models.PositiveIntegerField(
        _("bonus of a held time"), help_text=_("Score of a worker whose time is held already.")
    )
    same_worker_bonus = models.PositiveIntegerField(
        _("bonus of the same worker"), help_text=_("Score of a worker who served this household before.")
    )
    rating_weight = models.PositiveIntegerField(_("weight of the rating"), help_text=_("Score of one star."))
    distance_weight = models.PositiveIntegerField(_("weight of distance"), help_text=_("Score that a kilometre costs."))

    class Meta:
        verbose_name = _("Dispatch policy")
        verbose_name_plural = _("Dispatch policies")
        constraints = [
            ExclusionConstraint(
                name="dispatch_policy_one_at_a_time",
                expressions=[("area_code", RangeOperators.EQUAL), ("validity", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return f"{self.area_code} {self.validity}"
