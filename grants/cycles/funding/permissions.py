"""Who may see and move a city's money before it is awarded."""

from typing import Any

from cities.access.memberships import is_desk, roles_in
from cities.access.models import Role
from grants.cycles.models import Cycle
from grants.programs.models import ProgramGrant, Tranche


def can_see_money(user: Any, city: Any) -> bool:
    """Whoever works at the city's desk reads its books."""
    return is_desk(user, city.pk)


def can_see_cycle_money(user: Any, cycle: Cycle) -> bool:
    return is_desk(user, cycle.city_id)


def can_keep_money(user: Any, city: Any) -> bool:
    """Finance answers the Center."""
    return Role.FINANCE in roles_in(user, city.pk)


def can_accept_grant(user: Any, grant: ProgramGrant) -> bool:
    return Role.FINANCE in roles_in(user, grant.recipient_id)


def can_confirm_tranche(user: Any, tranche: Tranche) -> bool:
    return Role.FINANCE in roles_in(user, tranche.recipient_id)


def can_allocate(user: Any, city: Any) -> bool:
    """Managers say which call gets what was received."""
    return Role.MANAGER in roles_in(user, city.pk)


def can_fund_cycle(user: Any, cycle: Cycle) -> bool:
    return Role.MANAGER in roles_in(user, cycle.city_id)
