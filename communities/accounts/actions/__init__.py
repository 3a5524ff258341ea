"""What people and their desk may change about accounts; each is one transaction."""

from communities.accounts.actions.consents import give_consent, withdraw_consent
from communities.accounts.actions.homes import (
    RecipientFacts,
    add_proxy,
    add_recipient,
    change_household,
    change_recipient,
    leave_household,
    open_household,
    remove_recipient,
    revoke_proxy,
)
from communities.accounts.actions.identity import verify_identity
from communities.accounts.actions.people import close_account, register_resident, rename, reveal_phone
from communities.accounts.actions.second_factor import (
    answer_second_factor,
    confirm_enrolment,
    enrol_totp,
    forget_second_factor,
    note_recovery_codes_seen,
)
from communities.accounts.actions.sign_in import IssuedCode, check_code, purge_codes, redeem_code, request_code

__all__ = [
    "IssuedCode",
    "RecipientFacts",
    "add_proxy",
    "add_recipient",
    "answer_second_factor",
    "change_household",
    "change_recipient",
    "check_code",
    "close_account",
    "confirm_enrolment",
    "enrol_totp",
    "forget_second_factor",
    "give_consent",
    "leave_household",
    "note_recovery_codes_seen",
    "open_household",
    "purge_codes",
    "redeem_code",
    "register_resident",
    "remove_recipient",
    "rename",
    "request_code",
    "reveal_phone",
    "revoke_proxy",
    "verify_identity",
    "withdraw_consent",
]
