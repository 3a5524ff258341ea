"""What people and their desk may change about accounts; each is one transaction."""

from communities.accounts.actions.consents import give_consent, withdraw_consent
from communities.accounts.actions.sign_in import IssuedCode, redeem_code, request_code

__all__ = ["IssuedCode", "give_consent", "redeem_code", "request_code", "withdraw_consent"]
