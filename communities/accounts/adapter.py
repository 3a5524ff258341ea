"""How allauth's login and second factor fit our people."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter

from homeservice.kernel.crypto import decrypt, encrypt


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up happens in our own form, never in allauth's."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """TOTP secrets are encrypted like any personal data."""

    def encrypt(self, text: str) -> str:
        return encrypt(text).hex()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(bytes.fromhex(encrypted_text))
