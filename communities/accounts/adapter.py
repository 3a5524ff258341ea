"""How allauth keeps the second factor of our people."""

from allauth.mfa.adapter import DefaultMFAAdapter

from homeservice.kernel.crypto import decrypt, encrypt


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """TOTP secrets are encrypted like any personal data."""

    def encrypt(self, text: str) -> str:
        return encrypt(text).hex()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(bytes.fromhex(encrypted_text))
