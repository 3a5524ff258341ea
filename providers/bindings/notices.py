"""What the two sides of a binding are told. No personal data: the enterprise's name is public."""

from django.utils.translation import gettext_noop

from communities.inbox.rules import SMS, Notice
from providers.bindings.models import Binding
from providers.bindings.rules import WORKER
from providers.enterprises.queries import manager_ids

INVITED = gettext_noop("%(enterprise)s would like to work with you")
INVITED_BODY = gettext_noop(
    "Read the authorisation letter and decide yourself: nothing about you is kept before you sign."
)
APPLIED = gettext_noop("Somebody applies to work for you")
APPLIED_BODY = gettext_noop("Say yes or no on your page of workers.")
JOINED = gettext_noop("A worker has joined you")
JOINED_BODY = gettext_noop("Hand in the papers next, then submit the worker for checking.")
TAKEN_ON = gettext_noop("%(enterprise)s has taken you on")
DECLINED_BY_WORKER = gettext_noop("An invitation was declined")
DECLINED_BY_FIRM = gettext_noop("%(enterprise)s cannot take you on at present")
END_BY_WORKER = gettext_noop("A worker wants to end the binding")
END_BY_FIRM = gettext_noop("%(enterprise)s wants to end the binding with you")
END_BODY = gettext_noop("Reason: %(reason)s. It ends only once you confirm.")
ENDED = gettext_noop("The binding with %(enterprise)s has ended")
ENDED_FOR_FIRM = gettext_noop("A worker's binding to you has ended")
KEPT = gettext_noop("The binding with %(enterprise)s stays in force")
KEPT_FOR_FIRM = gettext_noop("A worker's binding to you stays in force")


def invited(binding: Binding) -> Notice:
    """To the person, by message as well: they may not have signed in yet."""
    return _to_worker(binding, "invited", INVITED, INVITED_BODY, channels=(SMS,))


def applied(binding: Binding) -> list[Notice]:
    return _to_firm(binding, "applied", APPLIED, APPLIED_BODY)


def confirmed(binding: Binding) -> list[Notice]:
    """To the side that had proposed it."""
    if binding.proposed_by == WORKER:
        return [_to_worker(binding, "taken-on", TAKEN_ON, channels=(SMS,))]
    return _to_firm(binding, "joined", JOINED, JOINED_BODY)


def declined(binding: Binding) -> list[Notice]:
    """To the side that had proposed it."""
    if binding.proposed_by == WORKER:
        return [_to_worker(binding, "declined", DECLINED_BY_FIRM)]
    return _to_firm(binding, "declined", DECLINED_BY_WORKER)


def end_proposed(binding: Binding) -> list[Notice]:
    """To the other side. One proposal after the other has a key of its own."""
    key = f"end-{binding.ending_proposed_at:%Y%m%d%H%M%S%f}"
    if binding.ending_proposed_by == WORKER:
        return _to_firm(binding, key, END_BY_WORKER, END_BODY)
    return [_to_worker(binding, key, END_BY_FIRM, END_BODY, channels=(SMS,))]


def ended(binding: Binding) -> list[Notice]:
    """To both sides."""
    return [_to_worker(binding, "ended", ENDED, channels=(SMS,)), *_to_firm(binding, "ended", ENDED_FOR_FIRM)]


def kept(binding: Binding, proposal: str) -> list[Notice]:
    """To both sides; `proposal` tells one dropped proposal from the next."""
    key = f"kept-{proposal}"
    return [_to_worker(binding, key, KEPT), *_to_firm(binding, key, KEPT_FOR_FIRM)]


def _to_worker(binding: Binding, what: str, title: str, body: str = "", *, channels: tuple[str, ...] = ()) -> Notice:
    return Notice(
        recipient_id=binding.user_id, title=title, body=body, params=_params(binding), channels=channels,
        dedupe_key=f"binding:{binding.pk}:{what}", url_name="worker_bindings",
    )  # fmt: skip


def _to_firm(binding: Binding, what: str, title: str, body: str = "") -> list[Notice]:
    return [
        Notice(
            recipient_id=user_id, title=title, body=body, params=_params(binding), url_name="enterprise_bindings",
            dedupe_key=f"binding:{binding.pk}:{what}:firm",
        )
        for user_id in manager_ids(binding.enterprise_id)
    ]  # fmt: skip


def _params(binding: Binding) -> dict[str, str]:
    return {"enterprise": binding.enterprise.name, "reason": binding.end_reason}
