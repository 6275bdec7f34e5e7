from importlib import import_module

from django.apps import AppConfig

ROOMS = [
    "ledger",
    "programs",
    "cycles",
    "cycles.funding",
    "applications",
    "applications.desk",
    "reviews",
    "awards",
    "payments",
    "oversight",
]
"""Rooms with a ``registering.py``: what they tell the floors below, also in a worker that loads no page."""


class GrantsConfig(AppConfig):
    name = "grants"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for room in ROOMS:
            import_module(f"grants.{room}.registering")
