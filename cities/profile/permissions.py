"""Who may see and change a city's settings."""

from typing import Any

from cities.access.rules import is_at_desk, is_manager


def can_see_settings(user: Any, city: Any) -> bool:
    """Whoever works at the city's desk reads them."""
    return is_at_desk(user, city)


def can_change_settings(user: Any, city: Any) -> bool:
    """Managers change them."""
    return is_manager(user, city)
