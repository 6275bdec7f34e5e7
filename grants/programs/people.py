"""Who works in one place (a city, or the Center itself), and who is invited to.

Every read names the place, so it means the same at the Center's door, which sees all of them.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cities.access.models import Invitation, Membership, Role, User
from cities.access.queries import ticket_of


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with their roles in one place, in the order of the roles."""

    user: User
    roles: tuple[Role, ...]
    since: datetime

    @property
    def seen(self) -> str:
        return ticket_of(self.roles)

    @property
    def labels(self) -> str:
        return ", ".join(str(role.label) for role in self.roles)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An invitation that nobody has taken up yet."""

    invitation: Invitation
    is_over: bool

    @property
    def label(self) -> str:
        return str(Role(self.invitation.role).label)


def people_of(place_id: UUID) -> list[Person]:
    """Return who holds roles in one place, by name."""
    standing = Membership.objects.filter(city_id=place_id, ended_at__isnull=True).select_related("user")
    found: dict[UUID, list[Membership]] = {}
    for membership in standing.order_by("user__name", "user__email", "created_at"):
        found.setdefault(membership.user_id, []).append(membership)
    return [_person(memberships) for memberships in found.values()]


def person_in(place_id: UUID, user_id: UUID) -> Person | None:
    """Return one person with their roles in the place, or ``None`` if they hold none there."""
    standing = Membership.objects.filter(city_id=place_id, user_id=user_id, ended_at__isnull=True)
    memberships = list(standing.select_related("user").order_by("created_at"))
    return _person(memberships) if memberships else None


def only_holder(place_id: UUID, user_id: UUID, role: Role) -> bool:
    """Say whether nobody else holds the role in the place."""
    standing = Membership.objects.filter(city_id=place_id, role=role, ended_at__isnull=True)
    return set(standing.values_list("user_id", flat=True)) == {user_id}


def waiting_in(place_id: UUID, now: datetime) -> list[Waiting]:
    """Return the invitations that are neither taken up nor withdrawn, newest first."""
    rows = Invitation.objects.filter(city_id=place_id, accepted_at__isnull=True, withdrawn_at__isnull=True)
    return [Waiting(row, is_over=row.expires_at <= now) for row in rows.order_by("-created_at", "role")]


def _person(memberships: list[Membership]) -> Person:
    held = {Role(each.role) for each in memberships}
    return Person(
        user=memberships[0].user,
        roles=tuple(role for role in Role if role in held),
        since=min(each.created_at for each in memberships),
    )
