"""Reads over memberships."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from cities.tenancy.models import City
from cities.tenancy.scopes import current_scope, person_scope
from cities.tenancy.tickets import fingerprint

from .models import CENTER_ROLES, DESK_ROLES, Membership, Role, User


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where a person has a desk."""

    city: City
    roles: frozenset[Role]

    @property
    def url(self) -> str:
        return "/center/" if self.city.kind == City.Kind.CENTER else f"/{self.city.slug}/staff/"


def workplaces(user: Any) -> list[Workplace]:
    """Return the Center, then the cities, at whose desk the person works now. Opens the person's door.

    Outside reviewers have no desk; nor have residents.
    """
    with person_scope(user):
        rows = list(
            Membership.objects.filter(user=user, ended_at__isnull=True, role__in=DESK_ROLES | CENTER_ROLES)
            .select_related("city")
            .order_by("city__kind", "city__name")
        )
    places: dict[Any, Workplace] = {}
    for row in rows:
        known = places.get(row.city_id)
        places[row.city_id] = Workplace(row.city, (known.roles if known else frozenset()) | {Role(row.role)})
    return list(places.values())


def review_place(user: Any) -> str:
    """Return where an outside reviewer works, empty for others. Opens the person's door."""
    with person_scope(user):
        slugs = Membership.objects.filter(user=user, ended_at__isnull=True, role=Role.REVIEWER)
        slug = slugs.order_by("city__name").values_list("city__slug", flat=True).first()
    return f"/{slug}/review/" if slug else ""


def ticket_of(roles: Iterable[str]) -> str:
    """Return the fingerprint of the roles that a person holds in one place."""
    return fingerprint(sorted(map(str, roles)))


@dataclass(frozen=True, slots=True)
class Member:
    """A person with the roles they hold in the open city."""

    user: User
    roles: tuple[Role, ...]

    @property
    def seen(self) -> str:
        return ticket_of(self.roles)

    @property
    def role_names(self) -> str:
        return ", ".join(str(role.label) for role in self.roles)


def members() -> list[Member]:
    """Return who works in the open city, by name. One statement."""
    held: dict[User, set[str]] = {}
    for row in (
        Membership.objects.filter(ended_at__isnull=True)
        .select_related("user")
        .order_by("user__name", "user__email")
    ):
        held.setdefault(row.user, set()).add(row.role)
    return [Member(user, tuple(role for role in Role if role in roles)) for user, roles in held.items()]


def people_here() -> models.QuerySet[User]:
    """People who hold a role in the open city: row-level security leaves no other memberships to join."""
    here: Any = current_scope().city_id
    return User.objects.filter(memberships__city_id=here, memberships__ended_at__isnull=True).distinct()


def member_of(user: User) -> Member:
    """Return one person with their roles in the open city."""
    roles = set(Membership.objects.filter(user=user, ended_at__isnull=True).values_list("role", flat=True))
    return Member(user, tuple(role for role in Role if role in roles))
