"""Credentials 证照 of workers and enterprises, and the enforcement table that the gate reads."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from communities.accounts.models import User
from homeservice.foundation.models import Upload
from homeservice.kernel.crypto import EncryptedTextField, blind_index
from homeservice.kernel.scope import Scope, ScopedQuerySet, own, within
from homeservice.kernel.vocabulary import CredentialCode, EnterpriseRight, Group
from providers.bindings.models import Authorisation
from providers.catalogue.models import ServiceKind, in_language
from providers.credentials.papers import PaperType, level_words
from providers.enterprises.models import Enterprise
from providers.workers.models import Worker


def number_index(number: str) -> str:
    """The blind index of a paper's number."""
    return blind_index(number, purpose="credential")


def _own(scope: Scope) -> Q:
    return Q(worker__isnull=False, worker_id=scope.worker_id)


def _firms(scope: Scope) -> Q:
    """Papers of the enterprise's workers who authorise it, for an account that staffs; its licences for one that runs
    the office."""
    found = Q(pk__in=[])
    if scope.enterprise_id and EnterpriseRight.STAFFING in scope.enterprise_rights:
        signed = Authorisation.objects.filter(worker=OuterRef("worker"), withdrawn_at__isnull=True)
        found |= Q(Exists(signed), worker__enterprise_id=scope.enterprise_id)
    if scope.enterprise_id and EnterpriseRight.OFFICE in scope.enterprise_rights:
        found |= Q(enterprise_id=scope.enterprise_id)
    return found


def _reviewed(scope: Scope) -> Q:
    """Papers of whom reviewing staff may see: as `visible_to` of workers and enterprises."""
    return (
        within("worker__home_community__area_code", scope.review_areas)
        | within("worker__enterprise__division__area_code", scope.review_areas)
        | within("enterprise__division__area_code", scope.review_areas)
    )


class CredentialQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "CredentialQuerySet":
        """The holder's own, the enterprise's workers' and its own, and staff's in their divisions."""
        if scope.everything:
            return self
        mine = Q(worker__isnull=False, worker_id=scope.worker_id)
        if scope.enterprise_id:
            mine |= Q(worker__enterprise_id=scope.enterprise_id) | Q(enterprise_id=scope.enterprise_id)
        return self.filter(
            mine
            | within("worker__home_community__area_code", scope.supply_areas)
            | within("enterprise__division__area_code", scope.supply_areas)
        )

    def opened_by(self, scope: Scope) -> "CredentialQuerySet":
        """Whose life the person may look at: their own, what an account's right covers, and for reviewing staff."""
        return self if scope.everything else self.filter(_own(scope) | _firms(scope) | _reviewed(scope))

    def mended_by(self, scope: Scope) -> "CredentialQuerySet":
        """Those that the person may renew: their own, and what an account's right covers."""
        return self.filter(_own(scope) | _firms(scope))

    def revoked_by(self, scope: Scope) -> "CredentialQuerySet":
        """Those that the person may revoke: verified ones of their review areas, never in their own cause."""
        verified = self.filter(state=Credential.State.VERIFIED)
        reviewed = verified if scope.everything else verified.filter(_reviewed(scope))
        return reviewed.exclude(own(scope, worker="worker", enterprise=("enterprise", "worker__enterprise")))

    def with_scan_for(self, scope: Scope) -> "CredentialQuerySet":
        """Those whose scan the person may look at; of a sensitive paper the holder and reviewing staff only."""
        scanned = self.filter(scan__isnull=False)
        if scope.everything:
            return scanned
        sensitive = CredentialType.objects.filter(sensitive=True).values("code")
        return scanned.filter(_own(scope) | _firms(scope) & ~Q(code__in=sensitive) | _reviewed(scope))

    def counting(self) -> "CredentialQuerySet":
        """Those that the gate asks: verified ones, and those renewed since, which hold until their own last day."""
        return self.filter(state__in=Credential.COUNTING)


class CredentialType(models.Model):
    """What the platform knows of a code of domain §3.3: whose it is, its levels, how long it holds, where it is verified.

    The database refuses a credential of a level that its code lacks (trigger `credential_level_of_its_code`).
    """

    class Form(models.TextChoices):
        IDENTITY = "identity", _("Identity check")
        EXAM = "exam", _("Health exam")
        RECORD_CHECK = "record_check", _("Record check")
        SKILL_LEVEL = "skill_level", _("Vocational skill level")
        TRAINING = "training", _("Training certificate")
        LICENCE = "licence", _("Licence to practise")
        SPECIAL_OPERATION = "special_operation", _("Special-operation certificate")
        SPECIALTY = "specialty", _("Specialty certificate")
        INSURANCE = "insurance", _("Insurance policy")
        CITY_CARD = "city_card", _("City home-service card")
        INSTITUTION = "institution", _("Institution's licence")

    code = models.CharField(_("code"), max_length=10, choices=CredentialCode, primary_key=True)
    form = models.CharField(_("form"), max_length=20, choices=Form)
    of_enterprise = models.BooleanField(_("of an enterprise"), default=False)
    levels = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("levels"), default=list, blank=True,
        help_text=_("Of the occupation, lowest first; the classes of a health exam; empty without levels."),
    )  # fmt: skip
    holds_months = models.PositiveSmallIntegerField(
        _("holds (months)"), null=True, blank=True, help_text=_("Where the paper names no end; empty: no end.")
    )
    must_end = models.BooleanField(_("has an end"), default=False, help_text=_("The last day must be entered."))
    scan_needed = models.BooleanField(_("scan needed"), default=True)
    sensitive = models.BooleanField(
        _("sensitive"), default=False, help_text=_("Only result, date and reference are kept.")
    )
    number_pattern = models.CharField(_("pattern of the number"), max_length=80, blank=True, default="")
    hint_zh = models.CharField(_("hint (Chinese)"), max_length=160, blank=True, default="")
    hint_en = models.CharField(_("hint (English)"), max_length=240, blank=True, default="")
    register_url = models.URLField(_("public register"), blank=True, default="")
    position = models.PositiveSmallIntegerField(_("position"))

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("Type of paper")
        verbose_name_plural = _("Types of papers")

    def __str__(self) -> str:
        return str(self.get_code_display())

    @property
    def hint(self) -> str:
        return in_language(self.hint_zh, self.hint_en)

    @property
    def rules(self) -> PaperType:
        """The row as the rules want it."""
        return PaperType(
            code=self.code,
            of_enterprise=self.of_enterprise,
            levels=tuple(self.levels),
            holds_months=self.holds_months,
            must_end=self.must_end,
            scan_needed=self.scan_needed,
            sensitive=self.sensitive,
            number_pattern=self.number_pattern,
        )


class Credential(models.Model):
    """One paper: what it proves, who issued it, and from when until when it holds (until None: no end)."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("Submitted")
        VERIFIED = "verified", _("Verified")
        REFUSED = "refused", _("Refused")
        REVOKED = "revoked", _("Revoked")
        SUPERSEDED = "superseded", _("Renewed")

    class Method(models.TextChoices):
        REGISTER = "register", _("Public register")
        ORIGINAL = "original", _("Original seen")
        SCAN = "scan", _("Scan compared")
        CHECKS = "checks", _("Automatic checks")
        ISSUED_HERE = "issued_here", _("Issued on the platform")

    COUNTING = (State.VERIFIED, State.SUPERSEDED)

    worker = models.ForeignKey(
        Worker, models.PROTECT, verbose_name=_("worker"), null=True, blank=True, related_name="credentials"
    )
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name=_("enterprise"), null=True, blank=True, related_name="credentials"
    )
    code = models.CharField(_("code"), max_length=10, choices=CredentialCode)
    level = models.PositiveSmallIntegerField(
        _("level"),
        null=True,
        blank=True,
        help_text=_("Skill level 5 (lowest) to 1; for a health exam its class 1 (A) to 4 (D)."),
    )
    issuer = models.CharField(_("issuer"), max_length=80)
    number = EncryptedTextField(_("number of the paper"))
    number_index = models.CharField(_("look-up value of the number"), max_length=64, editable=False)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("The last day on which it holds.")
    )
    state = models.CharField(_("state"), max_length=10, choices=State)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    scan = models.ForeignKey(Upload, models.SET_NULL, verbose_name=_("scan"), null=True, blank=True, related_name="+")
    renews = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("renews"), null=True, blank=True, related_name="renewals",
        help_text=_("The paper of the same number whose validity it carries on."),
    )  # fmt: skip
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("submitted by"), null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("decided by"), null=True, blank=True, related_name="+"
    )
    method = models.CharField(_("how it was checked"), max_length=12, choices=Method, blank=True, default="")

    objects = CredentialQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("Credential")
        verbose_name_plural = _("Credentials")
        constraints = [
            models.CheckConstraint(
                name="credential_one_holder",
                condition=Q(worker__isnull=False, enterprise__isnull=True)
                | Q(worker__isnull=True, enterprise__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["code", "issuer", "number_index"],
                condition=Q(renews__isnull=True) & ~Q(state="refused"),
                name="credential_number_once",
                violation_error_message=_("A paper of this issuer with this number is on file already."),
            ),
            models.UniqueConstraint(
                fields=["renews"],
                condition=~Q(state="refused"),
                name="credential_renewed_once",
                violation_error_message=_("The renewal of this paper has been handed in already."),
            ),
            models.CheckConstraint(
                name="credential_validity_forward",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
        ]
        indexes = [
            models.Index(fields=["worker", "code"], name="credential_of_worker"),
            models.Index(fields=["enterprise", "code"], name="credential_of_enterprise"),
            models.Index(fields=["valid_until"], condition=Q(state="verified"), name="credential_expiry"),
            models.Index(fields=["submitted_at"], condition=Q(state="submitted"), name="credential_awaiting_check"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.masked_number}"

    @property
    def masked_number(self) -> str:
        """Its last four characters: an identity paper's number is the person's ID number."""
        return f"****{(self.number or '')[-4:]}"

    @property
    def level_words(self) -> str:
        return level_words(self.code, self.level)

    @property
    def spoken(self) -> str:
        """`Elder carer · level 3 (senior)`: what it proves, for anybody."""
        return " · ".join(str(part) for part in (self.get_code_display(), self.level_words) if part)


class Requirement(models.Model):
    """One cell of the enforcement table: a kind (or one item of it) requires one of several papers.

    `any_of` lists alternatives `{"code": …, "level": …}`; level None means any. For skill levels a
    smaller number is higher, for health exams a larger class is stricter: the gate knows.
    """

    class Basis(models.TextChoices):
        LAW = "law", _("Law")
        PLATFORM = "platform", _("Platform rule")

    class Condition(models.TextChoices):
        ALWAYS = "always", _("Always")
        CHILD = "child", _("A child is served or lives in the home")
        CARE_LEVEL_2 = "care_level_2", _("The recipient has lost abilities moderately or more")
        HEIGHT = "height", _("Work at height")
        REFRIGERANT = "refrigerant", _("Work on refrigerant or an outdoor unit")
        WIRING = "wiring", _("Work on wiring")
        LOCK_OPENING = "lock_opening", _("Opening a lock")
        MEDICAL_ACT = "medical_act", _("An invasive or medical act")
        CHEMICAL = "chemical", _("Work with hazardous chemicals")
        GROUP = "group", _("Somebody of the named groups is served")

    class Holder(models.TextChoices):
        WORKER = "worker", _("Worker")
        ENTERPRISE = "enterprise", _("Enterprise")

    class Effect(models.TextChoices):
        BLOCK = "block", _("Blocks")
        WARN = "warn", _("Warns")

    kind = models.ForeignKey(ServiceKind, models.PROTECT, verbose_name=_("kind"), related_name="requirements")
    item_code = models.CharField(
        _("item code"), max_length=8, blank=True, help_text=_("Empty: for every item of the kind.")
    )
    reason_code = models.CharField(_("reason code"), max_length=40)
    holder = models.CharField(_("holder"), max_length=10, choices=Holder)
    any_of = models.JSONField(_("any of"))
    condition = models.CharField(_("condition"), max_length=14, choices=Condition, default=Condition.ALWAYS)
    groups = ArrayField(
        models.CharField(max_length=16, choices=Group), verbose_name=_("groups of people"), default=list, blank=True,
        help_text=_("For the condition that speaks of groups."),
    )  # fmt: skip
    effect = models.CharField(_("effect"), max_length=5, choices=Effect, default=Effect.BLOCK)
    basis = models.CharField(_("basis"), max_length=8, choices=Basis)
    max_age_days = models.PositiveSmallIntegerField(
        _("greatest age (days)"),
        null=True,
        blank=True,
        help_text=_("The paper must have been issued no more than so many days before."),
    )
    text_zh = models.CharField(_("text (Chinese)"), max_length=120)
    text_en = models.CharField(_("text (English)"), max_length=160)
    mend_zh = models.CharField(_("how to mend it (Chinese)"), max_length=160)
    mend_en = models.CharField(_("how to mend it (English)"), max_length=200)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("Requirement")
        verbose_name_plural = _("Requirements")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "item_code", "reason_code", "valid_from"], name="requirement_once_a_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind_id} {self.reason_code}"

    @property
    def text(self) -> str:
        return in_language(self.text_zh, self.text_en)

    @property
    def mend(self) -> str:
        return in_language(self.mend_zh, self.mend_en)
