"""Tables that belong to no domain. They name people by id: the user table lies above."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from homeservice.foundation.rules import UploadPurpose
from homeservice.kernel.scope import Scope, ScopedQuerySet


class Holiday(models.Model):
    """A day that departs from the weekly rhythm: a statutory holiday, or a make-up working day (调休)."""

    class Kind(models.TextChoices):
        STATUTORY = "statutory", _("Statutory holiday")  # the law's own days: triple pay, holiday prices
        ADJUSTED = "adjusted", _("Day off by adjustment")
        WORKDAY = "workday", _("Make-up working day")

    day = models.DateField(_("date"), primary_key=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=40)
    name_en = models.CharField(_("name (English)"), max_length=60)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    provisional = models.BooleanField(
        _("provisional"), default=False, help_text=_("The year's calendar is not announced yet.")
    )

    class Meta:
        verbose_name = _("Holiday")
        verbose_name_plural = _("Holidays")

    def __str__(self) -> str:
        return f"{self.day} {self.name_zh}"


class AuditEntry(models.Model):
    """Who saw, revealed, exported or changed something, when and why. Append-only."""

    at = models.DateTimeField(_("at"))
    actor_id = models.BigIntegerField(_("actor id"), null=True)
    action = models.CharField(_("action"), max_length=60)
    subject_type = models.CharField(_("type of subject"), max_length=60)
    subject_id = models.CharField(_("subject id"), max_length=40)
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    detail = models.JSONField(_("detail"), default=dict)

    class Meta:
        verbose_name = _("Audit entry")
        verbose_name_plural = _("Audit entries")
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "at"], name="audit_subject"),
            models.Index(fields=["actor_id", "at"], name="audit_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type} {self.subject_id}"


class IdempotencyKey(models.Model):
    """The answer once given to a person's key, so that repeating a request does nothing twice."""

    owner_id = models.BigIntegerField(_("owner id"))
    key = models.CharField(_("key"), max_length=80)
    request_sha256 = models.CharField(_("digest of the request"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    answer = models.JSONField(_("answer"), null=True)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("Idempotency key")
        verbose_name_plural = _("Idempotency keys")
        constraints = [models.UniqueConstraint(fields=["owner_id", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return self.key


OF_A_RECORD = (UploadPurpose.CREDENTIAL, UploadPurpose.AUTHORISATION, UploadPurpose.WORKER_FILE, UploadPurpose.IMPORT)


class UploadQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "UploadQuerySet":
        """One's own files; workers' photos for everybody who is signed in; all for an administrator.

        What belongs to a worker's record is shown by the pages that know whether one may still see it: who once sent
        it in for somebody may have to look no more.
        """
        if scope.everything:
            return self
        if scope.user_id is None:
            return self.none()
        own = models.Q(owner_id=scope.user_id) & ~models.Q(purpose__in=OF_A_RECORD)
        return self.filter(own | models.Q(purpose=UploadPurpose.WORKER_PHOTO))


class Upload(models.Model):
    """A stored file. It is served only by a view that knows who may see it."""

    owner_id = models.BigIntegerField(_("owner id"), null=True)
    purpose = models.CharField(_("purpose"), max_length=40, choices=UploadPurpose)
    file_name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(_("content type"), max_length=80)
    size_bytes = models.PositiveIntegerField(_("size (bytes)"))
    sha256 = models.CharField(_("SHA-256 digest"), max_length=64)
    storage_key = models.CharField(_("storage key"), max_length=200, unique=True)
    created_at = models.DateTimeField(_("created at"))

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("Upload")
        verbose_name_plural = _("Uploads")
        indexes = [models.Index(fields=["owner_id", "purpose"], name="upload_owner")]

    def __str__(self) -> str:
        return self.file_name
