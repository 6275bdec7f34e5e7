"""What becomes of a project when its lead deletes their account: its page stays, without a name to write to.

What isn't public on it goes.
"""

from django.utils.translation import gettext as _

from cities.access.models import User
from grants.applications.models import Application
from grants.awards.states import Status
from residents.accounts.deletion import Farewell, leaves_with_person

from .actions import forget_updates
from .models import Project


def look(person: User, farewell: Farewell) -> None:
    """Runs at the person's door, which shows no project: each accepted award has one."""
    if Application.objects.filter(
        applicant=person, award_status__in=[Status.ACCEPTED, Status.COMPLETED]
    ).exists():
        farewell.goes.append(_("What you told about your project that is not published, with its photos."))
        farewell.stays.append(
            _(
                "Your project’s page, with what you told there and its photos. If something there should go, ask the city first."
            )
        )


def erase(person: User) -> None:
    """What is public on the block is the city's to show or to hide; the rest goes, and nobody publishes it later."""
    for project in Project.objects.filter(lead=person).order_by("pk"):
        forget_updates(project.pk, actor=person)


leaves_with_person("projects", look=look, erase=erase)
