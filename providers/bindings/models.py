"""Workers give their authorisation, and bind themselves to an enterprise: both sides must say yes, to come and to go."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.accounts.models import User
from homeservice.foundation.models import Upload
from homeservice.kernel.crypto import EncryptedTextField
from homeservice.kernel.scope import Scope, ScopedQuerySet, within
from homeservice.kernel.vocabulary import Channel
from providers.catalogue.models import in_language
from providers.enterprises.models import Enterprise
from providers.workers.models import Worker


class AuthorisationLetter(models.Model):
    """A version of the letter (信用信息授权书) that a worker signs before anything about them is entered."""

    version = models.CharField(_("version"), max_length=20, primary_key=True)
    text_zh = models.TextField(_("text (Chinese)"))
    text_en = models.TextField(_("text (English)"))
    sha256 = models.CharField(_("SHA-256 digest"), max_length=64, help_text=_("Of the Chinese text."))
    valid_from = models.DateField(_("valid from"))

    class Meta:
        verbose_name = _("Authorisation letter")
        verbose_name_plural = _("Authorisation letters")

    def __str__(self) -> str:
        return self.version

    @property
    def text(self) -> str:
        return in_language(self.text_zh, self.text_en)


class Authorisation(models.Model):
    """A worker signed a version of the letter. Withdrawn, never deleted."""

    worker = models.ForeignKey(Worker, models.PROTECT, verbose_name=_("worker"), related_name="authorisations")
    letter = models.ForeignKey(AuthorisationLetter, models.PROTECT, verbose_name=_("letter"), related_name="+")
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    signed_name = EncryptedTextField(_("signed name"))
    signed_at = models.DateTimeField(_("signed at"))
    scan = models.ForeignKey(
        Upload, models.SET_NULL, verbose_name=_("scan"), null=True, blank=True, related_name="+",
        help_text=_("Of a letter signed on paper."),
    )  # fmt: skip
    recorded_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("recorded by"), related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("Authorisation")
        verbose_name_plural = _("Authorisations")
        constraints = [
            models.UniqueConstraint(
                fields=["worker"], condition=Q(withdrawn_at__isnull=True), name="authorisation_in_force_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} of {self.worker_id}"


class BindingQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "BindingQuerySet":
        """The two sides', and staff's where the enterprise is registered."""
        if scope.everything:
            return self
        mine = Q(user_id=scope.user_id) | Q(enterprise_id=scope.enterprise_id)
        return self.filter(mine | within("enterprise__division__area_code", scope.supply_areas))

    def in_force(self) -> "BindingQuerySet":
        return self.filter(state__in=[Binding.State.IN_FORCE, Binding.State.ENDING])


class Binding(models.Model):
    """A person works for an enterprise: proposed by either side, in force once the other side confirms;
    it ends the same way."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        IN_FORCE = "in_force", _("In force")
        ENDING = "ending", _("End proposed")
        ENDED = "ended", _("Ended")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Side(models.TextChoices):
        WORKER = "worker", _("Worker")
        ENTERPRISE = "enterprise", _("Enterprise")
        OFFICE = "office", _("Office")

    user = models.ForeignKey(User, models.PROTECT, verbose_name=_("person"), related_name="bindings")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, verbose_name=_("enterprise"), related_name="bindings")
    relation = models.CharField(_("relation"), max_length=20, choices=Worker.Relation)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.CharField(_("proposed by"), max_length=10, choices=Side)
    proposer = models.ForeignKey(User, models.PROTECT, verbose_name=_("proposer"), null=True, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"))
    note = models.CharField(_("note"), max_length=200, blank=True, default="")
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answerer = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("answered by"), null=True, blank=True, related_name="+"
    )
    ending_proposed_by = models.CharField(_("end proposed by"), max_length=10, choices=Side, blank=True, default="")
    ending_proposed_at = models.DateTimeField(_("end proposed at"), null=True, blank=True)
    end_reason = models.CharField(_("reason of the end"), max_length=200, blank=True, default="")
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = BindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("Binding")
        verbose_name_plural = _("Bindings")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(state__in=["in_force", "ending"]),
                name="binding_one_enterprise",
                violation_error_message=_("This person is bound to an enterprise already."),
            ),
            models.UniqueConstraint(
                fields=["user", "enterprise"], condition=Q(state="proposed"), name="binding_proposed_once"
            ),
            models.CheckConstraint(
                name="binding_confirmed_by_somebody",
                condition=~Q(state__in=["in_force", "ending", "ended"]) | Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="binding_end_proposed_first",
                condition=~Q(state__in=["ending", "ended"])
                | Q(ending_proposed_at__isnull=False) & ~Q(ending_proposed_by=""),
            ),
            models.CheckConstraint(
                name="binding_ended_has_time", condition=~Q(state="ended") | Q(ended_at__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["enterprise", "state"], name="binding_of_enterprise")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.enterprise_id}: {self.state}"
