"""Leaving: what is open, who takes it over, and the one step in which a membership ends.

Rooms register what waits on a person (:func:`hands_over`); this one knows none of them.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from cities.audit import trail
from cities.tenancy.actions import action

from . import notices
from .actions import end_all, end_roles, this_city, withdraw_all_of
from .errors import LastManagerError, NotMemberError, WorkOpenError
from .models import Membership, Role, User
from .queries import people_here
from .signals import membership_ended


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of open work: how much changes hands, and what doesn't.

    ``left`` names what the successor can't take, so that a colleague finds somebody. ``hidden`` counts what the
    actor must not read about; it stays as it is. ``ends``: it isn't work that moves, it ends with the membership.
    """

    label: Any
    count: int
    left: tuple[str, ...] = ()
    hidden: int = 0
    ends: bool = False

    @property
    def total(self) -> int:
        return self.count + len(self.left) + self.hidden


Hand = Callable[[User, User | None, User, bool], Part]
"""``(leaver, successor, actor, for_real)``: say what would happen, or make it happen.

Without successor all counts; for real it then ends or is taken off the leaver, or stays as it is where it can't be.
"""

_rooms: dict[str, Hand] = {}


def hands_over(name: str) -> Callable[[Hand], Hand]:
    """Register a room's open work under ``name``, which stands in the trail."""

    def register(hand: Hand) -> Hand:
        if _rooms.setdefault(name, hand).__qualname__ != hand.__qualname__:
            raise ValueError(f"Two rooms hand over {name!r}")
        return hand

    return register


def open_work(leaver: User, successor: User | None, *, actor: User) -> list[Part]:
    """Return what is open, room by room, and what would become of it. Changes nothing."""
    parts = [hand(leaver, successor, actor, False) for hand in _rooms.values()]
    return [part for part in parts if part.total]


def successors_of(leaver: User) -> Any:
    """Return who may take over: everybody else who works in the open city, by name."""
    return people_here().exclude(pk=leaver.pk).order_by("name", "email")


def successor_to(leaver: User, successor_id: UUID) -> User:
    """Return who was named to take over. Raises ``NotMemberError`` unless they work here and stay."""
    found: User | None = successors_of(leaver).filter(pk=successor_id).first()
    if found is None:
        raise NotMemberError(_("Choose somebody who works here to take over."), field="successor")
    return found


def nobody_takes_over(leaver: User, parts: Collection[Part]) -> bool:
    """Say whether there is work that moves, and nobody else here to whom it could."""
    return needs_successor(parts) and not successors_of(leaver).exists()


def needs_successor(parts: Collection[Part]) -> bool:
    return any(not part.ends for part in parts)


@action
def end_membership(member_id: UUID, *, actor: User, by_center: bool = False) -> list[Part]:
    """End every role of a member from whom nobody has to take over, at once, and what ends with it.

    By the Center, work is left where nobody else works here who could take it: else a city's only account, taken
    over by a stranger, could not be locked out. What was left the trail counts.
    Locks the city's memberships, then what each room locks.

    Raises ``NotMemberError``, ``LastManagerError``, and ``WorkOpenError`` where it takes :func:`hand_over`.
    """
    end_roles(member_id, actor=actor, by_center=by_center)
    leaver = User.objects.get(pk=member_id)
    parts = open_work(leaver, None, actor=actor)
    is_left = by_center and nobody_takes_over(leaver, parts)
    if needs_successor(parts) and not is_left:
        raise WorkOpenError(
            _("Work still waits on %(name)s: %(work)s. Name who takes it over."),
            parts=parts,
            field="successor",
            name=leaver,
            work=", ".join(f"{part.label} ({part.total})" for part in parts),
        )
    done = _let_go(leaver, actor)
    if is_left:
        left = {name: part.total for name, part in done.items() if part.total and not part.ends}
        trail.record("member:leave-work", actor=actor, subject=leaver, pieces=sum(left.values()), counts=left)
    return [part for part in done.values() if part.total]


def _let_go(leaver: User, actor: User) -> dict[str, Part]:
    return {name: hand(leaver, None, actor, True) for name, hand in _rooms.items()}


@action
def hand_over(member_id: UUID, *, successor_id: UUID, actor: User, by_center: bool = False) -> list[Part]:
    """End a member's roles here and give what is open to the successor: all of it, or nothing.

    Locks the city's memberships, then what each room locks. Both people are told. Raises ``NotMemberError``,
    ``LastManagerError``.
    """
    end_roles(member_id, actor=actor, by_center=by_center)
    leaver = User.objects.get(pk=member_id)
    successor = successor_to(leaver, successor_id)

    done = {name: hand(leaver, successor, actor, True) for name, hand in _rooms.items()}
    counts = {name: part.count for name, part in done.items() if part.count}
    trail.record(
        "member:hand-over",
        actor=actor,
        subject=leaver,
        name=str(successor),
        successor=successor.pk,
        counts=counts,
    )
    moved = sum(part.count for part in done.values() if not part.ends)
    notices.work_handed_over(successor, leaver, moved)
    return [part for part in done.values() if part.total]


@action
def leave_place(*, actor: User) -> None:
    """End every role that the actor holds in the open place, by themselves, and what invites them back.

    Locks those invitations, then the memberships there. What ends with a membership ends.
    Raises ``LastManagerError`` for the last who runs it, ``WorkOpenError`` while work waits on them.
    """
    withdraw_all_of(actor, actor=actor)
    standing = Membership.objects.filter(ended_at__isnull=True).select_for_update(no_key=True)
    rows = list(standing.order_by("pk"))
    own = [row for row in rows if row.user_id == actor.pk]
    if not own:
        return
    place = this_city()
    leading = {row.user_id for row in rows if row.role in {Role.MANAGER, Role.OFFICER}}
    if leading == {actor.pk}:
        raise LastManagerError(
            _("%(place)s has nobody else to run it. Make somebody else a manager first."), place=place.name
        )
    parts = open_work(actor, None, actor=actor)
    if needs_successor(parts):
        raise WorkOpenError(
            _("Work in %(place)s still waits on you. Ask a manager to hand it over first."),
            parts=parts,
            place=place.name,
        )
    end_all(own, actor=actor)
    _let_go(actor, actor)
    membership_ended.send(sender=Membership, member_id=actor.pk, city_id=place.pk)
