"""Which scan of a service code opened which visit."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bookings.lifecycle.models import Booking
from providers.service_codes.models import CodeScan


class VisitScan(models.Model):
    """The resident scanned the worker's code at the door, and the visit began by it."""

    booking = models.ForeignKey(Booking, models.PROTECT, verbose_name=_("booking"), related_name="scans")
    scan = models.OneToOneField(CodeScan, models.PROTECT, verbose_name=_("scan"), related_name="visit_scan")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("Scan at the door")
        verbose_name_plural = _("Scans at the door")

    def __str__(self) -> str:
        return f"{self.booking_id} {self.at}"
