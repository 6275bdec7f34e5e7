"""Who may change who works in a city. Officers act in a city through the Center's own pages."""

from typing import Any

from cities.tenancy.scopes import open_scope

from .memberships import roles_in
from .models import FactorReset, Invitation, Role, User


def can_manage_team(user: Any, city: Any) -> bool:
    return Role.MANAGER in roles_in(user, city.pk)


def can_withdraw_invitation(user: Any, invitation: Invitation) -> bool:
    return Role.MANAGER in roles_in(user, invitation.city_id)


def can_change_member(user: Any, _member: User) -> bool:
    """A member has no city of their own: the open scope says in which city they are looked at."""
    scope = open_scope()
    return bool(scope and scope.city_id and Role.MANAGER in roles_in(user, scope.city_id))


def can_answer_reset(user: Any, reset: FactorReset) -> bool:
    """A manager there, who neither asked for it nor is meant by it."""
    if user.pk in {reset.asked_by_id, reset.person_id}:
        return False
    return Role.MANAGER in roles_in(user, reset.city_id)
