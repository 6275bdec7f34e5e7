"""Gathers the rooms' routes. Each room's ``urls.py`` lists full paths, without a namespace of its own."""

from importlib import import_module

app_name = "grants"

ROOMS: list[str] = [
    "programs",
    "oversight",
    "cycles.funding",
    "cycles",
    "reviews",
    "applications.desk",
    "applications",
    "awards",
    "payments",
    "cycles.public",
]

urlpatterns = [route for room in ROOMS for route in import_module(f"grants.{room}.urls").urlpatterns]
