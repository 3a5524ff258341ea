"""Policies as data: loaded from files, never edited into code."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import models, transaction
from django.db.backends.postgresql.psycopg_any import DateRange


@transaction.atomic
def load_policies(model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> int:
    """Each row is a policy of the model for its division and validity, inserted or changed. Answers how many.

    Raises `IntegrityError` (`…_policy_one_at_a_time`) if two would hold at once: then none is loaded.
    """
    count = 0
    for row in rows:
        values = {**row}
        first, until = values.pop("valid_from"), values.pop("valid_until")
        validity = DateRange(date.fromisoformat(first), date.fromisoformat(until) if until else None)
        model._default_manager.update_or_create(area_code=values.pop("area_code"), validity=validity, defaults=values)
        count += 1
    return count
