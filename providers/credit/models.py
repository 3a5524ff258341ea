"""Credit of enterprises and workers: events with a source and an end, objections, and the published rules of the score."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from communities.accounts.models import User
from homeservice.foundation.models import Upload
from homeservice.kernel.scope import Scope, ScopedQuerySet, within
from providers.catalogue.models import in_language
from providers.enterprises.models import Enterprise
from providers.workers.models import Worker


class Category(models.TextChoices):
    """What may enter the score, and nothing else: never health, disease, religion or biometrics (征信业管理条例 14)."""

    SERVICE = "service", _("Service given")
    CONDUCT = "conduct", _("Conduct")
    CONTRACT = "contract", _("Contracts kept")
    WAGES = "wages", _("Wages paid")
    TRAINING = "training", _("Training")
    COMMENDATION = "commendation", _("Commendation")
    PENALTY = "penalty", _("Administrative penalty")
    TRUTHFULNESS = "truthfulness", _("Truthful papers")


class CreditRule(models.Model):
    """One line of the published formula: what kind of event moves the score by how much, and for how long."""

    class Holder(models.TextChoices):
        WORKER = "worker", _("Worker")
        ENTERPRISE = "enterprise", _("Enterprise")

    code = models.CharField(_("code"), max_length=40, primary_key=True)
    holder = models.CharField(_("holder"), max_length=10, choices=Holder)
    category = models.CharField(_("category"), max_length=14, choices=Category)
    name_zh = models.CharField(_("name (Chinese)"), max_length=80)
    name_en = models.CharField(_("name (English)"), max_length=120)
    points = models.SmallIntegerField(_("points"))
    lasts_days = models.PositiveSmallIntegerField(_("lasts (days)"))
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("Credit rule")
        verbose_name_plural = _("Credit rules")
        constraints = [
            models.CheckConstraint(
                name="credit_rule_lawful_category",
                condition=Q(category__in=Category.values),
                violation_error_message=_("Health, disease, religion and biometrics never enter the credit score."),
            ),
            models.CheckConstraint(name="credit_rule_moves_the_score", condition=~Q(points=0)),
            models.CheckConstraint(
                name="credit_rule_negative_five_years", condition=Q(points__gt=0) | Q(lasts_days__lte=1826)
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        return in_language(self.name_zh, self.name_en)


class CreditEventQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "CreditEventQuerySet":
        """The holder's own, the enterprise's workers', and staff's where the holder works or lives."""
        if scope.everything:
            return self
        mine = Q(worker_id__isnull=False, worker_id=scope.worker_id)
        if scope.enterprise_id:
            mine |= Q(enterprise_id=scope.enterprise_id) | Q(worker__enterprise_id=scope.enterprise_id)
        return self.filter(
            mine
            | within("worker__enterprise__division__area_code", scope.supply_areas)
            | within("worker__home_community__area_code", scope.supply_areas)
            | within("enterprise__division__area_code", scope.supply_areas)
        )

    def counting(self, on_date: date) -> "CreditEventQuerySet":
        """What moves a score on the day."""
        return self.filter(state=CreditEvent.State.IN_FORCE, occurred_date__lte=on_date, expires_date__gt=on_date)


class CreditEvent(models.Model):
    """Something that counts for or against: who says so, since when, and until when (never longer than the rule)."""

    class State(models.TextChoices):
        IN_FORCE = "in_force", _("In force")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Source(models.TextChoices):
        AUTHORITY = "authority", _("Authority")
        ASSOCIATION = "association", _("Association")
        PLATFORM = "platform", _("Platform")
        ENTERPRISE = "enterprise", _("Enterprise")

    rule = models.ForeignKey(CreditRule, models.PROTECT, verbose_name=_("rule"), related_name="events")
    worker = models.ForeignKey(
        Worker, models.PROTECT, verbose_name=_("worker"), null=True, blank=True, related_name="credit_events"
    )
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name=_("enterprise"), null=True, blank=True, related_name="credit_events"
    )
    points = models.SmallIntegerField(_("points"), help_text=_("As the rule said on the day."))
    source = models.CharField(_("source"), max_length=12, choices=Source)
    source_name = models.CharField(_("name of the source"), max_length=80)
    document_no = models.CharField(_("document number"), max_length=60, blank=True, default="")
    summary = models.CharField(_("summary"), max_length=300)
    scan = models.ForeignKey(Upload, models.SET_NULL, verbose_name=_("scan"), null=True, blank=True, related_name="+")
    occurred_date = models.DateField(_("occurred on"))
    expires_date = models.DateField(_("expires on"), help_text=_("The first day on which it no longer counts."))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.IN_FORCE)
    recorded_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("recorded by"), null=True, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"))

    objects = CreditEventQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("Credit event")
        verbose_name_plural = _("Credit events")
        constraints = [
            models.CheckConstraint(
                name="credit_event_one_holder",
                condition=Q(worker__isnull=False, enterprise__isnull=True)
                | Q(worker__isnull=True, enterprise__isnull=False),
            ),
            models.CheckConstraint(name="credit_event_forward", condition=Q(expires_date__gt=F("occurred_date"))),
            models.CheckConstraint(name="credit_event_moves_the_score", condition=~Q(points=0)),
        ]
        indexes = [
            models.Index(fields=["worker", "expires_date"], name="credit_event_of_worker"),
            models.Index(fields=["enterprise", "expires_date"], name="credit_event_of_firm"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.points:+d}"


class ObjectionQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "ObjectionQuerySet":
        """Whoever may see the event."""
        return self.filter(event__in=CreditEvent.objects.visible_to(scope).values("pk"))


class Objection(models.Model):
    """The holder objects to an event: checked and answered within 20 days."""

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("Upheld: the event is withdrawn")
        DISMISSED = "dismissed", _("Dismissed: the event stays")

    event = models.ForeignKey(CreditEvent, models.PROTECT, verbose_name=_("event"), related_name="objections")
    filed_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("filed by"), related_name="+")
    text = models.CharField(_("text"), max_length=1000)
    filed_at = models.DateTimeField(_("filed at"))
    due_date = models.DateField(_("due on"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True, default="")
    answer = models.CharField(_("answer"), max_length=1000, blank=True, default="")
    answered_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("answered by"), null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Objection")
        verbose_name_plural = _("Objections")
        constraints = [
            models.UniqueConstraint(fields=["event"], condition=Q(outcome=""), name="objection_open_once"),
            models.CheckConstraint(
                name="objection_answered_whole",
                condition=Q(outcome="", answered_at__isnull=True) | ~Q(outcome="") & Q(answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"objection to {self.event_id}"
