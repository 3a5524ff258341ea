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
from homeservice.kernel.vocabulary import Admission, Sex, TransportMode
from providers.catalogue.models import ServiceKind
from providers.enterprises.models import Enterprise
from providers.workers.rules import years_old


class WorkerQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "WorkerQuerySet":
        """Oneself; an enterprise's own workers; staff those living or employed in their divisions."""
        if scope.everything:
            return self
        mine = Q(pk=scope.worker_id) | Q(enterprise_id__isnull=False, enterprise_id=scope.enterprise_id)
        area = within("home_community__area_code", scope.supply_areas) | within(
            "enterprise__division__area_code", scope.supply_areas
        )
        return self.filter(mine | area)


class Worker(models.Model):
    """A person who serves. Bound to at most one enterprise at a time."""

    class Relation(models.TextChoices):
        EMPLOYEE = "employee", _("Employee")
        AGENCY = "agency", _("Introduced by an agency")
        SERVICE_AGREEMENT = "service_agreement", _("Service agreement")
        FLEXIBLE = "flexible", _("Flexible")
        VOLUNTEER = "volunteer", _("Volunteer")

    class Education(models.TextChoices):
        PRIMARY = "primary", _("Primary school")
        MIDDLE = "middle", _("Middle school")
        HIGH = "high", _("High school")
        VOCATIONAL = "vocational", _("Vocational school")
        COLLEGE = "college", _("College")
        BACHELOR = "bachelor", _("Bachelor or higher")

    State = Admission

    user = models.OneToOneField(User, models.PROTECT, verbose_name=_("person"), related_name="worker")
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name=_("enterprise"), null=True, blank=True, related_name="workers"
    )
    relation = models.CharField(_("relation"), max_length=20, choices=Relation)
    state = models.CharField(_("state"), max_length=24, choices=Admission, default=Admission.AWAITING_AUTHORISATION)
    state_reason = models.CharField(
        _("reason of the state"), max_length=300, blank=True, default="", help_text=_("Worker and enterprise read it.")
    )
    real_name = EncryptedTextField(_("real name"))
    id_number = EncryptedTextField(_("ID number"), blank=True, default="")
    id_number_index = models.CharField(
        _("index of the ID number"), max_length=64, blank=True, default="", editable=False
    )
    sex = models.CharField(_("sex"), max_length=6, choices=Sex)
    birth_date = models.DateField(_("birth date"))
    origin_province = models.CharField(_("province of origin"), max_length=20, blank=True)
    languages = ArrayField(models.CharField(max_length=20), verbose_name=_("languages"), default=list)
    education = models.CharField(_("education"), max_length=10, choices=Education, blank=True, default="")
    skills = ArrayField(
        models.CharField(max_length=30),
        verbose_name=_("skills"),
        default=list,
        blank=True,
        help_text=_("In plain words, beside what papers prove."),
    )
    photo = models.ForeignKey(Upload, models.SET_NULL, verbose_name=_("photo"), null=True, blank=True, related_name="+")
    home_community = models.ForeignKey(Division, models.PROTECT, verbose_name=_("home community"), related_name="+")
    lat = models.FloatField(_("latitude"), help_text=_("Where the day starts."))
    lon = models.FloatField(_("longitude"))
    service_radius_m = models.PositiveIntegerField(_("service radius (metres)"), default=5000)
    transport = models.CharField(_("transport"), max_length=8, choices=TransportMode, default=TransportMode.EBIKE)
    daily_limit_min = models.PositiveSmallIntegerField(
        _("own daily limit (minutes)"), null=True, blank=True, help_text=_("Below that of the law for the relation.")
    )
    weekly_limit_min = models.PositiveSmallIntegerField(_("own weekly limit (minutes)"), null=True, blank=True)
    star = models.PositiveSmallIntegerField(
        _("star"), null=True, blank=True, help_text=_("Given by the labour authority; no rating of the platform.")
    )
    rating_sum = models.PositiveIntegerField(_("sum of ratings"), default=0)
    rating_count = models.PositiveIntegerField(_("number of ratings"), default=0)
    visits_done = models.PositiveIntegerField(_("visits done"), default=0)
    complaints_upheld = models.PositiveIntegerField(_("complaints upheld"), default=0)
    joined_date = models.DateField(_("joined on"))
    papers_changed_at = models.DateTimeField(
        _("papers changed at"), null=True, blank=True, help_text=_("The service code is computed anew after that.")
    )

    objects = WorkerQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("Worker")
        verbose_name_plural = _("Workers")
        indexes = [
            GistIndex(Func(F("lat"), F("lon"), function="ll_to_earth"), name="worker_earth"),
            models.Index(fields=["enterprise", "state"], name="worker_of_enterprise"),
            models.Index(fields=["papers_changed_at"], name="worker_papers_changed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["id_number_index"],
                condition=~Q(id_number_index=""),
                name="worker_id_number_once",
                violation_error_message=_("This person is on file as a worker already."),
            ),
            models.CheckConstraint(name="worker_state_known", condition=Q(state__in=Admission.values)),
            models.CheckConstraint(
                name="worker_star_one_to_five", condition=Q(star__isnull=True) | Q(star__gte=1, star__lte=5)
            ),
            models.CheckConstraint(
                name="worker_limits_in_a_day_and_week",
                condition=(Q(daily_limit_min__isnull=True) | Q(daily_limit_min__gt=0, daily_limit_min__lte=720))
                & (Q(weekly_limit_min__isnull=True) | Q(weekly_limit_min__gt=0, weekly_limit_min__lte=3600)),
            ),
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


class WorkLimit(models.Model):
    """How long people of a relation may work, and how long they rest: law and platform rules with validity dates."""

    relation = models.CharField(_("relation"), max_length=20, choices=Worker.Relation)
    daily_min = models.PositiveSmallIntegerField(_("a day (minutes)"))
    weekly_min = models.PositiveSmallIntegerField(_("a week (minutes)"), help_text=_("Monday to Sunday."))
    rest_min = models.PositiveSmallIntegerField(_("rest between two days (minutes)"))
    rest_days = models.PositiveSmallIntegerField(_("days off a week"))
    basis = models.CharField(_("basis"), max_length=120)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("Limit of working time")
        verbose_name_plural = _("Limits of working time")
        constraints = [
            models.UniqueConstraint(fields=["relation", "valid_from"], name="work_limit_once_a_period"),
            models.CheckConstraint(
                name="work_limit_in_a_day_and_week",
                condition=Q(daily_min__gt=0, daily_min__lte=1440, weekly_min__lte=10080, rest_min__lte=1440)
                & Q(rest_days__lte=7),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.relation} {self.valid_from}"
