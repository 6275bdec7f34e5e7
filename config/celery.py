"""The Celery application. Only the outbox relay (``cities.outbox``) puts tasks on its queues."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("love_your_block")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    [
        "cities.outbox",
        "cities.audit",
        "cities.documents",
        "residents.notices",
        "residents.accounts",
        "grants.applications",
    ]
)


@worker_init.connect
def refuse_a_strong_role(**_sender: Any) -> None:
    """Hold a worker to what the web server is held to. (Celery would only log another exception here.)"""
    from django.conf import settings  # noqa: PLC0415  loaded once the application is configured
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415

    from config import startup  # noqa: PLC0415

    if settings.PRODUCTION:
        try:
            startup.refuse_a_strong_role()
        except ImproperlyConfigured as refusal:
            raise SystemExit(str(refusal)) from None
