"""Credentials 证照 of workers and enterprises, and the enforcement table that the gate reads."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from homeservice.foundation.models import Upload
from homeservice.kernel.crypto import EncryptedTextField, blind_index
from homeservice.kernel.scope import Scope, ScopedQuerySet, within
from homeservice.kernel.vocabulary import CredentialCode
from providers.catalogue.models import ServiceKind, in_language
from providers.credentials.papers import level_words
from providers.enterprises.models import Enterprise
from providers.workers.models import Worker


def number_index(number: str) -> str:
    """The blind index of a paper's number."""
    return blind_index(number, purpose="credential")


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
            | within("worker__home_community__area_code", scope.areas)
            | within("enterprise__division__area_code", scope.areas)
        )


class Credential(models.Model):
    """One paper: what it proves, who issued it, and from when until when it holds (until None: no end)."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("Submitted")
        VERIFIED = "verified", _("Verified")
        REFUSED = "refused", _("Refused")
        REVOKED = "revoked", _("Revoked")

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
            models.UniqueConstraint(fields=["code", "issuer", "number_index"], name="credential_number_once"),
            models.CheckConstraint(
                name="credential_validity_forward",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
        ]
        indexes = [
            models.Index(fields=["worker", "code"], name="credential_of_worker"),
            models.Index(fields=["enterprise", "code"], name="credential_of_enterprise"),
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
