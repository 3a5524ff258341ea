"""What workers, enterprises and the office do about bindings and authorisations; each is one transaction."""

from providers.bindings.actions.authorising import (
    checked_letter,
    publish_letter,
    sign_authorisation,
    withdraw_authorisation,
)
from providers.bindings.actions.ending import confirm_end, end_by_office, keep_binding, propose_end
from providers.bindings.actions.joining import Signing, confirm_binding, enter_worker, join, register_worker
from providers.bindings.actions.proposing import (
    apply_to_enterprise,
    decline_binding,
    invite_worker,
    refuse_bound,
    take_back_proposal,
)

__all__ = [
    "Signing",
    "apply_to_enterprise",
    "checked_letter",
    "confirm_binding",
    "confirm_end",
    "decline_binding",
    "end_by_office",
    "enter_worker",
    "invite_worker",
    "join",
    "keep_binding",
    "propose_end",
    "publish_letter",
    "refuse_bound",
    "register_worker",
    "sign_authorisation",
    "take_back_proposal",
    "withdraw_authorisation",
]
