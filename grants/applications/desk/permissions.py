"""Who may do what on the desk. An outside reviewer sees nothing of it."""

from typing import Any

from cities.access.memberships import is_desk, roles_in
from cities.access.models import Role, User
from grants.applications.conflicts import has_conflict
from grants.applications.models import Application, ApplicationQuerySet
from grants.applications.states import ON_THE_DESK

SCREENERS = frozenset({Role.MANAGER, Role.STAFF})


def can_see_desk(user: Any, city: Any) -> bool:
    """Everybody who works at the city's desk reads the queue."""
    return is_desk(user, city.pk)


def can_see_on_desk(user: Any, application: Application) -> bool:
    """The same people read what was submitted, unless a conflict hides it. A draft is the resident's own."""
    if application.status not in ON_THE_DESK or not is_desk(user, application.city_id):
        return False
    return not has_conflict(user, application)


def can_screen_here(user: Any, city: Any) -> bool:
    """Managers and staff screen; finance, approvers and viewers read."""
    return bool(roles_in(user, city.pk) & SCREENERS)


def can_screen(user: Any, application: Application) -> bool:
    """Whoever screens in this city, but not an application of their own, nor one that a conflict hides."""
    return application.status in ON_THE_DESK and could_screen(user, application)


def could_screen(user: Any, application: Application) -> bool:
    """The same people, also where the applicant has opened it again meanwhile: they are told so."""
    if application.applicant_id == user.pk or has_conflict(user, application):
        return False
    return bool(roles_in(user, application.city_id) & SCREENERS)


def can_read_notes(user: Any, application: Application) -> bool:
    """Whoever reads it on the desk, but nobody of their own: notes are never shown to the applicant."""
    return application.applicant_id != user.pk and can_see_on_desk(user, application)


def can_add_note(user: Any, application: Application) -> bool:
    """Whoever may screen may write notes."""
    return can_screen(user, application)


def visible_to(user: Any, city: Any) -> ApplicationQuerySet:
    """Return what this person sees on the desk; agrees with :func:`can_see_on_desk` row by row."""
    applications: ApplicationQuerySet = Application.objects.on_the_desk()
    return applications.without_conflicts_of(user) if can_see_desk(user, city) else applications.none()


def person(request: Any) -> User:
    """Return who asks, once a rule has let them in: somebody who signed in."""
    found: User = request.user
    return found
