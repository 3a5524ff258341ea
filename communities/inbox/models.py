"""Notifications: one row a person and event, and an outbox row for each channel."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.accounts.models import User
from communities.inbox.rules import rendered
from homeservice.kernel.scope import Scope, ScopedQuerySet


class NotificationQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "NotificationQuerySet":
        """One's own, and nobody else's: not even an administrator's concern."""
        return self.filter(recipient_id=scope.user_id)


class Notification(models.Model):
    """What one person is told. Texts are English sources with named places, rendered in the reader's
    language; `params` hold no personal data. The link is a URL name with its arguments."""

    recipient = models.ForeignKey(User, models.CASCADE, verbose_name=_("recipient"), related_name="notifications")
    title = models.CharField(_("title"), max_length=200)
    body = models.CharField(_("body"), max_length=400, blank=True)
    params = models.JSONField(_("parameters"), default=dict)
    url_name = models.CharField(_("link"), max_length=80, blank=True)
    url_args = models.JSONField(_("arguments of the link"), default=list)
    dedupe_key = models.CharField(
        _("key against doubles"), max_length=120, help_text=_("The same event is told to the same person once.")
    )
    created_at = models.DateTimeField(_("created at"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Notification")
        verbose_name_plural = _("Notifications")
        constraints = [models.UniqueConstraint(fields=["recipient", "dedupe_key"], name="notification_once")]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notification_newest"),
            models.Index(fields=["recipient"], condition=models.Q(read_at__isnull=True), name="notification_unread"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title_text(self) -> str:
        """The title in the language of whoever reads it now."""
        return rendered(self.title, self.params)

    @property
    def body_text(self) -> str:
        """The body in the language of whoever reads it now."""
        return rendered(self.body, self.params)


class Delivery(models.Model):
    """Outbox: one channel by which a notification is still to be sent. In-app needs none."""

    class State(models.TextChoices):
        DUE = "due", _("Due")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    notification = models.ForeignKey(
        Notification, models.CASCADE, verbose_name=_("notification"), related_name="deliveries"
    )
    channel = models.CharField(_("channel"), max_length=12)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DUE)
    due_at = models.DateTimeField(_("due at"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("Delivery")
        verbose_name_plural = _("Deliveries")
        constraints = [models.UniqueConstraint(fields=["notification", "channel"], name="delivery_once_a_channel")]
        indexes = [models.Index(fields=["due_at"], condition=models.Q(state="due"), name="delivery_due")]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"
