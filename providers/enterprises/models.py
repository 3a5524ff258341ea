"""Enterprises 家政企业 and the people who manage them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from communities.accounts.models import User
from communities.divisions.models import Division
from homeservice.kernel.scope import Scope, ScopedQuerySet, within


class EnterpriseQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "EnterpriseQuerySet":
        """One's own enterprise; staff and supervisors those registered in their divisions."""
        if scope.everything:
            return self
        return self.filter(models.Q(pk=scope.enterprise_id) | within("division__area_code", scope.areas))


class Enterprise(models.Model):
    """A home-service institution. A sole trader's shop is one, too (GD Art 2)."""

    class OrgType(models.TextChoices):
        EMPLOYER = "employer", _("Employing its workers")
        AGENCY = "agency", _("Agency")
        SHOP = "shop", _("Sole trader's shop")
        ELDER_CARE = "elder_care", _("Elder-care institution")
        CANTEEN = "canteen", _("Community canteen")
        TRAINING = "training", _("Training institution")

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        EXITED = "exited", _("Exited")

    name = models.CharField(_("official name"), max_length=80, unique=True)
    social_credit_code = models.CharField(_("social credit code"), max_length=18, unique=True)
    org_type = models.CharField(_("type of organisation"), max_length=12, choices=OrgType)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("division"), related_name="enterprises")
    complaint_phone = models.CharField(_("complaint phone"), max_length=20, help_text=_("Published (GD Art 21)."))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ACTIVE)
    key_contact = models.BooleanField(_("key contact"), default=False)
    star = models.PositiveSmallIntegerField(_("star"), null=True, blank=True)

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
        ]

    def __str__(self) -> str:
        return self.name


class EnterpriseManager(models.Model):
    """A person who acts for an enterprise."""

    class Rights(models.TextChoices):
        LEGAL_REPRESENTATIVE = "legal_representative", _("Legal representative")
        CLERK = "clerk", _("Clerk")

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, verbose_name=_("enterprise"), related_name="managers")
    user = models.OneToOneField(User, models.PROTECT, verbose_name=_("person"), related_name="enterprise_post")
    rights = models.CharField(_("rights"), max_length=20, choices=Rights)

    class Meta:
        verbose_name = _("Enterprise manager")
        verbose_name_plural = _("Enterprise managers")

    def __str__(self) -> str:
        return f"{self.rights} of {self.enterprise_id}"
