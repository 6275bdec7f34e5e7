"""Which roles a person holds where. Read in each request, so that a removed role ends at once."""

from typing import Any
from uuid import UUID

from cities.tenancy.scopes import CENTER_ID, HELD_AT_THE_DOOR, memberships_of

from .models import CENTER_ROLES, DESK_ROLES, Role


def roles_in(user: Any, city_id: UUID) -> frozenset[Role]:
    """Return the roles that ``user`` holds in the city now; all of them are read at once, once a request."""
    bound: tuple[UUID | None] | None = user.__dict__.get("_bound_to")
    if bound is not None and city_id not in bound:
        return frozenset()
    return _roles(user).get(city_id, frozenset())


def _roles(user: Any) -> dict[UUID, frozenset[Role]]:
    remembered: dict[UUID, frozenset[Role]] | None = user.__dict__.get("_roles")
    if remembered is None:
        if not user.is_authenticated or not user.is_active:
            return {}
        held = user.__dict__.pop(HELD_AT_THE_DOOR, None)
        remembered = {}
        for city_id, role in memberships_of(user) if held is None else held:
            remembered[city_id] = remembered.get(city_id, frozenset()) | {Role(role)}
        user.__dict__["_roles"] = remembered
    return remembered


def bind_to(user: Any, city_id: UUID | None) -> None:
    """Let this ``user`` have their roles in one place only, or nowhere: a token acts for them there."""
    user.__dict__["_bound_to"] = (city_id,)


def is_desk_anywhere(user: Any) -> bool:
    """Say whether the person holds any role but reviewer, in whichever city or at the Center.

    Also of somebody who is bound to one place: what they have to lose is not less.
    """
    return any(roles - {Role.REVIEWER} for roles in _roles(user).values())


def center_roles(user: Any) -> frozenset[Role]:
    """Return the roles held at the Center (officer, auditor)."""
    return roles_in(user, CENTER_ID) & CENTER_ROLES


def is_desk(user: Any, city_id: UUID) -> bool:
    """Say whether the person works at this city's desk (any role but reviewer)."""
    return bool(roles_in(user, city_id) & DESK_ROLES)


def forget_roles(user: Any) -> None:
    """Drop what was remembered, after a change of memberships in the same request."""
    for name in ("_roles", HELD_AT_THE_DOOR):
        user.__dict__.pop(name, None)
