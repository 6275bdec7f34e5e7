"""The Celery application. Only the outbox relay (``cities.outbox``) puts tasks on its queues."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("love_your_block")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    ["cities.outbox", "cities.audit", "residents.notices", "residents.accounts", "grants.applications"]
)
