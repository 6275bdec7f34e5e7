"""Who may do what with projects. What is published everybody reads."""

from typing import Any

from cities.access.memberships import is_desk, roles_in
from cities.access.models import Role, User
from grants.applications.models import open_conflicts

from .models import Photo, Project, Update
from .states import UpdateStatus

PUBLISHERS = frozenset({Role.MANAGER, Role.STAFF})


def can_see_projects_desk(user: Any, city: Any) -> bool:
    """Everybody at the city's desk reads what waits to be published."""
    return is_desk(user, city.pk)


def can_publish_here(user: Any, city: Any) -> bool:
    """Managers and staff publish."""
    return bool(roles_in(user, city.pk) & PUBLISHERS)


def can_see_project(user: Any, project: Project) -> bool:
    """Everybody once it is published; before that its lead and the desk."""
    return project.published_at is not None or is_lead(user, project) or can_see_on_desk(user, project)


def can_see_photo(user: Any, photo: Photo) -> bool:
    """The same as for the update it is part of."""
    update = photo.update
    if update.status == UpdateStatus.PUBLISHED and update.project.published_at is not None:
        return True
    return is_lead(user, update.project) or can_see_on_desk(user, update.project)


def can_add_update(user: Any, project: Project) -> bool:
    """The person whose award it is tells about the project."""
    return is_lead(user, project)


def can_remove_update(user: Any, update: Update) -> bool:
    return bool(user.is_authenticated and update.author_id == user.pk)


def can_publish(user: Any, update: Update) -> bool:
    """Managers and staff, but nobody about a project of their own or of somebody close to them."""
    return can_run(user, update.project)


def can_run(user: Any, project: Project) -> bool:
    """Managers and staff say how far a project is and whether everybody sees it, under the same limits."""
    return (
        bool(roles_in(user, project.city_id) & PUBLISHERS)
        and not is_lead(user, project)
        and _is_impartial(user, project)
    )


def is_lead(user: Any, project: Project) -> bool:
    return bool(user.is_authenticated and project.lead_id == user.pk)


def can_see_on_desk(user: Any, project: Project) -> bool:
    """The desk reads every project but those that a conflict of interest hides."""
    return is_desk(user, project.city_id) and _is_impartial(user, project)


def _is_impartial(user: Any, project: Project) -> bool:
    if not user.is_authenticated:
        return False
    return not open_conflicts(user).filter(application=project.award.application_id).exists()


def person(request: Any) -> User:
    """Return who asks, once a rule has let them in: somebody who signed in."""
    found: User = request.user
    return found
