"""Routes of the room. Those that allauth reverses stand in ``library_urls``, without a namespace."""

from typing import Any

urlpatterns: list[Any] = []
