"""The Celery application. Durable work is rows in PostgreSQL; a message is only the wake-up."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeservice.settings.base")

app = Celery("homeservice")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["communities", "providers", "bookings"])
