"""Per-order terms 订单条款: the agreement that the law wants before dispatch, hashed and kept."""

from django.db import models


class Terms(models.Model):
    """One version of the terms. Its text never changes: `sha256` is of both languages' texts."""

    version = models.CharField(max_length=20, unique=True)
    text_zh = models.TextField()
    text_en = models.TextField()
    sha256 = models.CharField(max_length=64)
    valid_from = models.DateField()

    def __str__(self) -> str:
        return self.version
