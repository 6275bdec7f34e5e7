"""Who may do what on the desk. An outside reviewer sees nothing of it."""

from typing import Any

from cities.access.memberships import is_desk, roles_in
from cities.access.models import Role, User
from grants.applications.models import Application, ApplicationQuerySet
from grants.applications.states import ON_THE_DESK

SCREENERS = frozenset({Role.MANAGER, Role.STAFF})


def can_see_desk(user: Any, city: Any) -> bool:
    """Everybody who works at the city's desk reads the queue."""
    return is_desk(user, city.pk)


def can_see_on_desk(user: Any, application: Application) -> bool:
    """The same people read what was submitted. A draft is the resident's own."""
    return application.status in ON_THE_DESK and is_desk(user, application.city_id)


def can_screen_here(user: Any, city: Any) -> bool:
    """Managers and staff screen; finance, approvers and viewers read."""
    return bool(roles_in(user, city.pk) & SCREENERS)


def can_screen(user: Any, application: Application) -> bool:
    """Whoever screens in this city, but not an application of their own."""
    if application.status not in ON_THE_DESK or application.applicant_id == user.pk:
        return False
    return bool(roles_in(user, application.city_id) & SCREENERS)


def can_add_note(user: Any, application: Application) -> bool:
    """Whoever may screen may write notes."""
    return can_screen(user, application)


def visible_to(user: Any, city: Any) -> ApplicationQuerySet:
    """Return what this person sees on the desk; agrees with :func:`can_see_on_desk` row by row."""
    applications: ApplicationQuerySet = Application.objects.on_the_desk()
    return applications if can_see_desk(user, city) else applications.none()


def person(request: Any) -> User:
    """Return who asks, once a rule has let them in: somebody who signed in."""
    found: User = request.user
    return found
