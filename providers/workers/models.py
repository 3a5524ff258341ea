"""Workers 家政服务员: who they are, where they start from, when they work, what they do."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from communities.accounts.models import User
from communities.divisions.models import Division
from homeservice.foundation.models import Upload
from homeservice.kernel.clock import today
from homeservice.kernel.crypto import EncryptedTextField, masked_name
from homeservice.kernel.scope import Scope, ScopedQuerySet, within
from homeservice.kernel.vocabulary import Sex, TransportMode
from providers.catalogue.models import ServiceKind
from providers.enterprises.models import Enterprise
from providers.workers.rules import years_old


class WorkerQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "WorkerQuerySet":
        """Oneself; an enterprise's own workers; staff those living or employed in their divisions."""
        if scope.everything:
            return self
        mine = Q(pk=scope.worker_id) | Q(enterprise_id__isnull=False, enterprise_id=scope.enterprise_id)
        area = within("home_community__area_code", scope.areas) | within("enterprise__division__area_code", scope.areas)
        return self.filter(mine | area)


class Worker(models.Model):
    """A person who serves. Bound to at most one enterprise at a time."""

    class Relation(models.TextChoices):
        EMPLOYEE = "employee", _("Employee")
        AGENCY = "agency", _("Introduced by an agency")
        SERVICE_AGREEMENT = "service_agreement", _("Service agreement")
        FLEXIBLE = "flexible", _("Flexible")
        VOLUNTEER = "volunteer", _("Volunteer")

    class State(models.TextChoices):
        ADMITTED = "admitted", _("Admitted")
        SUSPENDED = "suspended", _("Suspended")
        EXITED = "exited", _("Exited")

    user = models.OneToOneField(User, models.PROTECT, verbose_name=_("person"), related_name="worker")
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name=_("enterprise"), null=True, blank=True, related_name="workers"
    )
    relation = models.CharField(_("relation"), max_length=20, choices=Relation)
    state = models.CharField(_("state"), max_length=10, choices=State)
    real_name = EncryptedTextField(_("real name"))
    sex = models.CharField(_("sex"), max_length=6, choices=Sex)
    birth_date = models.DateField(_("birth date"))
    origin_province = models.CharField(_("province of origin"), max_length=20, blank=True)
    languages = ArrayField(models.CharField(max_length=20), verbose_name=_("languages"), default=list)
    photo = models.ForeignKey(Upload, models.SET_NULL, verbose_name=_("photo"), null=True, blank=True, related_name="+")
    home_community = models.ForeignKey(Division, models.PROTECT, verbose_name=_("home community"), related_name="+")
    lat = models.FloatField(_("latitude"), help_text=_("Where the day starts."))
    lon = models.FloatField(_("longitude"))
    service_radius_m = models.PositiveIntegerField(_("service radius (metres)"), default=5000)
    transport = models.CharField(_("transport"), max_length=8, choices=TransportMode, default=TransportMode.EBIKE)
    rating_sum = models.PositiveIntegerField(_("sum of ratings"), default=0)
    rating_count = models.PositiveIntegerField(_("number of ratings"), default=0)
    visits_done = models.PositiveIntegerField(_("visits done"), default=0)
    joined_date = models.DateField(_("joined on"))

    objects = WorkerQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("Worker")
        verbose_name_plural = _("Workers")
        indexes = [
            GistIndex(Func(F("lat"), F("lon"), function="ll_to_earth"), name="worker_earth"),
            models.Index(fields=["enterprise", "state"], name="worker_of_enterprise"),
        ]

    def __str__(self) -> str:
        return self.masked_name

    @property
    def masked_name(self) -> str:
        return masked_name(self.real_name)

    @property
    def age_band(self) -> str:
        """`40–49`: what a resident with an order may know of the worker's age."""
        decade = years_old(self.birth_date, today()) // 10 * 10
        return f"{decade}–{decade + 9}"

    @property
    def rating(self) -> float | None:
        """The mean of the platform's visit ratings, one decimal, or None without any."""
        return round(self.rating_sum / self.rating_count, 1) if self.rating_count else None


class WorkerKind(models.Model):
    """A worker is bound to a kind of service (the gate is asked before)."""

    worker = models.ForeignKey(Worker, models.CASCADE, verbose_name=_("worker"), related_name="kinds")
    kind = models.ForeignKey(ServiceKind, models.PROTECT, verbose_name=_("kind"), related_name="+")

    class Meta:
        verbose_name = _("Worker's kind of service")
        verbose_name_plural = _("Workers' kinds of service")
        constraints = [models.UniqueConstraint(fields=["worker", "kind"], name="worker_kind_once")]
        indexes = [models.Index(fields=["kind", "worker"], name="worker_kind_workers")]

    def __str__(self) -> str:
        return f"{self.worker_id} {self.kind_id}"


class WorkingHours(models.Model):
    """When a worker works on one weekday (0 is Monday); several rows for a split shift."""

    worker = models.ForeignKey(Worker, models.CASCADE, verbose_name=_("worker"), related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"))
    starts = models.TimeField(_("starts"))
    ends = models.TimeField(_("ends"))

    class Meta:
        verbose_name = _("Working hours")
        verbose_name_plural = _("Working hours of workers")
        constraints = [
            models.CheckConstraint(name="working_hours_forward", condition=Q(ends__gt=F("starts"))),
            models.CheckConstraint(name="working_hours_weekday", condition=Q(weekday__lte=6)),
            models.UniqueConstraint(fields=["worker", "weekday", "starts"], name="working_hours_once"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts}-{self.ends}"


class Leave(models.Model):
    """A period in which a worker does not work."""

    worker = models.ForeignKey(Worker, models.CASCADE, verbose_name=_("worker"), related_name="leaves")
    period = DateTimeRangeField(_("period"))
    reason = models.CharField(_("reason"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("Leave")
        verbose_name_plural = _("Leaves")
        constraints = [
            ExclusionConstraint(
                name="leave_no_overlap",
                expressions=[("worker", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return f"leave of {self.worker_id}"
