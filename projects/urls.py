"""Gathers the rooms' routes. Each room's ``urls.py`` lists full paths, without a namespace of its own."""

from importlib import import_module

app_name = "projects"

ROOMS: list[str] = ["delivery"]

urlpatterns = [route for room in ROOMS for route in import_module(f"projects.{room}.urls").urlpatterns]
