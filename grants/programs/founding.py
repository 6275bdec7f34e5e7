"""A new city in three steps, each in a transaction and scope of its own: found, join, invite.

A later step that is refused undoes none before it; the city's page offers to do it again. The same officer
may send the same name and web name twice: then what was founded is gone on with.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from cities.access.actions import invite_member
from cities.access.errors import AlreadyMemberError
from cities.access.models import Role, User
from cities.audit.models import Event
from cities.tenancy.errors import RuleError
from cities.tenancy.models import City, new_id
from cities.tenancy.scopes import center_scope, city_scope

from .actions import found_city, join_cohort
from .errors import AlreadyInCohortError, SlugTakenError


@dataclass(slots=True)
class Founding:
    """What came of it. ``left_undone`` says in sentences which later step was refused, and why."""

    city: City
    is_new: bool
    joined: bool = False
    invited: str = ""
    left_undone: tuple[str, ...] = ()


def found_in_steps(
    facts: dict[str, Any],
    *,
    actor: User,
    cohort_id: UUID | None = None,
    manager_email: str = "",
    manager_name: str = "",
) -> Founding:
    """Found a city, give it its place in a cohort, and invite its first manager.

    ``actor`` must have been seen to be an officer. Opens its scopes itself. Raises ``RuleError`` only while
    nothing is written; what is refused after that stands in the result.
    """
    founding = _found(facts, actor)
    if cohort_id is not None:
        _join(founding, cohort_id, actor)
    if manager_email:
        _invite(founding, manager_email, manager_name, actor)
    return founding


def _found(facts: dict[str, Any], actor: User) -> Founding:
    city_id = new_id()
    try:
        with city_scope(city_id):
            return Founding(found_city(city_id, actor=actor, **facts), is_new=True)
    except SlugTakenError:
        city = founded_before(str(facts["slug"]), str(facts["name"]), actor)
        if city is None:
            raise
        return Founding(city, is_new=False)


def founded_before(slug: str, name: str, actor: User) -> City | None:
    """Return the city of this web name and name if ``actor`` founded it."""
    city = City.objects.cities().filter(slug=slug, name=name).first()
    if city is None:
        return None
    with city_scope(city):
        was_actor = Event.objects.filter(tag="city:found", actor=actor, subject_id=city.pk).exists()
    return city if was_actor else None


def _join(founding: Founding, cohort_id: UUID, actor: User) -> None:
    try:
        with center_scope(actor):
            join_cohort(cohort_id, city_id=founding.city.pk, actor=actor)
    except AlreadyInCohortError:
        founding.joined = True
    except RuleError as refusal:
        said = _("The city is not in a cohort yet: %(reason)s You can add it on this page.")
        founding.left_undone += (said % {"reason": str(refusal)},)
    else:
        founding.joined = True


def _invite(founding: Founding, email: str, name: str, actor: User) -> None:
    try:
        with city_scope(founding.city):
            invite_member(email=email, name=name, roles=[Role.MANAGER], actor=actor)
    except AlreadyMemberError:
        founding.invited = email
    except RuleError as refusal:
        said = _("The first manager is not invited yet: %(reason)s You can invite them on this page.")
        founding.left_undone += (said % {"reason": str(refusal)},)
    else:
        founding.invited = email
