from importlib import import_module

from django.apps import AppConfig

ROOMS = ["access", "audit", "documents", "machines", "operations", "profile", "tenancy"]
"""Rooms with a ``registering.py``: what they tell the floors below, also in a worker that loads no page."""


class CitiesConfig(AppConfig):
    name = "cities"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for room in ROOMS:
            import_module(f"cities.{room}.registering")
