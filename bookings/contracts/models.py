"""Per-order terms 订单条款: the agreement that the law wants before dispatch, hashed and kept."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Terms(models.Model):
    """One version of the terms. Its text never changes: `sha256` is of both languages' texts."""

    version = models.CharField(_("version"), max_length=20, unique=True)
    text_zh = models.TextField(_("text (Chinese)"))
    text_en = models.TextField(_("text (English)"))
    sha256 = models.CharField(_("SHA-256 digest"), max_length=64)
    valid_from = models.DateField(_("valid from"))

    class Meta:
        verbose_name = _("Terms")
        verbose_name_plural = _("Versions of the terms")

    def __str__(self) -> str:
        return self.version
