"""Gathers the rooms' routes. Each room's ``urls.py`` lists full paths, without a namespace of its own."""

from importlib import import_module

from django.urls import include, path

from residents.accounts.library_urls import urlpatterns as library_routes

ROOMS = ["accounts", "machines", "notices"]

_routes = [route for room in ROOMS for route in import_module(f"residents.{room}.urls").urlpatterns]

# The sign-in library reverses its own names, which have no namespace.
urlpatterns = [*library_routes, path("", include((_routes, "residents")))]
