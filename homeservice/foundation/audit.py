"""Who saw, revealed, exported or changed what, when and why. The database refuses to change an entry."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from homeservice.foundation.models import AuditEntry
from homeservice.kernel.errors import DomainError

PURPOSE_MAX = 200


def record(
    *, at: datetime, actor_id: int | None, action: str, subject: models.Model, purpose: str = "", **detail: Any
) -> AuditEntry:
    """One entry stands in the log. `detail` must not hold what it is about to protect: name fields, not values."""
    return AuditEntry.objects.create(
        at=at,
        actor_id=actor_id,
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        purpose=purpose,
        detail=detail,
    )


def record_all(
    subjects: Sequence[models.Model],
    *,
    at: datetime,
    actor_id: int | None,
    action: str,
    detail: Callable[[Any], dict[str, Any]] = lambda _subject: {},
) -> None:
    """`record` for many subjects in one insert; `detail` gives each its own."""
    AuditEntry.objects.bulk_create(
        (
            AuditEntry(
                at=at,
                actor_id=actor_id,
                action=action,
                subject_type=subject._meta.label_lower,
                subject_id=str(subject.pk),
                detail=detail(subject),
            )
            for subject in subjects
        ),
        batch_size=1000,
    )


@transaction.atomic
def reveal(*, at: datetime, actor_id: int, subject: models.Model, field: str, purpose: str) -> str:
    """The plain value of a masked field, once the log says who asked for it and why.

    The caller has found `subject` through `visible_to`. Raises `purpose_needed` for an empty or endless purpose.
    """
    reason = purpose.strip()
    if not 2 <= len(reason) <= PURPOSE_MAX:
        raise DomainError("purpose_needed", _("Say what you need it for, in 2 to 200 characters."), field="purpose")
    record(at=at, actor_id=actor_id, action="reveal", subject=subject, purpose=reason, field=field)
    return str(getattr(subject, field) or "")
