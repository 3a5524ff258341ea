"""What a worker may do next with a visit, and when. Pure."""

from datetime import datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.lifecycle.models import State
from homeservice.kernel.errors import DomainError

SET_OUT_EARLIEST = timedelta(hours=3)
CHECK_IN_EARLIEST = timedelta(minutes=60)
DOOR_CODE_TRIES = 5
ADDRESS_KEPT = timedelta(hours=24)
SETTLED_AFTER = timedelta(hours=48)
REASON_LIMIT = 200

WITH_ADDRESS = frozenset(
    {State.ASSIGNED, State.CONFIRMED, State.IN_SERVICE, State.FINISHED, State.SETTLED, State.NO_SHOW}
)
OVER = frozenset({State.FINISHED, State.SETTLED, State.CANCELLED, State.NO_SHOW, State.UNFILLED})


class DeclineReason(TextChoices):
    """Why a worker does not take a visit."""

    NO_TIME = "no_time", gettext_lazy("I am not free then")
    TOO_FAR = "too_far", gettext_lazy("It is too far away")
    UNWELL = "unwell", gettext_lazy("I am unwell")
    NOT_MY_WORK = "not_my_work", gettext_lazy("I cannot do this work")
    OTHER = "other", gettext_lazy("Another reason")


class UnsafeReason(TextChoices):
    """Why a visit is not safe (GD Art 13: nobody may be made to do dangerous work)."""

    THREAT = "threat", gettext_lazy("I am threatened, insulted or harassed")
    DANGER = "danger", gettext_lazy("The place is dangerous (electricity, height, gas, animals)")
    ILLNESS = "illness", gettext_lazy("An infectious illness that nobody told us")
    OFF_CONTRACT = "off_contract", gettext_lazy("They ask for work that was not agreed")
    OTHER = "other", gettext_lazy("Another reason")


class NoShowReason(TextChoices):
    """What a worker found at a door that stayed shut."""

    NO_ANSWER = "no_answer", gettext_lazy("Nobody opens and nobody answers the telephone")
    WRONG_ADDRESS = "wrong_address", gettext_lazy("The address is not right")
    SENT_AWAY = "sent_away", gettext_lazy("They do not want the service any more")
    OTHER = "other", gettext_lazy("Another reason")


def why_not_set_out(*, starts_at: datetime, at: datetime) -> DomainError | None:
    """The resident is not told "on the way" half a day early."""
    if at < starts_at - SET_OUT_EARLIEST:
        return DomainError("too_early", _("You can set out from three hours before the start."))
    return None


def why_not_check_in(*, starts_at: datetime, misses: int, at: datetime) -> DomainError | None:
    """What stands against checking in at all, whatever the code."""
    if misses >= DOOR_CODE_TRIES:
        return door_code_locked()
    if at < starts_at - CHECK_IN_EARLIEST:
        return DomainError("too_early", _("You can check in from one hour before the start."), field="door_code")
    return None


def door_code_refusal(misses: int) -> DomainError:
    """What a worker is told after the `misses`-th wrong code."""
    left = DOOR_CODE_TRIES - misses
    if left <= 0:
        return door_code_locked()
    text = _("This is not the door code. Please ask the resident again. Tries left: %(left)s.") % {"left": left}
    return DomainError("door_code_wrong", text, field="door_code")


def door_code_locked() -> DomainError:
    text = _("Too many wrong codes. Please call the service point: its desk can unlock the check-in.")
    return DomainError("door_code_locked", text, field="door_code")


def may_not_begin(against: str) -> DomainError:
    """What a worker is told whom the gate forbids the service on its day."""
    text = _("You may not begin this service (%(reasons)s). Please call your enterprise.") % {"reasons": against}
    return DomainError("gate_blocks", text, field="door_code")


def worded_reason(label: str, text: str) -> str:
    """The chosen reason with what was typed beside it. Raises `reason_missing`, `reason_too_long`."""
    words = " ".join(part for part in (label.strip(), text.strip()) if part)
    if not words:
        raise DomainError("reason_missing", _("Please say why."), field="reason")
    if len(words) > REASON_LIMIT:
        raise DomainError("reason_too_long", _("Please keep it shorter: at most 200 characters."), field="note")
    return words


def address_open(*, state: str, over_at: datetime, at: datetime) -> bool:
    """Whether a worker sees door and telephone: from being named until a day after the visit's end (domain §7.1)."""
    return state in WITH_ADDRESS and at < over_at + ADDRESS_KEPT


def next_act(*, state: str, assignment_state: str, on_the_way: bool) -> str:
    """The one thing that this worker does next: confirm, wait (for the crew), set_out, check_in, finish or nothing."""
    if state == State.ASSIGNED:
        return "confirm" if assignment_state == "assigned" else "wait"
    if state == State.CONFIRMED:
        return "check_in" if on_the_way else "set_out"
    return "finish" if state == State.IN_SERVICE else ""
