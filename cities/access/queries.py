"""Reads over memberships."""

from dataclasses import dataclass
from typing import Any

from cities.tenancy.models import City
from cities.tenancy.scopes import person_scope

from .models import CENTER_ROLES, DESK_ROLES, Membership, Role


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
