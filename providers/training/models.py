"""Training: courses, sessions near home or on a caravan's route, seats, attendance, results and requests."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from communities.accounts.models import User
from communities.divisions.models import Division
from communities.points.models import ServicePoint
from homeservice.kernel.scope import Scope, ScopedQuerySet, within
from homeservice.kernel.vocabulary import CredentialCode
from providers.catalogue.models import ServiceKind, in_language
from providers.credentials.models import Credential
from providers.credentials.papers import level_words
from providers.enterprises.models import Enterprise
from providers.training.rules import spoken_code


class Course(models.Model):
    """What a training institution teaches, and which certificate a pass leads to."""

    class Track(models.TextChoices):
        ENTRY = "entry", _("Before the first job")
        UPGRADE = "upgrade", _("Upgrading")
        TRANSFER = "transfer", _("Changing the trade")

    provider = models.ForeignKey(Enterprise, models.PROTECT, verbose_name=_("provider"), related_name="courses")
    code = models.CharField(_("code"), max_length=20, unique=True)
    track = models.CharField(_("track"), max_length=8, choices=Track)
    name_zh = models.CharField(_("name (Chinese)"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=100)
    summary_zh = models.CharField(_("summary (Chinese)"), max_length=400)
    summary_en = models.CharField(_("summary (English)"), max_length=500)
    kinds = models.ManyToManyField(ServiceKind, verbose_name=_("kinds"), blank=True, related_name="+")
    hours = models.PositiveSmallIntegerField(_("hours"))
    price_fen = models.PositiveIntegerField(_("price (fen)"), default=0)
    certificate_code = models.CharField(
        _("certificate"), max_length=10, choices=CredentialCode, blank=True, default="",
        help_text=_("The paper that a pass is entered as; empty for none."),
    )  # fmt: skip
    certificate_level = models.PositiveSmallIntegerField(_("level of the certificate"), null=True, blank=True)
    certificate_months = models.PositiveSmallIntegerField(
        _("certificate holds (months)"), null=True, blank=True, help_text=_("Empty: no end.")
    )
    active = models.BooleanField(_("active"), default=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("Course")
        verbose_name_plural = _("Courses")
        constraints = [models.CheckConstraint(name="course_hours_positive", condition=Q(hours__gte=1))]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.name_zh, self.name_en)

    @property
    def summary(self) -> str:
        return in_language(self.summary_zh, self.summary_en)

    @property
    def certificate_words(self) -> str:
        """`Elder carer · level 3 (senior)`: the paper that a pass is entered as; empty for none."""
        if not self.certificate_code:
            return ""
        parts = (self.get_certificate_code_display(), level_words(self.certificate_code, self.certificate_level))
        return " · ".join(str(part) for part in parts if part)


class Caravan(models.Model):
    """A training caravan 大篷车 that goes from community to community."""

    provider = models.ForeignKey(Enterprise, models.PROTECT, verbose_name=_("provider"), related_name="caravans")
    name = models.CharField(_("official name"), max_length=40, unique=True)
    plate = models.CharField(_("number plate"), max_length=12, blank=True, default="")
    kit = models.CharField(_("kit"), max_length=200, blank=True, default="")
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("Training caravan")
        verbose_name_plural = _("Training caravans")

    def __str__(self) -> str:
        return self.name


class CaravanStop(models.Model):
    """Where the caravan stands, from when until when: it can't be in two places."""

    caravan = models.ForeignKey(Caravan, models.PROTECT, verbose_name=_("caravan"), related_name="stops")
    community = models.ForeignKey(Division, models.PROTECT, verbose_name=_("community"), related_name="+")
    place = models.CharField(_("place"), max_length=120)
    lat = models.FloatField(_("latitude"))
    lon = models.FloatField(_("longitude"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("Stop of a caravan")
        verbose_name_plural = _("Stops of caravans")
        constraints = [
            models.CheckConstraint(name="caravan_stop_forward", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="caravan_stop_in_a_community", condition=Exact(Length("community"), 12)),
            ExclusionConstraint(
                name="caravan_at_one_place",
                expressions=[
                    ("caravan", RangeOperators.EQUAL),
                    (
                        Func(F("starts_at"), F("ends_at"), function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("The caravan stands somewhere else at that time."),
            ),
        ]
        indexes = [models.Index(fields=["caravan", "starts_at"], name="caravan_route")]

    def __str__(self) -> str:
        return f"{self.caravan_id} {self.starts_at}"


class SessionQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "SessionQuerySet":
        """For those who run it: its provider, its trainer, staff of its community."""
        if scope.everything:
            return self
        mine = Q(trainer_id=scope.user_id) | Q(course__provider_id=scope.enterprise_id)
        return self.filter(mine | within("community__area_code", scope.areas))

    def open_to_public(self) -> "SessionQuerySet":
        """Those that everybody may read of and enrol in."""
        return self.filter(state=Session.State.OPEN, course__active=True)


class Session(models.Model):
    """A course given once, at a place, with so many seats. `taken` never passes `seats`, by the database's word."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", pgettext_lazy("session", "Open")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Cancelled")

    course = models.ForeignKey(Course, models.PROTECT, verbose_name=_("course"), related_name="sessions")
    community = models.ForeignKey(Division, models.PROTECT, verbose_name=_("community"), related_name="+")
    point = models.ForeignKey(
        ServicePoint, models.PROTECT, verbose_name=_("service point"), null=True, blank=True, related_name="+"
    )
    stop = models.ForeignKey(
        CaravanStop, models.PROTECT, verbose_name=_("stop of a caravan"), null=True, blank=True, related_name="sessions"
    )
    place = models.CharField(_("place"), max_length=120)
    venue_owner = models.CharField(_("owner of the venue"), max_length=80, blank=True, default="")
    lat = models.FloatField(_("latitude"))
    lon = models.FloatField(_("longitude"))
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    seats = models.PositiveSmallIntegerField(_("seats"))
    taken = models.PositiveSmallIntegerField(_("taken"), default=0)
    trainer = models.ForeignKey(User, models.PROTECT, verbose_name=_("trainer"), related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    attendance_code = models.CharField(
        _("attendance code"), max_length=6, blank=True, default="", help_text=_("Each day's code is derived from it.")
    )
    cancelled_reason = models.CharField(_("reason of cancelling"), max_length=200, blank=True, default="")
    created_at = models.DateTimeField(_("created at"))

    objects = SessionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("Training session")
        verbose_name_plural = _("Training sessions")
        constraints = [
            models.CheckConstraint(name="session_forward", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="session_has_seats", condition=Q(seats__gte=1)),
            models.CheckConstraint(
                name="session_never_oversold",
                condition=Q(taken__lte=F("seats")),
                violation_error_message=_("All seats are taken."),
            ),
            models.CheckConstraint(name="session_in_a_community", condition=Exact(Length("community"), 12)),
        ]
        indexes = [models.Index(fields=["starts_at"], condition=Q(state="open"), name="session_open")]

    def __str__(self) -> str:
        return f"{self.course_id} {self.starts_at}"

    @property
    def seats_left(self) -> int:
        return self.seats - self.taken


class EnrolmentQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "EnrolmentQuerySet":
        """One's own, and those of sessions that one runs."""
        if scope.everything:
            return self
        return self.filter(Q(user_id=scope.user_id) | Q(session__in=Session.objects.visible_to(scope).values("pk")))


class Enrolment(models.Model):
    """A person's seat in a session, or a place in its queue."""

    class State(models.TextChoices):
        ENROLLED = "enrolled", _("Enrolled")
        WAITING = "waiting", _("Waiting")
        CANCELLED = "cancelled", _("Cancelled")
        ATTENDED = "attended", _("Attended")
        ABSENT = "absent", _("Absent")
        PASSED = "passed", _("Passed")
        FAILED = "failed", _("Failed")

    session = models.ForeignKey(Session, models.PROTECT, verbose_name=_("session"), related_name="enrolments")
    user = models.ForeignKey(User, models.PROTECT, verbose_name=_("person"), related_name="enrolments")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ENROLLED)
    enrolled_at = models.DateTimeField(_("enrolled at"))
    attended_at = models.DateTimeField(_("attended at"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("decided by"), null=True, blank=True, related_name="+"
    )
    corrected_at = models.DateTimeField(_("corrected at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    wrong_codes = models.PositiveSmallIntegerField(
        _("wrong codes"), default=0, help_text=_("After five the trainer notes the attendance.")
    )

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("Enrolment")
        verbose_name_plural = _("Enrolments")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "user"],
                condition=~Q(state="cancelled"),
                name="enrolment_once",
                violation_error_message=_("You are enrolled already."),
            ),
            models.CheckConstraint(
                name="enrolment_result_has_judge",
                condition=~Q(state__in=["passed", "failed"]) | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="enrolment_passed_was_there", condition=~Q(state="passed") | Q(attended_at__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["session", "state", "enrolled_at"], name="enrolment_queue")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.session_id}"


class Certificate(models.Model):
    """A pass as a certificate that anybody can verify by its code; it stands in the registry as a credential."""

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, verbose_name=_("enrolment"), related_name="certificate")
    credential = models.OneToOneField(
        Credential, models.PROTECT, verbose_name=_("paper"), null=True, blank=True, related_name="certificate",
        help_text=_("Empty until the person is on file as a worker."),
    )  # fmt: skip
    code = models.CharField(_("code"), max_length=24, unique=True)
    issued_at = models.DateTimeField(_("issued at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_reason = models.CharField(_("reason of revoking"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("Certificate")
        verbose_name_plural = _("Certificates")
        constraints = [
            models.CheckConstraint(
                name="certificate_revoked_with_reason", condition=Q(revoked_at__isnull=True) | ~Q(revoked_reason="")
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def holder_name(self) -> str:
        """The real name once it is verified, else what the person calls themselves. Mask it for others."""
        user = self.enrolment.user
        identity = getattr(user, "identity", None)
        return str(identity.real_name if identity and identity.state == "verified" else user.name)

    @property
    def spoken(self) -> str:
        """`Elder carer · level 3 (senior)`: the paper that it stands for; empty for a course that leads to none."""
        return self.enrolment.session.course.certificate_words

    @property
    def spoken_code(self) -> str:
        return spoken_code(self.code)


class TrainingRequestQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "TrainingRequestQuerySet":
        """Staff's of their divisions; training institutions read those that still wait for one, and their own."""
        if scope.everything:
            return self
        rows = within("community__area_code", scope.supply_areas)
        if scope.enterprise_id:
            trains = Enterprise.objects.filter(pk=scope.enterprise_id, org_type=Enterprise.OrgType.TRAINING)
            rows |= Q(state="open", pk__isnull=False) & models.Exists(trains) | Q(taken_by=scope.enterprise_id)
        return self.filter(rows)


class TrainingRequest(models.Model):
    """A community asks for a training: for which kind of service, and how many people."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("request", "Open")
        TAKEN = "taken", _("Taken")
        HELD = "held", _("Held")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    community = models.ForeignKey(Division, models.PROTECT, verbose_name=_("community"), related_name="+")
    kind = models.ForeignKey(ServiceKind, models.PROTECT, verbose_name=_("kind"), related_name="+")
    headcount = models.PositiveSmallIntegerField(_("headcount"))
    wished_for = models.DateField(_("wished for"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True, default="")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    requested_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("requested by"), related_name="+")
    requested_at = models.DateTimeField(_("requested at"))
    taken_by = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name=_("taken by"), null=True, blank=True, related_name="+"
    )
    session = models.ForeignKey(
        Session, models.PROTECT, verbose_name=_("session"), null=True, blank=True, related_name="requests"
    )

    objects = TrainingRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("Training request")
        verbose_name_plural = _("Training requests")
        constraints = [
            models.CheckConstraint(
                name="training_request_headcount", condition=Q(headcount__gte=1, headcount__lte=500)
            ),
            models.CheckConstraint(
                name="training_request_taken_by_somebody",
                condition=Q(state__in=["open", "withdrawn"]) | Q(taken_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind_id} in {self.community_id}"
