"""Enterprises 家政企业 and the people who manage them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from communities.accounts.models import User
from communities.divisions.models import Division
from homeservice.kernel.crypto import EncryptedTextField
from homeservice.kernel.scope import Scope, ScopedQuerySet, within
from homeservice.kernel.vocabulary import Admission


class EnterpriseQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "EnterpriseQuerySet":
        """One's own enterprise; staff and supervisors those registered in their divisions."""
        if scope.everything:
            return self
        return self.filter(models.Q(pk=scope.enterprise_id) | within("division__area_code", scope.supply_areas))


class Enterprise(models.Model):
    """A home-service institution. A sole trader's shop is one, too (GD Art 2).

    Star and credit grade come from authorities (domain §3.5) and are no ratings of the platform.
    """

    class OrgType(models.TextChoices):
        EMPLOYER = "employer", _("Employing its workers")
        AGENCY = "agency", _("Agency")
        SHOP = "shop", _("Sole trader's shop")
        ELDER_CARE = "elder_care", _("Elder-care institution")
        CANTEEN = "canteen", _("Community canteen")
        MEDICAL = "medical", _("Medical institution")
        TRAINING = "training", _("Training institution")

    class OutletMode(models.TextChoices):
        INDEPENDENT = "independent", _("Independent")
        EMBEDDED = "embedded", _("Embedded in a host facility")
        COOPERATIVE = "cooperative", _("Run in cooperation")
        ONLINE = "online", _("Online")

    class CreditGrade(models.TextChoices):
        A1 = "1A", "A"
        A2 = "2A", "AA"
        A3 = "3A", "AAA"
        A4 = "4A", "AAAA"
        A5 = "5A", "AAAAA"

    name = models.CharField(_("official name"), max_length=80, unique=True)
    social_credit_code = models.CharField(_("social credit code"), max_length=18, unique=True)
    org_type = models.CharField(_("type of organisation"), max_length=12, choices=OrgType)
    outlet_mode = models.CharField(
        _("kind of outlet"), max_length=12, choices=OutletMode, default=OutletMode.INDEPENDENT
    )
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("division"), related_name="enterprises")
    address = models.CharField(_("address"), max_length=120, blank=True, default="")
    legal_representative = EncryptedTextField(_("legal representative"), blank=True, default="")
    established_date = models.DateField(_("established on"), null=True, blank=True)
    complaint_phone = models.CharField(_("complaint phone"), max_length=20, help_text=_("Published (GD Art 21)."))
    state = models.CharField(_("state"), max_length=24, choices=Admission, default=Admission.AWAITING_AUTHORISATION)
    state_reason = models.CharField(
        _("reason of the state"), max_length=300, blank=True, default="", help_text=_("The enterprise reads it.")
    )
    key_contact = models.BooleanField(
        _("key contact"), default=False, help_text=_("The authority keeps regular contact (重点联系企业).")
    )
    liaison = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("liaison officer"), null=True, blank=True, related_name="+"
    )
    star = models.PositiveSmallIntegerField(_("star"), null=True, blank=True)
    credit_grade = models.CharField(_("credit grade"), max_length=2, choices=CreditGrade, blank=True, default="")
    registered_at = models.DateTimeField(_("registered at"), null=True, blank=True)
    papers_changed_at = models.DateTimeField(
        _("papers changed at"), null=True, blank=True, help_text=_("Its service code is computed anew after that.")
    )

    objects = EnterpriseQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("Enterprise")
        verbose_name_plural = _("Enterprises")
        constraints = [
            models.CheckConstraint(
                name="enterprise_credit_code_shape",
                condition=models.Q(social_credit_code__regex=r"^[0-9A-HJ-NP-RTUWXY]{18}$"),
            ),
            models.CheckConstraint(
                name="enterprise_star_one_to_five",
                condition=models.Q(star__isnull=True) | models.Q(star__gte=1, star__lte=5),
            ),
            models.CheckConstraint(name="enterprise_state_known", condition=models.Q(state__in=Admission.values)),
            models.CheckConstraint(
                name="enterprise_liaison_for_key_contacts",
                condition=models.Q(liaison__isnull=True) | models.Q(key_contact=True),
                violation_error_message=_("Only a key contact has a liaison officer."),
            ),
        ]
        indexes = [models.Index(fields=["papers_changed_at"], name="enterprise_papers_changed")]

    def __str__(self) -> str:
        return self.name

    @property
    def facts_open(self) -> bool:
        """Whether what stands on its licence may still be mended by the enterprise itself."""
        return self.state in (Admission.AWAITING_AUTHORISATION, Admission.RETURNED)


class EnterpriseManager(models.Model):
    """A person who acts for an enterprise. What each rank may do stands in `rules.RIGHTS`."""

    class Rights(models.TextChoices):
        LEGAL_REPRESENTATIVE = "legal_representative", _("Legal representative")
        OPERATOR = "operator", _("Operator")
        CLERK = "clerk", _("Clerk")

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, verbose_name=_("enterprise"), related_name="managers")
    user = models.OneToOneField(User, models.PROTECT, verbose_name=_("person"), related_name="enterprise_post")
    rights = models.CharField(_("rights"), max_length=20, choices=Rights)
    appointed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("appointed by"), null=True, blank=True, related_name="+"
    )
    appointed_at = models.DateTimeField(_("appointed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("Enterprise manager")
        verbose_name_plural = _("Enterprise managers")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise"],
                condition=models.Q(rights="legal_representative"),
                name="enterprise_one_legal_representative",
                violation_error_message=_("The enterprise has a legal representative already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.rights} of {self.enterprise_id}"
