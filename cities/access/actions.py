"""Who works where: invite, accept, withdraw, change, end. Each runs in the scope of the city it is about.

Also called from the Center's pages, in ``city_scope(city)``, after the officer's right was read there.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.audit import trail
from cities.tenancy.actions import action
from cities.tenancy.models import City
from cities.tenancy.scopes import current_scope

from . import notices
from .errors import (
    AlreadyMemberError,
    InvitationGoneError,
    LastManagerError,
    NoRoleError,
    NotMemberError,
    OfficerExistsError,
    RolesChangedError,
    WrongPersonError,
)
from .memberships import forget_roles
from .models import CENTER_ROLES, CITY_ROLES, Invitation, Membership, Role, User
from .queries import ticket_of
from .sessions import tighten
from .signals import membership_ended, roles_changed
from .tokens import new_token, token_hash

INVITATION_DAYS = 14


@action
def invite_member(
    *, email: str, roles: Collection[str], actor: User, name: str = "", language: str = "en"
) -> list[Invitation]:
    """Invite an address to one or more roles, by one letter with one link.

    One row per role; what was invited before and is open still is withdrawn first if it is too old.
    Raises ``NoRoleError`` and ``AlreadyMemberError``.
    """
    city = this_city()
    wanted = _known_roles(roles, city)
    address = email.strip().lower()
    _withdraw_expired(address, actor=actor)
    _refuse_held(address, wanted)

    token = new_token(city.pk)
    hashes = [token_hash(token), *(token_hash(new_token(city.pk)) for _role in wanted[1:])]
    made = [
        _offer(
            Invitation(city=city, email=address, name=name.strip(), role=role, token_hash=hashed), actor=actor
        )
        for role, hashed in zip(wanted, hashes, strict=True)
    ]
    notices.invited(made, city, token, actor=actor, language=language, days=INVITATION_DAYS)
    return made


@action
def accept_invitation(token: str, *, actor: User) -> list[Membership]:
    """Take every role that this address is invited to in the city; the actor has proved the address.

    Locks the invitations. Raises ``InvitationGoneError`` and ``WrongPersonError``.
    """
    letter, open_ones = _lock_offers(token, actor)
    taken = []
    for invitation in open_ones:
        invitation.accepted_at = timezone.now()
        invitation.accepted_by = actor
        invitation.full_clean()
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        taken += _give_roles(actor, [Role(invitation.role)], actor=actor)
    take_name(actor, letter.name)
    return taken


def take_name(person: User, name: str) -> None:
    """Give an account that has no name yet, as one opened by a code, the one that the person goes by elsewhere."""
    if name and not person.name:
        person.name = name[: User._meta.get_field("name").max_length]
        person.save(update_fields=["name"])


@action
def withdraw_invitation(invitation_id: UUID, *, actor: User) -> Invitation:
    """Withdraw an invitation that nobody has accepted. Locks it. Raises ``InvitationGoneError``."""
    invitation: Invitation = Invitation.objects.select_for_update(no_key=True).get(pk=invitation_id)
    if invitation.accepted_at or invitation.withdrawn_at:
        raise InvitationGoneError(_("This invitation was used or withdrawn already."))
    return _withdraw(invitation, actor=actor)


def withdraw_all_of(leaver: User, *, actor: User) -> None:
    """Withdraw every open invitation to the leaver's address here, and those that they sent. Locks them.

    Comes before the memberships are read: an invitation that is being accepted must be one of those by then.
    """
    waiting = open_invitations().filter(Q(email=leaver.email) | Q(invited_by=leaver))
    for invitation in waiting.select_for_update(no_key=True).order_by("pk"):
        _withdraw(invitation, actor=actor)


@action
def change_roles(
    member_id: UUID, *, roles: Collection[str], actor: User, by_center: bool = False, seen: str | None = None
) -> frozenset[Role]:
    """Give a member exactly these roles. Locks the city's memberships of the member and of managers.

    ``by_center``: an officer acts, who may leave a city without a manager. ``seen`` is the ticket of the roles
    that were shown (``None``: nobody asks). Sends ``roles_changed``. Raises ``NoRoleError``, ``NotMemberError``,
    ``RolesChangedError`` and ``LastManagerError``.
    """
    city = this_city()
    wanted = frozenset(_known_roles(roles, city))
    rows = _lock_memberships(member_id, actor=actor, by_center=by_center)
    held = {Role(row.role): row for row in rows if row.user_id == member_id}
    member = User.objects.get(pk=member_id)
    if seen is not None and wanted != held.keys() and seen != ticket_of(held):
        raise RolesChangedError([role for role in Role if role in held])
    if Role.MANAGER not in wanted and not by_center:
        _refuse_last_manager(member_id, rows)

    end_all([row for role, row in held.items() if role not in wanted], actor=actor)
    _give_roles(member, sorted(wanted - held.keys()), actor=actor)
    if wanted != held.keys():
        roles_changed.send(
            sender=Membership,
            member_id=member_id,
            city_id=city.pk,
            before=frozenset(held),
            after=wanted,
            actor=actor,
        )
        notices.roles_changed(member, city, sorted(wanted))
    return wanted


def end_roles(member_id: UUID, *, actor: User, by_center: bool) -> None:
    """End every role of a member in the city, and every invitation that would bring them back, at once.

    Locks those invitations, then like :func:`change_roles`.

    For the actions of :mod:`.handing`, which know what else a leaver holds. Raises ``NotMemberError`` and
    ``LastManagerError``.
    """
    city = this_city()
    withdraw_all_of(User.objects.get(pk=member_id), actor=actor)
    rows = _lock_memberships(member_id, actor=actor, by_center=by_center)
    if not by_center:
        _refuse_last_manager(member_id, rows)

    end_all([row for row in rows if row.user_id == member_id], actor=actor)
    membership_ended.send(sender=Membership, member_id=member_id, city_id=city.pk)
    notices.roles_changed(User.objects.get(pk=member_id), city, [])


@action
def appoint_officer(*, email: str, actor: trail.Actor, name: str = "", beside_others: bool = False) -> User:
    """Make whoever proves this address an officer of the Center, with an account if there is none.

    For the operator of a new installation, where nobody can invite. Locks the Center, so that two first
    officers wait for one another. Raises ``OfficerExistsError`` unless ``beside_others``, and
    ``AlreadyMemberError``.
    """
    center: City = City.objects.select_for_update(no_key=True).get(pk=this_city().pk)
    standing = Membership.objects.filter(role=Role.OFFICER, ended_at__isnull=True)
    address = email.strip().lower()
    if standing.filter(user__email=address).exists():
        raise AlreadyMemberError(_("This person has this role already."), field="email")
    if standing.exists() and not beside_others:
        raise OfficerExistsError(_("The Center has an officer, who invites all others."))

    officer = User.objects.filter(email=address).first()
    if officer is None:
        officer = User(email=address, name=name.strip())
        officer.set_unusable_password()
        officer.full_clean(exclude=["password"])
        officer.save(force_insert=True)
    _give_roles(officer, [Role.OFFICER], actor=actor)
    notices.roles_changed(officer, center, [Role.OFFICER])
    return officer


def open_invitations() -> Any:
    """Invitations of the open city that may still be accepted."""
    return Invitation.objects.filter(
        accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=timezone.now()
    )


def _offer(invitation: Invitation, *, actor: User) -> Invitation:
    invitation.invited_by = actor
    invitation.expires_at = timezone.now() + timedelta(days=INVITATION_DAYS)
    invitation.full_clean()
    invitation.save(force_insert=True)
    trail.record("member:invite", actor=actor, subject=invitation, role=invitation.role)
    return invitation


def _withdraw(invitation: Invitation, *, actor: User) -> Invitation:
    invitation.withdrawn_at = timezone.now()
    invitation.full_clean()
    invitation.save(update_fields=["withdrawn_at"])
    trail.record("member:withdraw-invitation", actor=actor, subject=invitation, role=invitation.role)
    return invitation


def _lock_offers(token: str, actor: User) -> tuple[Invitation, list[Invitation]]:
    """Lock and return the invitation that the letter names, and all that are open to its address."""
    letter = Invitation.objects.select_for_update(no_key=True).filter(token_hash=token_hash(token)).first()
    if letter is None:
        raise InvitationGoneError(_("This invitation is not there any more. Please ask for a new one."))
    if letter.email != actor.email:
        raise WrongPersonError(
            _("This invitation was sent to another address. Please sign in with that one.")
        )
    open_ones = list(open_invitations().filter(email=letter.email).select_for_update(no_key=True))
    if not open_ones:
        raise InvitationGoneError(
            _("This invitation was used or withdrawn already, or it is too old. Please ask for a new one.")
        )
    return letter, open_ones


def this_city() -> City:
    here: Any = current_scope().city_id
    return City.objects.get(pk=here)


def _known_roles(roles: Collection[str], city: City) -> list[Role]:
    possible = CENTER_ROLES if city.kind == City.Kind.CENTER else CITY_ROLES
    if not roles:
        raise NoRoleError(_("Choose at least one role."), field="roles")
    if set(roles) - possible:
        raise NoRoleError(_("This role does not exist here."), field="roles")
    return [role for role in Role if role in set(roles)]


def _withdraw_expired(address: str, *, actor: User) -> None:
    expired = Invitation.objects.filter(
        email=address, accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__lte=timezone.now()
    )
    for invitation in expired.select_for_update(no_key=True).order_by("pk"):
        _withdraw(invitation, actor=actor)


def _refuse_held(address: str, roles: Collection[Role]) -> None:
    held = Membership.objects.filter(user__email=address, ended_at__isnull=True, role__in=roles)
    if held.exists():
        raise AlreadyMemberError(_("This person has this role already."), field="email")
    if open_invitations().filter(email=address, role__in=roles).exists():
        raise AlreadyMemberError(_("This person has been invited to this role already."), field="email")


def _lock_memberships(member_id: UUID, *, actor: User, by_center: bool) -> list[Membership]:
    """Lock who works here: two managers must not remove each other at once."""
    rows = list(
        Membership.objects.filter(ended_at__isnull=True).select_for_update(no_key=True).order_by("pk")
    )
    if not by_center and actor.pk not in _managers(rows):
        raise NotMemberError(_("You are no longer a manager of this city."))
    if not any(row.user_id == member_id for row in rows):
        raise NotMemberError(_("This person no longer works here."))
    return rows


def _managers(rows: Collection[Membership]) -> set[UUID]:
    return {row.user_id for row in rows if row.role == Role.MANAGER}


def _refuse_last_manager(member_id: UUID, rows: Collection[Membership]) -> None:
    if _managers(rows) == {member_id}:
        raise LastManagerError(_("A city needs at least one manager. Make somebody else a manager first."))


def _give_roles(member: User, roles: Collection[Role], *, actor: trail.Actor) -> list[Membership]:
    given = []
    for role in roles:
        if Membership.objects.filter(user=member, role=role, ended_at__isnull=True).exists():
            continue
        membership = Membership(city=this_city(), user=member, role=role)
        membership.full_clean()
        membership.save(force_insert=True)
        trail.record("member:join", actor=actor, subject=membership, member=member.pk, role=role)
        given.append(membership)
    if set(roles) - {Role.REVIEWER}:
        tighten(member.pk)
    forget_roles(member)
    return given


def end_all(memberships: Collection[Membership], *, actor: User) -> None:
    for membership in memberships:
        membership.ended_at = timezone.now()
        membership.full_clean()
        membership.save(update_fields=["ended_at"])
        trail.record(
            "member:end", actor=actor, subject=membership, member=membership.user_id, role=membership.role
        )
