"""Who reads what the Center looked at: everybody at the city's desk."""

from cities.access.rules import is_at_desk as can_read_readings

__all__ = ["can_read_readings"]
