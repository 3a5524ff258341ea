"""The worker's file 档案 in the eight parts of 温州条例 Art 10: what is kept by hand beside papers, visits and events."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.accounts.models import User
from homeservice.foundation.models import Upload
from homeservice.kernel.crypto import EncryptedTextField
from homeservice.kernel.scope import Scope, ScopedQuerySet, within
from providers.workers.models import Worker


class FileEntryQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "FileEntryQuerySet":
        """The worker's own, the enterprise's for whom they work, and staff's in their divisions."""
        if scope.everything:
            return self
        mine = models.Q(worker_id__isnull=False, worker_id=scope.worker_id)
        if scope.enterprise_id:
            mine |= models.Q(worker__enterprise_id=scope.enterprise_id)
        return self.filter(mine | within("worker__enterprise__division__area_code", scope.supply_areas))


class FileEntry(models.Model):
    """One entry of a part. Taken out of sight with a reason, never deleted."""

    class Part(models.IntegerChoices):
        IDENTITY = 1, _("Identity")
        CAREER = 2, _("Work history, education and skills")
        HEALTH = 3, _("Health proof")
        BACKGROUND = 4, _("Background and credit")
        CONTRACTS = 5, _("Contracts and agreements")
        RATINGS = 6, _("Ratings, disputes and their handling")
        INSURANCE = 7, _("Insurance and claims")
        OTHER = 8, _("Other")

    class Kind(models.TextChoices):
        WORK = "work", _("Work history")
        SCHOOLING = "schooling", _("Schooling")
        LABOUR_CONTRACT = "labour_contract", _("Labour contract")
        SERVICE_AGREEMENT = "service_agreement", _("Service agreement")
        AGENCY_CONTRACT = "agency_contract", _("Agency contract")
        DISPUTE = "dispute", _("Dispute and its handling")
        CLAIM = "claim", _("Insurance claim")
        SCREENING = "screening", _("Psychological screening done")
        COMMENDATION = "commendation", _("Commendation")
        STAR = "star", _("Star given")
        OTHER = "other", _("Other")

    worker = models.ForeignKey(Worker, models.PROTECT, verbose_name=_("worker"), related_name="file_entries")
    part = models.PositiveSmallIntegerField(_("part"), choices=Part)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    title = models.CharField(_("title"), max_length=80)
    organisation = models.CharField(_("organisation"), max_length=80, blank=True, default="")
    from_date = models.DateField(_("from"), null=True, blank=True)
    to_date = models.DateField(_("until"), null=True, blank=True)
    note = EncryptedTextField(_("note"), blank=True, default="")
    scan = models.ForeignKey(Upload, models.SET_NULL, verbose_name=_("scan"), null=True, blank=True, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("recorded by"), related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"))
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    removed_reason = models.CharField(_("reason of removal"), max_length=200, blank=True, default="")

    objects = FileEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("Entry of a worker's file")
        verbose_name_plural = _("Entries of workers' files")
        constraints = [
            models.CheckConstraint(
                name="file_entry_forward",
                condition=models.Q(to_date__isnull=True)
                | models.Q(from_date__isnull=True)
                | models.Q(to_date__gte=models.F("from_date")),
            ),
            models.CheckConstraint(
                name="file_entry_removed_with_reason",
                condition=models.Q(removed_at__isnull=True) | ~models.Q(removed_reason=""),
            ),
        ]
        indexes = [models.Index(fields=["worker", "part", "-recorded_at"], name="file_entry_of_worker")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.worker_id}"
