"""Who may do what with an application, on the resident's side."""

from collections.abc import Callable
from typing import Any, cast

from cities.access.memberships import is_desk
from cities.access.models import User

from .conflicts import has_conflict
from .models import Application, Attachment
from .states import ON_THE_DESK


def person(request: Any) -> User:
    """Return who asks, on a route whose rule lets only people in who have signed in."""
    return cast("User", request.user)


def can_apply(user: Any, _city: Any) -> bool:
    """Whoever has signed in may apply, in any city."""
    return bool(user.is_authenticated)


def can_use_own_applications(user: Any, _city: Any) -> bool:
    """Guards routes that find an application only among the person's own, in the same statement that reads it."""
    return bool(user.is_authenticated)


def can_see_application(user: Any, application: Application) -> bool:
    """The applicant's own pages. City staff read an application on the desk."""
    return bool(application.applicant_id == user.pk)


def can_edit_application(user: Any, application: Application) -> bool:
    """A draft is its applicant's own. Whether it may still be changed, the action says."""
    return bool(application.applicant_id == user.pk)


Reader = Callable[[Any, Application], bool]

reader_rules: list[Reader] = []
"""Who else reads a sent application and its files: later rooms add their rules. A conflict outweighs all of them."""


def can_read_sent(user: Any, application: Application) -> bool:
    """Say whether somebody reads a sent application for the city: the desk, or whom a later room lets in."""
    if application.status not in ON_THE_DESK or has_conflict(user, application):
        return False
    return is_desk(user, application.city_id) or any(rule(user, application) for rule in reader_rules)


def can_see_file(user: Any, attachment: Attachment) -> bool:
    """The same as for the page it is on: the applicant, or whoever reads the sent application for the city."""
    application = attachment.application
    if application.applicant_id == user.pk:
        return True
    if "conflicted" in attachment.__dict__:  # read with the file, see conflicts.with_conflicts
        application.__dict__["conflicted"] = attachment.__dict__["conflicted"]
    return can_read_sent(user, application)
