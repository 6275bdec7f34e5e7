"""Who sits where when the demo's money moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cities.access.models import Role, User


@dataclass(frozen=True, slots=True)
class Cast:
    """A city's people by what they do. ``recorder`` is a second person of finance, or a deputy."""

    manager: User
    requester: User
    approver: User
    recorder: User
    reviewers: tuple[User, ...]
    checker: User
    """Who decides about receipts."""
    has_deputy: bool = False


def cast_of(members: Sequence[tuple[User, Role]]) -> Cast:
    """Give everybody their seat. A city without a second person of finance has a deputy: its viewer."""
    by_role: dict[Role, list[User]] = {}
    for user, role in members:
        by_role.setdefault(role, []).append(user)
    manager = by_role[Role.MANAGER][0]
    finance = by_role[Role.FINANCE]
    approver = by_role.get(Role.APPROVER, [manager])[0]
    has_deputy = len(finance) == 1
    recorder = by_role[Role.VIEWER][0] if has_deputy else finance[-1]
    reviewers = [*by_role.get(Role.REVIEWER, []), *by_role.get(Role.STAFF, []), manager]
    checker = by_role.get(Role.STAFF, [manager])[0]
    return Cast(manager, finance[0], approver, recorder, tuple(reviewers), checker, has_deputy)
