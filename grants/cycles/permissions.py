"""Who may see and change the calls of a city."""

from typing import Any

from cities.access.memberships import is_desk, roles_in
from cities.access.models import Role

from .models import Cycle


def can_see_setup(user: Any, city: Any) -> bool:
    """Whoever works at the city's desk reads calls and figures."""
    return is_desk(user, city.pk)


def can_manage_calls(user: Any, city: Any) -> bool:
    """Managers make calls."""
    return Role.MANAGER in roles_in(user, city.pk)


def can_see_cycle(user: Any, cycle: Cycle) -> bool:
    """The desk reads a call in every status."""
    return is_desk(user, cycle.city_id)


def can_manage_cycle(user: Any, cycle: Cycle) -> bool:
    """Managers change it, publish it, put it away."""
    return Role.MANAGER in roles_in(user, cycle.city_id)
