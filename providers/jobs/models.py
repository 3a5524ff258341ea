"""Jobs near home 家门口就业: openings, applications and placements."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.accounts.models import User
from communities.divisions.models import Division
from homeservice.kernel.scope import Scope, ScopedQuerySet, within
from providers.catalogue.models import ServiceKind
from providers.enterprises.models import Enterprise
from providers.workers.models import Worker


class JobOpeningQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "JobOpeningQuerySet":
        """Those of one's own enterprise, and of one's divisions."""
        if scope.everything:
            return self
        return self.filter(Q(enterprise_id=scope.enterprise_id) | within("community__area_code", scope.areas))

    def open_to_public(self, on_date: date) -> "JobOpeningQuerySet":
        """Those that one may apply for: they end by themselves after their last day."""
        return self.filter(state=JobOpening.State.OPEN, enterprise__state="admitted", closes_date__gte=on_date)


class JobOpening(models.Model):
    """An enterprise looks for people near a community. Pay is a range, as the law on posted wages wants it."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("job", "Open")
        FILLED = "filled", _("Filled")
        CLOSED = "closed", _("Closed")

    class PayUnit(models.TextChoices):
        HOUR = "hour", _("hour")
        DAY = "day", _("day")
        MONTH = "month", _("month")

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, verbose_name=_("enterprise"), related_name="openings")
    community = models.ForeignKey(Division, models.PROTECT, verbose_name=_("community"), related_name="+")
    kind = models.ForeignKey(ServiceKind, models.PROTECT, verbose_name=_("kind"), related_name="+")
    relation = models.CharField(_("relation"), max_length=20, choices=Worker.Relation)
    title = models.CharField(_("title"), max_length=60)
    duties = models.CharField(_("duties"), max_length=600)
    hours_words = models.CharField(_("working hours"), max_length=120)
    pay_low_fen = models.PositiveIntegerField(_("lowest pay (fen)"))
    pay_high_fen = models.PositiveIntegerField(_("highest pay (fen)"))
    pay_unit = models.CharField(_("paid by the"), max_length=6, choices=PayUnit)
    trains = models.BooleanField(_("trains newcomers"), default=False)
    lodging = models.BooleanField(_("offers lodging"), default=False)
    places = models.PositiveSmallIntegerField(_("places"))
    placed = models.PositiveSmallIntegerField(_("placed"), default=0)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    published_at = models.DateTimeField(_("published at"))
    closes_date = models.DateField(_("closes on"))

    objects = JobOpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("Job opening")
        verbose_name_plural = _("Job openings")
        constraints = [
            models.CheckConstraint(name="job_pay_forward", condition=Q(pay_high_fen__gte=F("pay_low_fen"))),
            models.CheckConstraint(name="job_places_positive", condition=Q(places__gte=1)),
            models.CheckConstraint(
                name="job_never_overfilled",
                condition=Q(placed__lte=F("places")),
                violation_error_message=_("All places are filled."),
            ),
        ]
        indexes = [models.Index(fields=["community", "state"], name="job_opening_near")]

    def __str__(self) -> str:
        return self.title

    @property
    def places_left(self) -> int:
        return self.places - self.placed


class JobApplicationQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "JobApplicationQuerySet":
        """The applicant's own, and those at one's own enterprise."""
        if scope.everything:
            return self
        return self.filter(Q(user_id=scope.user_id) | Q(opening__enterprise_id=scope.enterprise_id))


class JobApplication(models.Model):
    """A person applies; the enterprise talks to them, and takes them or not."""

    class State(models.TextChoices):
        APPLIED = "applied", _("Applied")
        INTERVIEW = "interview", _("Invited to talk")
        PLACED = "placed", _("Placed")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    opening = models.ForeignKey(JobOpening, models.PROTECT, verbose_name=_("opening"), related_name="applications")
    user = models.ForeignKey(User, models.PROTECT, verbose_name=_("person"), related_name="job_applications")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.APPLIED)
    note = models.CharField(_("note"), max_length=300, blank=True, default="")
    answer = models.CharField(_("answer"), max_length=300, blank=True, default="")
    applied_at = models.DateTimeField(_("applied at"))
    interview_at = models.DateTimeField(_("talk at"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    person_arrived_at = models.DateTimeField(_("arrival confirmed by the person at"), null=True, blank=True)
    enterprise_arrived_at = models.DateTimeField(_("arrival confirmed by the enterprise at"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("arrival confirmed at"), null=True, blank=True, help_text=_("By both."))

    objects = JobApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Job application")
        verbose_name_plural = _("Job applications")
        constraints = [
            models.UniqueConstraint(
                fields=["opening", "user"],
                condition=~Q(state__in=["withdrawn", "refused"]),
                name="job_application_once",
                violation_error_message=_("You have applied already."),
            ),
            models.CheckConstraint(
                name="job_arrival_said_by_both",
                condition=Q(arrived_at__isnull=True)
                | Q(person_arrived_at__isnull=False, enterprise_arrived_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["opening", "state", "applied_at"], name="job_application_queue")]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.opening_id}"
