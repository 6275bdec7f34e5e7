"""Access given, changed and taken by an officer, in the scope of the place it is about: a city, or the Center itself."""

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext as _

from cities.access.actions import change_roles
from cities.access.handing import end_membership, hand_over
from cities.access.models import Membership, Role, User
from cities.tenancy.actions import action
from cities.tenancy.scopes import CENTER_ID, current_scope
from grants.programs.errors import LastOfficerError, NotAnOfficerError


@action
def change_access(
    member_id: UUID, *, roles: Collection[str], actor: User, seen: str | None = None
) -> frozenset[Role]:
    """Give a member exactly these roles in the open place. At the Center, locks the officers' memberships.

    Raises ``LastOfficerError``, ``NotAnOfficerError``, and what ``change_roles`` raises.
    """
    _keep_an_officer(member_id, roles, actor)
    return change_roles(member_id, roles=roles, actor=actor, by_center=True, seen=seen)


@action
def end_access(member_id: UUID, *, actor: User, successor_id: UUID | None = None) -> None:
    """End every role of a member in the open place. Locks as :func:`change_access`.

    A successor takes over what is open; where nobody else works there, it is left. Raises ``WorkOpenError`` as
    ``end_membership``.
    """
    _keep_an_officer(member_id, (), actor)
    if successor_id is None:
        end_membership(member_id, actor=actor, by_center=True)
    else:
        hand_over(member_id, successor_id=successor_id, actor=actor, by_center=True)


def _keep_an_officer(member_id: UUID, roles: Collection[str], actor: User) -> None:
    """Refuse to leave the Center without an officer. Two who remove each other at once wait for one another."""
    if current_scope().city_id != CENTER_ID:
        return
    standing = Membership.objects.filter(role=Role.OFFICER, ended_at__isnull=True)
    officers = {row.user_id for row in standing.select_for_update(no_key=True).order_by("pk")}
    if actor.pk not in officers:
        raise NotAnOfficerError(_("You are no longer an officer of the Center."))
    if Role.OFFICER not in roles and officers == {member_id}:
        said = _("The Center needs at least one officer. Make somebody else an officer first.")
        raise LastOfficerError(said, field="roles")
