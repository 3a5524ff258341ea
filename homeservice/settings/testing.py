"""Settings of the test suite: the embedded default with plain static files and an eager queue."""

import os

from homeservice.settings.embedded import *  # noqa: F403
from homeservice.settings.embedded import STORAGES

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
CELERY_TASK_ALWAYS_EAGER = False
CACHES = {
    "default": {
        **CACHES["default"],  # noqa: F405
        "KEY_PREFIX": os.environ.get("PYTEST_XDIST_WORKER", "single"),
    }
}
