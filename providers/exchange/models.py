"""Bulk import of workers and papers: checked as a whole first, then taken over as a whole or not at all."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.accounts.models import User
from homeservice.foundation.models import Upload
from homeservice.kernel.scope import Scope, ScopedQuerySet
from providers.enterprises.models import Enterprise


class ImportRunQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "ImportRunQuerySet":
        """The enterprise's own, for accounts that may act for its workers."""
        return self if scope.everything else self.filter(enterprise_id=scope.enterprise_id)


class ImportRun(models.Model):
    """One file: its dry run with a report by row and column, and its taking over."""

    class Subject(models.TextChoices):
        WORKERS = "workers", _("Workers")
        CREDENTIALS = "credentials", _("Papers")

    class State(models.TextChoices):
        CHECKING = "checking", _("Being checked")
        FAULTY = "faulty", _("Has faults")
        READY = "ready", _("Ready to be taken over")
        IMPORTING = "importing", _("Being taken over")
        DONE = "done", _("Taken over")
        DROPPED = "dropped", _("Dropped")

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, verbose_name=_("enterprise"), related_name="imports")
    subject = models.CharField(_("subject"), max_length=12, choices=Subject)
    file = models.ForeignKey(Upload, models.PROTECT, verbose_name=_("file"), related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CHECKING)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    rows_done = models.PositiveIntegerField(_("rows done"), default=0)
    rows_new = models.PositiveIntegerField(_("new"), default=0)
    rows_changed = models.PositiveIntegerField(_("changed"), default=0)
    rows_same = models.PositiveIntegerField(_("unchanged"), default=0)
    faults_count = models.PositiveIntegerField(_("faults"), default=0)
    started_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("started by"), related_name="+")
    started_at = models.DateTimeField(_("started at"))
    due_at = models.DateTimeField(
        _("due at"), null=True, blank=True, help_text=_("A worker process must go on with it from then on.")
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("Import")
        verbose_name_plural = _("Imports")
        constraints = [
            models.CheckConstraint(name="import_rows_done", condition=Q(rows_done__lte=F("rows"))),
            models.CheckConstraint(
                name="import_faulty_is_never_done", condition=~Q(state__in=["importing", "done"]) | Q(faults_count=0)
            ),
        ]
        indexes = [
            models.Index(fields=["enterprise", "-started_at"], name="import_of_enterprise"),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="import_due"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.started_at}"


class ImportFault(models.Model):
    """What is wrong in a cell (or, without a column, in a row). The message is an English source with places."""

    run = models.ForeignKey(ImportRun, models.CASCADE, verbose_name=_("import"), related_name="faults")
    row = models.PositiveIntegerField(_("row"), help_text=_("As the spreadsheet counts, the heading is 1."))
    column = models.CharField(_("column"), max_length=40, blank=True, default="")
    code = models.CharField(_("code"), max_length=40)
    message = models.CharField(_("message"), max_length=300)
    params = models.JSONField(_("parameters"), default=dict)

    class Meta:
        verbose_name = _("Fault of an import")
        verbose_name_plural = _("Faults of imports")
        indexes = [models.Index(fields=["run", "row"], name="import_fault_by_row")]

    def __str__(self) -> str:
        return f"{self.row} {self.column} {self.code}"
