"""Gathers the rooms' routes. Each room's ``urls.py`` lists full paths, without a namespace of its own."""

from importlib import import_module

app_name = "cities"

ROOMS: list[str] = ["access", "places", "profile", "audit", "documents", "operations"]

urlpatterns = [route for room in ROOMS for route in import_module(f"cities.{room}.urls").urlpatterns]
