"""Who may do what with an application, on the resident's side."""

from typing import Any, cast

from cities.access.memberships import is_desk
from cities.access.models import User

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


def can_see_file(user: Any, attachment: Attachment) -> bool:
    """The same as for the page it is on: the applicant, or the city's desk once it was submitted."""
    application = attachment.application
    if application.applicant_id == user.pk:
        return True
    return application.status in ON_THE_DESK and is_desk(user, attachment.city_id)
