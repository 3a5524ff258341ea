"""Service codes 家政服务码 of workers and enterprises: colour, scans, and door tokens used up."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.accounts.models import User
from homeservice.kernel.scope import Scope, ScopedQuerySet, within
from providers.enterprises.models import Enterprise
from providers.service_codes.rules import Colour
from providers.workers.models import Worker


class ServiceCodeQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "ServiceCodeQuerySet":
        """The holder's own, the enterprise's workers', and staff's in their divisions. Anybody may scan by `public_id`."""
        if scope.everything:
            return self
        mine = Q(worker_id__isnull=False, worker_id=scope.worker_id)
        if scope.enterprise_id:
            mine |= Q(enterprise_id=scope.enterprise_id) | Q(worker__enterprise_id=scope.enterprise_id)
        areas = within("worker__enterprise__division__area_code", scope.supply_areas) | within(
            "enterprise__division__area_code", scope.supply_areas
        )
        return self.filter(mine | areas)


class ServiceCode(models.Model):
    """One person, one code; one enterprise, one code. `public_id` says nothing about its holder."""

    worker = models.OneToOneField(
        Worker, models.PROTECT, verbose_name=_("worker"), null=True, blank=True, related_name="service_code"
    )
    enterprise = models.OneToOneField(
        Enterprise, models.PROTECT, verbose_name=_("enterprise"), null=True, blank=True, related_name="service_code"
    )
    public_id = models.CharField(_("public id"), max_length=32, unique=True)
    colour = models.CharField(_("colour"), max_length=6, choices=Colour)
    reasons = models.JSONField(_("reasons"), default=list, help_text=_("Codes of what keeps it from green."))
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("The last day on which the colour stays as it is.")
    )
    issued_at = models.DateTimeField(_("issued at"))
    computed_at = models.DateTimeField(_("computed at"))
    computed_from = models.DateTimeField(
        _("computed from"), null=True, blank=True,
        help_text=_("When the holder's papers had changed last, as the computation saw them."),
    )  # fmt: skip

    objects = ServiceCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("Service code")
        verbose_name_plural = _("Service codes")
        constraints = [
            models.CheckConstraint(
                name="service_code_one_holder",
                condition=Q(worker__isnull=False, enterprise__isnull=True)
                | Q(worker__isnull=True, enterprise__isnull=False),
            )
        ]
        indexes = [
            models.Index(fields=["computed_at"], name="service_code_computed"),
            models.Index(fields=["valid_until"], name="service_code_valid_until"),
        ]

    def __str__(self) -> str:
        return f"{self.colour} {self.public_id[:6]}"


class ColourChange(models.Model):
    """A code changed its colour. Append-only: part of the worker's file."""

    code = models.ForeignKey(ServiceCode, models.PROTECT, verbose_name=_("code"), related_name="changes")
    before = models.CharField(_("before"), max_length=6, choices=Colour, blank=True, default="")
    after = models.CharField(_("after"), max_length=6, choices=Colour)
    reasons = models.JSONField(_("reasons"), default=list)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("Change of colour")
        verbose_name_plural = _("Changes of colour")
        indexes = [models.Index(fields=["code", "-at"], name="colour_change_of_code")]

    def __str__(self) -> str:
        return f"{self.before} > {self.after}"


class CodeScan(models.Model):
    """Somebody scanned a code: who, when, from where, and what they were shown. Kept six months and longer."""

    class View(models.TextChoices):
        PUBLIC = "public", _("Public view")
        CONSUMER = "consumer", _("Consumer's view")
        REFUSED = "refused", _("Refused")

    code = models.ForeignKey(
        ServiceCode, models.PROTECT, verbose_name=_("code"), null=True, blank=True, related_name="scans"
    )
    at = models.DateTimeField(_("at"))
    view = models.CharField(_("view"), max_length=8, choices=View)
    reason = models.CharField(_("reason"), max_length=40, blank=True, default="")
    user = models.ForeignKey(User, models.PROTECT, verbose_name=_("person"), null=True, blank=True, related_name="+")
    visitor_digest = models.CharField(_("digest of the address"), max_length=64)
    area = models.CharField(
        _("area"), max_length=12, blank=True, default="", help_text=_("Of the visitor's community.")
    )

    class Meta:
        verbose_name = _("Scan of a code")
        verbose_name_plural = _("Scans of codes")
        indexes = [
            models.Index(fields=["code", "-at"], name="code_scan_of_code"),
            models.Index(fields=["visitor_digest", "-at"], name="code_scan_of_visitor"),
            models.Index(fields=["at"], name="code_scan_age"),
        ]

    def __str__(self) -> str:
        return f"{self.view} {self.at}"


class DoorTokenUse(models.Model):
    """A door token was shown by one browser: nobody else can use it any more."""

    nonce = models.CharField(_("nonce"), max_length=32, primary_key=True)
    code = models.ForeignKey(ServiceCode, models.PROTECT, verbose_name=_("code"), related_name="+")
    scan = models.OneToOneField(CodeScan, models.PROTECT, verbose_name=_("scan"), related_name="token_use")
    bearer_digest = models.CharField(_("digest of the bearer"), max_length=64)
    used_at = models.DateTimeField(_("used at"))
    open_until = models.DateTimeField(_("open until"))

    class Meta:
        verbose_name = _("Door token used")
        verbose_name_plural = _("Door tokens used")
        indexes = [models.Index(fields=["used_at"], name="door_token_age")]

    def __str__(self) -> str:
        return self.nonce
