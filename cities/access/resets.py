"""A lost second step: ask, approve, refuse. Each runs in the scope of the city (or the Center) it was asked in.

Factors belong to the person: a second manager approves only for somebody who works in that city alone, else an officer
of the Center does, in the same scope. Nobody approves what they asked for, or what is about themselves.
"""

from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.audit import trail
from cities.tenancy.actions import action
from cities.tenancy.errors import RuleError
from cities.tenancy.scopes import CENTER_ID, memberships_of

from . import notices
from .errors import ResetAnsweredError, ResetError
from .models import FactorReset, Membership, Role, User
from .sessions import end_sessions
from .signals import person_signed_out_everywhere


def open_resets() -> Any:
    """What was asked in the open place and isn't answered."""
    return FactorReset.objects.filter(approved_at__isnull=True, refused_at__isnull=True)


def only_the_center() -> Q:
    """Questions that nobody in their place may approve. Asked at the Center's door; in a city: :func:`officers_to_answer`."""
    held = Membership.objects.filter(ended_at__isnull=True)
    here, of_person = held.filter(city=OuterRef("city")), held.filter(user=OuterRef("person"))
    other_managers = here.filter(role=Role.MANAGER).exclude(user=OuterRef("person"))
    return (
        Q(city=CENTER_ID)
        | Q(~Exists(here.filter(user=OuterRef("person"))))
        | Q(Exists(of_person.exclude(city=OuterRef("city"))))
        | Q(~Exists(other_managers.exclude(user=OuterRef("asked_by"))))
    )


def officers_to_answer(reset: FactorReset) -> list[User]:
    """Return whom to tell of an open question of this place: nobody, where a second manager may approve it.

    A definer function names them: a city doesn't see who works at the Center.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT officers_to_answer(%s)", [reset.pk])
        found = [row[0] for row in cursor.fetchall()]
    return list(User.objects.filter(pk__in=found, is_active=True).order_by("email")) if found else []


def place_to_ask(person: User) -> UUID:
    """Return where the person's own question goes: their one city, or the Center."""
    places = {place for place, _role in memberships_of(person)}
    return places.pop() if len(places) == 1 else CENTER_ID


def works_only_here(person_id: UUID) -> bool:
    """Say whether all the person's roles are in the open city. A definer function answers, naming nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT works_only_here(%s)", [person_id])
        return bool(cursor.fetchone()[0])


@action
def ask_factor_reset(person_id: UUID, *, reason: str, actor: User) -> FactorReset:
    """Ask to take off a person's lost second step. The person gets a letter at once.

    So do the Center's officers, where nobody else can answer.
    """
    person = User.objects.get(pk=person_id)
    if not reason.strip():
        raise RuleError(_("Please say in a few words what happened."), field="reason")
    if open_resets().filter(person=person).exists():
        raise ResetAnsweredError(_("This was asked for already, and waits for an answer."))
    reset = FactorReset(person=person, reason=reason.strip(), asked_by=actor)
    reset.full_clean(exclude=["city", "person", "asked_by"], validate_constraints=False)
    reset.save(force_insert=True)

    trail.record("factor:ask-reset", actor=actor, subject=reset, person=person.pk, reason=reset.reason)
    notices.factor_reset_asked(reset)
    notices.factor_reset_for_center(reset, officers_to_answer(reset))
    return reset


@action
def approve_factor_reset(reset_id: UUID, *, actor: User, by_center: bool = False) -> FactorReset:
    """Take off every factor of the person, end their sessions and tokens, and tell them. Locks the question.

    ``by_center``: an officer acts. Raises ``ResetError`` and ``ResetAnsweredError``; the database judges again.
    """
    reset = _lock(reset_id)
    if actor.pk in {reset.asked_by_id, reset.person_id}:
        raise ResetError(_("Somebody else has to approve what you asked for, or what is about you."))
    if not by_center and not works_only_here(reset.person_id):
        raise ResetError(_("This person also works elsewhere. Only the Center can approve this."))
    reset.approved_by, reset.approved_at = actor, timezone.now()
    reset.save(update_fields=["approved_by", "approved_at"])

    Authenticator.objects.filter(user_id=reset.person_id).delete()
    count = end_sessions(reset.person_id)
    person_signed_out_everywhere.send(FactorReset, person_id=reset.person_id)
    trail.record("factor:approve-reset", actor=actor, subject=reset, person=reset.person_id, sessions=count)
    notices.factor_reset_done(reset)
    return reset


@action
def refuse_factor_reset(reset_id: UUID, *, actor: User) -> FactorReset:
    """Leave the second step as it is. Locks the question. Raises ``ResetAnsweredError``."""
    reset = _lock(reset_id)
    reset.refused_by, reset.refused_at = actor, timezone.now()
    reset.save(update_fields=["refused_by", "refused_at"])
    trail.record("factor:refuse-reset", actor=actor, subject=reset, person=reset.person_id)
    return reset


def _lock(reset_id: UUID) -> FactorReset:
    rows = FactorReset.objects.select_related("person").select_for_update(no_key=True, of=("self",))
    reset: FactorReset = rows.get(pk=reset_id)
    if reset.approved_at or reset.refused_at:
        raise ResetAnsweredError(_("Somebody was faster: this is answered already."))
    return reset
