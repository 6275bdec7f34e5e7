"""Gathers the rooms' routes. Each room's ``urls.py`` lists full paths, without a namespace of its own."""

from importlib import import_module

app_name = "grants"

ROOMS: list[str] = ["cycles", "applications.desk", "applications", "cycles.public", "programs", "oversight"]

urlpatterns = [route for room in ROOMS for route in import_module(f"grants.{room}.urls").urlpatterns]
