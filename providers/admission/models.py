"""Cases on the reviewing desk, and the log of every step of an enterprise's or a worker's admission."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.accounts.models import User
from homeservice.kernel.scope import Scope, ScopedQuerySet, own, within
from homeservice.kernel.vocabulary import Admission
from providers.enterprises.models import Enterprise
from providers.workers.models import Worker

ONE_SUBJECT = Q(worker__isnull=False, enterprise__isnull=True) | Q(worker__isnull=True, enterprise__isnull=False)


class AdmissionEvent(models.Model):
    """One step of an admission: the database refuses to change or remove it."""

    worker = models.ForeignKey(
        Worker, models.PROTECT, verbose_name=_("worker"), null=True, blank=True, related_name="admission_events"
    )
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name=_("enterprise"), null=True, blank=True, related_name="admission_events"
    )
    step = models.CharField(_("step"), max_length=30)
    from_state = models.CharField(_("from"), max_length=24, choices=Admission)
    to_state = models.CharField(_("to"), max_length=24, choices=Admission)
    actor = models.ForeignKey(User, models.PROTECT, verbose_name=_("by"), null=True, blank=True, related_name="+")
    reason_codes = ArrayField(models.CharField(max_length=40), verbose_name=_("reason codes"), default=list)
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("Step of an admission")
        verbose_name_plural = _("Steps of admissions")
        constraints = [models.CheckConstraint(name="admission_event_one_subject", condition=ONE_SUBJECT)]
        indexes = [
            models.Index(fields=["worker", "-at"], name="admission_event_of_worker"),
            models.Index(fields=["enterprise", "-at"], name="admission_event_of_firm"),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.from_state} > {self.to_state}"


class ReviewCaseQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "ReviewCaseQuerySet":
        """Reviewing staff see the cases of their divisions, but never their own; nobody else sees any."""
        rows = self if scope.everything else self.filter(within("area", scope.review_areas))
        return rows.exclude(own(scope, worker="worker", enterprise=("enterprise", "worker__enterprise")))


class ReviewCase(models.Model):
    """Something that reviewing staff must look at: an admission, papers handed in later, or an appeal."""

    class Kind(models.TextChoices):
        ADMISSION = "admission", _("Admission")
        PAPERS = "papers", _("Papers")
        APPEAL = "appeal", _("Appeal")

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        RETURNED = "returned", _("Returned")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    worker = models.ForeignKey(
        Worker, models.PROTECT, verbose_name=_("worker"), null=True, blank=True, related_name="review_cases"
    )
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name=_("enterprise"), null=True, blank=True, related_name="review_cases"
    )
    area = models.CharField(_("area"), max_length=12, help_text=_("Of the enterprise's division: who reviews it."))
    statement = models.CharField(_("statement"), max_length=1000, blank=True, default="")
    is_clean = models.BooleanField(_("clean"), default=False, help_text=_("The checks by machine found nothing."))
    findings = models.JSONField(_("findings"), default=list, help_text=_("Codes of what the checks found."))
    opened_at = models.DateTimeField(_("opened at"))
    due_at = models.DateTimeField(_("due at"))
    claimed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("claimed by"), null=True, blank=True, related_name="+"
    )
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("closed by"), null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True, default="")

    objects = ReviewCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("Review case")
        verbose_name_plural = _("Review cases")
        constraints = [
            models.CheckConstraint(name="review_case_one_subject", condition=ONE_SUBJECT),
            models.UniqueConstraint(
                fields=["worker", "kind"], condition=Q(closed_at__isnull=True), name="review_case_open_once_worker"
            ),
            models.UniqueConstraint(
                fields=["enterprise", "kind"], condition=Q(closed_at__isnull=True), name="review_case_open_once_firm"
            ),
            models.CheckConstraint(
                name="review_case_closed_with_outcome", condition=Q(closed_at__isnull=True, outcome="")
                | Q(closed_at__isnull=False) & ~Q(outcome=""),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["area", "due_at"], condition=Q(closed_at__isnull=True), name="review_case_queue")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.worker_id or self.enterprise_id}"

    @property
    def holder(self) -> Worker | Enterprise:
        """Whose case it is."""
        holder = self.worker or self.enterprise
        assert holder is not None  # review_case_one_subject
        return holder

    @property
    def masked_who(self) -> str:
        """The enterprise's name, or the worker's masked one."""
        return self.worker.masked_name if self.worker else str(self.enterprise)
