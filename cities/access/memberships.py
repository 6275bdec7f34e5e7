"""Which roles a person holds where. Read in each request, so that a removed role ends at once."""

from typing import Any
from uuid import UUID

from cities.tenancy.scopes import CENTER_ID, open_scope, person_scope

from .models import CENTER_ROLES, DESK_ROLES, Membership, Role, User


def roles_in(user: Any, city_id: UUID) -> frozenset[Role]:
    """Return the roles that ``user`` holds in the city now; remembered on the object, so once a request."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    remembered: dict[UUID, frozenset[Role]] = user.__dict__.setdefault("_roles", {})
    if city_id not in remembered:
        remembered[city_id] = _read(user, city_id)
    return remembered[city_id]


def _read(user: User, city_id: UUID) -> frozenset[Role]:
    rows = Membership.objects.filter(user=user, ended_at__isnull=True)
    scope = open_scope()
    if scope is not None and scope.city_id == city_id:
        return frozenset(Role(role) for role in rows.values_list("role", flat=True))
    if scope is not None and scope.door != "person":
        return frozenset()
    if scope is not None:
        return frozenset(Role(role) for role in rows.filter(city_id=city_id).values_list("role", flat=True))
    with person_scope(user):
        return frozenset(Role(role) for role in rows.filter(city_id=city_id).values_list("role", flat=True))


def center_roles(user: Any) -> frozenset[Role]:
    """Return the roles held at the Center (officer, auditor)."""
    return roles_in(user, CENTER_ID) & CENTER_ROLES


def is_desk(user: Any, city_id: UUID) -> bool:
    """Say whether the person works at this city's desk (any role but reviewer)."""
    return bool(roles_in(user, city_id) & DESK_ROLES)


def forget_roles(user: Any) -> None:
    """Drop what was remembered, after a change of memberships in the same request."""
    user.__dict__.pop("_roles", None)
