"""The Celery application. Durable work is rows in PostgreSQL; a message is only the wake-up."""

import os

from celery import Celery
from kombu.transport.redis import Channel

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeservice.settings.base")

app = Celery("homeservice")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["communities", "providers", "bookings"])

# With Redis lost, kombu would put the messages in hand back through the lost connection, and the worker dies of it.
# It need not: what a message speaks of is a row, and a sweep finds it.
Channel.do_restore = False
