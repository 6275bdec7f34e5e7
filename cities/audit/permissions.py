"""Who reads a city's trail."""

from cities.access.rules import is_manager as can_read_trail

__all__ = ["can_read_trail"]
