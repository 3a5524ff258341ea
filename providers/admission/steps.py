"""An admission's life in one table, for enterprises and workers alike: every step, who may take it, who is told.

`admission.actions` are the only writers of the state and take only these steps.
"""

from django.utils.translation import gettext_noop

from homeservice.kernel.states import Message, Step, by_name
from homeservice.kernel.vocabulary import Admission, Role
from providers.admission.rules import (
    SYSTEM,
    why_not_admit,
    why_not_readmit,
    why_not_submit,
    why_not_without_reason,
)

# audiences: the enterprise about itself, the enterprise about one of its workers, the worker
FIRM, EMPLOYER, PERSON = "firm", "employer", "person"

_STAFF = frozenset({Role.STAFF, Role.ADMIN})
_THEMSELVES = frozenset({Role.MANAGER, Role.WORKER})


def _states(*states: Admission) -> frozenset[str]:
    return frozenset(state.value for state in states)


_NOT_YET = (Admission.AWAITING_AUTHORISATION, Admission.SUBMITTED, Admission.CHECKING, Admission.RETURNED)
_WITH_THE_DESK = (Admission.SUBMITTED, Admission.CHECKING)
_BARRED = (Admission.SUSPENDED, Admission.BLACKLISTED)
_REASONS = gettext_noop("The reason: %(reasons)s")

STEPS: dict[str, Step] = by_name(
    Step(
        "submit",
        _states(Admission.AWAITING_AUTHORISATION, Admission.RETURNED, Admission.EXITED),
        Admission.SUBMITTED,
        _THEMSELVES | _STAFF,
        guard=why_not_submit,
        messages=(Message(PERSON, gettext_noop("Your papers are with the reviewing office")),),
    ),
    Step("take_up", _states(Admission.SUBMITTED), Admission.CHECKING, _STAFF),
    Step(
        "return",
        _states(*_WITH_THE_DESK),
        Admission.RETURNED,
        _STAFF,
        guard=why_not_without_reason,
        messages=(
            Message(FIRM, gettext_noop("Your enterprise's papers need mending"), _REASONS),
            Message(EMPLOYER, gettext_noop("A worker's papers need mending"), _REASONS),
            Message(PERSON, gettext_noop("Your papers need mending"), _REASONS),
        ),
    ),
    Step(
        "admit",
        _states(*_WITH_THE_DESK),
        Admission.ADMITTED,
        _STAFF,
        guard=why_not_admit,
        messages=(
            Message(
                FIRM, gettext_noop("Your enterprise is admitted"),
                gettext_noop("You can add workers and say what you offer."),
            ),
            Message(
                EMPLOYER, gettext_noop("A worker is admitted"),
                gettext_noop("Choose the services that the worker gives."),
            ),
            Message(PERSON, gettext_noop("You are admitted"), gettext_noop("You can be booked from now on.")),
        ),
    ),
    Step(
        "suspend",
        _states(Admission.ADMITTED),
        Admission.SUSPENDED,
        _STAFF | {SYSTEM},
        guard=why_not_without_reason,
        messages=(
            Message(
                FIRM, gettext_noop("Your enterprise is suspended"),
                gettext_noop("No new orders come; those running go on. %(reasons)s"),
            ),
            Message(EMPLOYER, gettext_noop("A worker is suspended"), _REASONS),
            Message(PERSON, gettext_noop("You are suspended"), _REASONS),
        ),
    ),
    Step(
        "readmit",
        _states(Admission.SUSPENDED),
        Admission.ADMITTED,
        _STAFF,
        guard=why_not_readmit,
        messages=(
            Message(FIRM, gettext_noop("The suspension of your enterprise is lifted")),
            Message(EMPLOYER, gettext_noop("The suspension of a worker is lifted")),
            Message(PERSON, gettext_noop("Your suspension is lifted")),
        ),
    ),
    Step(
        "exit",
        _states(*_NOT_YET, Admission.ADMITTED, Admission.SUSPENDED),
        Admission.EXITED,
        _THEMSELVES | _STAFF,
        guard=why_not_without_reason,
        messages=(
            Message(
                FIRM, gettext_noop("Your enterprise has left the platform"),
                gettext_noop("Running bookings are finished or handed over; no new ones come."),
            ),
            Message(EMPLOYER, gettext_noop("A worker has left the platform")),
            Message(PERSON, gettext_noop("You have left the platform")),
        ),
    ),
    Step(
        "blacklist",
        _states(*_NOT_YET, Admission.ADMITTED, Admission.SUSPENDED, Admission.EXITED),
        Admission.BLACKLISTED,
        _STAFF,
        guard=why_not_without_reason,
        messages=(
            Message(
                FIRM, gettext_noop("Your enterprise is on the blacklist"), gettext_noop("You can appeal. %(reasons)s")
            ),
            Message(EMPLOYER, gettext_noop("A worker is on the blacklist"), _REASONS),
            Message(PERSON, gettext_noop("You are on the blacklist"), gettext_noop("You can appeal. %(reasons)s")),
        ),
    ),
    Step("appeal", _states(*_BARRED), None, _THEMSELVES, guard=why_not_without_reason),
    Step(
        "uphold",
        _states(*_BARRED),
        None,
        _STAFF,
        guard=why_not_without_reason,
        messages=(
            Message(FIRM, gettext_noop("Your appeal is refused"), _REASONS),
            Message(EMPLOYER, gettext_noop("A worker's appeal is refused"), _REASONS),
            Message(PERSON, gettext_noop("Your appeal is refused"), _REASONS),
        ),
    ),
    Step(
        "clear",
        _states(Admission.BLACKLISTED),
        Admission.RETURNED,
        _STAFF,
        guard=why_not_without_reason,
        messages=(
            Message(
                FIRM, gettext_noop("Your enterprise is off the blacklist"),
                gettext_noop("Bring your papers up to date and submit them again."),
            ),
            Message(EMPLOYER, gettext_noop("A worker is off the blacklist")),
            Message(
                PERSON, gettext_noop("You are off the blacklist"),
                gettext_noop("Bring your papers up to date and have them submitted again."),
            ),
        ),
    ),
)  # fmt: skip
