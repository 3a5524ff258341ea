"""Settings of the embedded default: one machine, loopback only, made by `make run`."""

import os

from homeservice.settings.base import *  # noqa: F403
from homeservice.settings.base import SIGN_IN_CODES
from homeservice.settings.logs import logging_with

EMBEDDED = True
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
TRUSTED_PROXY_COUNT = 0
IDENTITY_VERIFIER = "communities.accounts.identity.TestNumberVerifier"
SMS_SENDER = "communities.accounts.sms.ConsoleSms"
SIGN_IN_CODES = {**SIGN_IN_CODES, "per_ip_hour": 10_000}  # everybody comes from the same address here
LOGGING = logging_with(json=False, level=os.environ.get("LOG_LEVEL", "WARNING"))

INSTALLED_APPS = [*INSTALLED_APPS, "homeservice.demo"]  # noqa: F405
