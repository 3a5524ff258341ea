"""Who serves already is suspended, readmitted, leaves or is put on the blacklist. Running bookings are not touched here."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from homeservice.kernel.vocabulary import Admission, Role
from providers.admission.actions.stepping import take_step, take_steps
from providers.admission.models import ReviewCase
from providers.admission.queries import Holder
from providers.admission.rules import SYSTEM, Actor, checked_reasons, staff
from providers.bindings.models import Authorisation
from providers.bindings.queries import authorised_among
from providers.workers.models import Worker

Outcome = ReviewCase.Outcome


@transaction.atomic
def suspend(*, holder: Holder, reason: str, actor_id: int, at: datetime, reason_codes: Sequence[str] = ()) -> None:
    """The holder takes no new orders; running ones go on, and the bookings' own sweep looks after them.

    Raises `reason_missing`, `reason_too_long`, `step_not_possible`. Locks the holder.
    """
    codes, words = checked_reasons(reason_codes, reason)
    take_step(holder, "suspend", actor=staff(actor_id), at=at, reason=words, reason_codes=codes)


@transaction.atomic
def readmit(*, holder: Holder, reason: str, actor_id: int, at: datetime) -> None:
    """The suspension is lifted; an appeal against it is granted by that.

    Raises `reason_missing`, `step_not_possible`, and what keeps the holder from being admitted. Locks the holder.
    """
    words = checked_reasons((), reason)[1]
    row = take_step(holder, "readmit", actor=staff(actor_id), at=at, reason=words)
    close_cases(row, [ReviewCase.Kind.APPEAL], Outcome.ACCEPTED, actor_id=actor_id, at=at)


@transaction.atomic
def exit_(*, holder: Holder, reason: str, actor_id: int, at: datetime, role: str = Role.STAFF) -> None:
    """The holder has left: no new orders; the bookings' sweep hands over what is running. Open cases are withdrawn.

    Raises `reason_missing`, `reason_too_long`, `step_not_possible`. Locks the holder.
    """
    words = checked_reasons((), reason)[1]
    row = take_step(holder, "exit", actor=Actor(actor_id, role), at=at, reason=words)
    close_cases(row, ReviewCase.Kind.values, Outcome.WITHDRAWN, actor_id=actor_id, at=at)


@transaction.atomic
def blacklist(*, holder: Holder, reason: str, actor_id: int, at: datetime) -> None:
    """The holder may not serve and not apply; an appeal is the only way back. Open cases are withdrawn.

    Raises `reason_missing`, `reason_too_long`, `step_not_possible`. Locks the holder.
    """
    words = checked_reasons((), reason)[1]
    row = take_step(holder, "blacklist", actor=staff(actor_id), at=at, reason=words)
    close_cases(row, ReviewCase.Kind.values, Outcome.WITHDRAWN, actor_id=actor_id, at=at)


@transaction.atomic
def suspend_unauthorised(*, at: datetime) -> int:
    """Admitted workers who withdrew their authorisation and gave no new one are suspended; answers how many.

    Their withdrawal was written further down; this sweep draws the conclusion. Locks the workers. Safe twice.
    """
    letters = Authorisation.objects.filter(worker=OuterRef("pk"))
    withdrawn = Worker.objects.filter(
        Exists(letters.filter(withdrawn_at__isnull=False)),
        ~Exists(letters.filter(withdrawn_at__isnull=True)),
        state=Admission.ADMITTED,
    )
    held = list(withdrawn.select_for_update(of=("self",), no_key=True).order_by("pk"))
    ids = {one.pk for one in held} - authorised_among([one.pk for one in held])  # who signed while this one waited
    with override(settings.LANGUAGE_CODE):  # kept with the row, in one language, as what staff write is
        reason = _("The authorisation was withdrawn.")
    taken = take_steps(Worker, ids, "suspend", actor=Actor(None, SYSTEM), at=at, reason=reason)
    return len(taken.moved)


def close_cases(holder: Holder, kinds: Sequence[str], outcome: str, *, actor_id: int | None, at: datetime) -> None:
    """The holder's open cases of these kinds are closed with the outcome."""
    whose = Q(worker=holder) if isinstance(holder, Worker) else Q(enterprise=holder)
    ReviewCase.objects.filter(whose, kind__in=kinds, closed_at__isnull=True).update(
        closed_at=at, closed_by_id=actor_id, outcome=outcome, claimed_by=None, claimed_until=None
    )
