"""An admission in words: what a step means, what comes next, what stands in the way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeservice.kernel.vocabulary import Admission, CredentialCode
from providers.admission.models import AdmissionEvent
from providers.admission.rules import MENDS, Reason, reason_words
from providers.credentials.models import Credential

SOON = timedelta(days=30)
BAD = frozenset({"return", "suspend", "blacklist", "uphold"})
STEP_WORDS: Mapping[str, str | Promise] = {
    "submit": gettext_lazy("Submitted for checking"),
    "take_up": gettext_lazy("The reviewing office has begun to check"),
    "return": gettext_lazy("Returned: something needs mending"),
    "admit": gettext_lazy("Admitted to the platform"),
    "suspend": gettext_lazy("Suspended"),
    "readmit": gettext_lazy("The suspension is lifted"),
    "exit": gettext_lazy("Left the platform"),
    "blacklist": gettext_lazy("Put on the blacklist"),
    "appeal": gettext_lazy("Appealed"),
    "uphold": gettext_lazy("The appeal is refused"),
    "clear": gettext_lazy("Taken off the blacklist"),
}
NEXT: Mapping[str, str | Promise] = {
    Admission.AWAITING_AUTHORISATION: gettext_lazy("Hand in what is missing, then submit it for checking."),
    Admission.SUBMITTED: gettext_lazy("Nothing to do: the reviewing office takes it up within 5 working days."),
    Admission.CHECKING: gettext_lazy("Nothing to do: the reviewing office is looking at it now."),
    Admission.RETURNED: gettext_lazy("Mend what is written below, then submit it again."),
    Admission.ADMITTED: gettext_lazy("All is well. Keep the papers up to date."),
    Admission.SUSPENDED: gettext_lazy("No new orders come. Mend the reason, or appeal."),
    Admission.EXITED: gettext_lazy("You have left. You can apply again at any time."),
    Admission.BLACKLISTED: gettext_lazy("Serving is barred. You can appeal."),
}


@dataclass(frozen=True, slots=True)
class Gap:
    """Something about an enterprise's licences that blocks, or soon will."""

    tone: str
    text: str


def timeline(events: Sequence[AdmissionEvent]) -> list[dict[str, Any]]:
    """The steps for `c-timeline`, the latest first, with the reasons in words."""
    return [
        {
            "title": STEP_WORDS.get(event.step, event.step),
            "at": event.at,
            "body": reason_words(event.reason_codes, event.reason),
            "kind": "bad" if event.step in BAD else "done",
        }
        for event in events
    ]


def mends(events: Iterable[AdmissionEvent]) -> list[tuple[str, str]]:
    """The reasons of the last return and how to mend each, in the reader's language."""
    last = next((event for event in events if event.step in ("return", "suspend")), None)
    if last is None:
        return []
    return [(str(Reason(code).label), str(MENDS[code])) for code in last.reason_codes if code in Reason.values]


def gaps(licences: Iterable[Credential], today: date) -> list[Gap]:
    """What the enterprise must know of its licences today."""
    live = [one for one in licences if one.state in (Credential.State.SUBMITTED, Credential.State.VERIFIED)]
    found = []
    if not any(one.code == CredentialCode.BUSINESS_LICENCE and not _over(one, today) for one in live):
        found.append(Gap("bad", _("The business licence is missing.")))
    for one in live:
        words = {"paper": one.get_code_display(), "day": one.valid_until}
        if _over(one, today):
            found.append(Gap("bad", _("“%(paper)s” has expired on %(day)s.") % words))
        elif one.valid_until and one.valid_until < today + SOON:
            found.append(Gap("warn", _("“%(paper)s” ends on %(day)s: renew it in time.") % words))
    return found


def _over(paper: Credential, today: date) -> bool:
    return paper.valid_until is not None and paper.valid_until < today
