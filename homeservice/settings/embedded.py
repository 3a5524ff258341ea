"""Settings of the embedded default: one machine, loopback only, made by `make run`."""

from homeservice.settings.base import *  # noqa: F403

EMBEDDED = True
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
TRUSTED_PROXY_COUNT = 0
IDENTITY_VERIFIER = "communities.accounts.identity.TestNumberVerifier"
