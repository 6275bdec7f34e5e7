"""An account is deleted: what goes, what stays and why, what stands in the way; then all of it in one transaction.

A person's rows lie in several cities, which are opened one after the other. Upper floors register what is theirs
(:func:`leaves_with_person`). What must stay names a row without a person: address, phone and consents are gone.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cities.access.actions import withdraw_all_of
from cities.access.handing import leave_place
from cities.access.models import Invitation, Membership, User
from cities.access.sessions import end_sessions
from cities.access.signals import person_signed_out_everywhere
from cities.audit import trail
from cities.machines.models import ApiToken
from cities.outbox.models import Message
from cities.tenancy.actions import action
from cities.tenancy.errors import RuleError
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID, city_scope, person_scope

from . import notices

NAMELESS = "Deleted account"
"""Shown where a name was. Stored, so it is in the language of the books."""


class MayNotLeaveError(RuleError):
    """Something is still open that needs this person."""


@dataclass
class Farewell:
    """What deleting would mean, as sentences."""

    goes: list[str] = field(default_factory=list)
    stays: list[str] = field(default_factory=list)
    obstacles: list[str] = field(default_factory=list)
    places: set[UUID] = field(default_factory=set)
    has_worked: bool = False


Look = Callable[[User, Farewell], None]
"""Adds to the farewell what a room holds of the person. Runs at the person's own door."""
Erase = Callable[[User], None]
"""Deletes it in the open city, or raises ``MayNotLeaveError``."""

_rooms: dict[str, tuple[Look, Erase]] = {}


def leaves_with_person(name: str, *, look: Look, erase: Erase) -> None:
    _rooms[name] = (look, erase)


def farewell(person: User) -> Farewell:
    """Say what deleting the account would mean now. Opens the person's own door."""
    found = Farewell(
        goes=[
            _("Your e-mail address, phone number and what you agreed to. The address is free again."),
            _("Your letters here, passkeys, apps and API tokens, and every place where you are signed in."),
        ],
        stays=[_("The history of what was done. It is the record that others rely on.")],
    )
    with person_scope(person):
        held = list(Membership.objects.filter(user=person).values_list("city_id", "ended_at"))
        letters = Message.objects.filter(recipient=person).values_list("city_id", flat=True)
        found.places |= {city for city, _ended in held} | set(letters)
        for look, _erase in _rooms.values():
            look(person, found)
    found.has_worked = bool(held)
    if held:
        found.stays.append(
            _("Your name, because you worked for a city: its books say who decided and who paid.")
        )
    return found


def delete_account(person: User) -> None:
    """Delete what goes and make nameless what stays: in all cities, or nowhere.

    Opens every city in turn, also those that only invited the address: no door shows which they are. The Center comes
    last. Raises ``MayNotLeaveError``, ``LastManagerError``.
    """
    with transaction.atomic():
        found = farewell(person)
        if found.obstacles:
            raise MayNotLeaveError(found.obstacles[0])
        for place in list(City.objects.order_by("pk").values_list("pk", flat=True)):
            with city_scope(place):
                if place in found.places or place == CENTER_ID:
                    _leave(person)
                _forget_address(person)
        with city_scope(CENTER_ID):
            _close(person.pk, keeps_name=found.has_worked)


@action
def _leave(person: User) -> None:
    leave_place(actor=person)
    for _look, erase in _rooms.values():
        erase(person)
    Message.objects.filter(recipient=person).delete()


@action
def _forget_address(person: User) -> None:
    """Take the address out of the open city's invitations and letters, withdrawing what is open."""
    withdraw_all_of(person, actor=person)
    invited = Invitation.objects.filter(Q(email=person.email) | Q(accepted_by=person))
    invited.update(email=nameless_address(person), name="")
    # Those that tell a former address of a change are about the person.
    Message.objects.filter(Q(address=person.email) | Q(subject_id=person.pk), recipient=None).delete()


def nameless_address(person: User) -> str:
    return f"{person.pk}@deleted.invalid"


@action
def _close(person_id: UUID, *, keeps_name: bool) -> None:
    """Take from the account what names its owner, end its sessions and tokens, and tell the former address."""
    person = User.objects.select_for_update(no_key=True).get(pk=person_id)
    former = person.email
    person.email, person.phone, person.is_active = nameless_address(person), "", False
    person.may_be_contacted = person.may_share_story = False
    if not keeps_name:
        person.name = NAMELESS
    person.full_clean(exclude=["password"])
    person.save(update_fields=["email", "phone", "is_active", "may_be_contacted", "may_share_story", "name"])
    Authenticator.objects.filter(user_id=person.pk).delete()
    # Their names are the person's words; what a token did is in the trail.
    ApiToken.objects.filter(user_id=person.pk).delete()
    end_sessions(person.pk)
    person_signed_out_everywhere.send(User, person_id=person.pk)
    trail.record("person:delete", actor=person, subject=person)
    notices.account_deleted(person, former)
