"""What becomes of a project when its lead deletes their account: its page stays, without a name to write to."""

from django.utils.translation import gettext as _

from cities.access.models import User
from grants.applications.models import Application
from grants.awards.states import Status
from residents.accounts.deletion import Farewell, leaves_with_person


def look(person: User, farewell: Farewell) -> None:
    """Runs at the person's door, which shows no project: each accepted award has one."""
    if Application.objects.filter(
        applicant=person, award_status__in=[Status.ACCEPTED, Status.COMPLETED]
    ).exists():
        farewell.stays.append(
            _(
                "Your project’s page, with what you told there and its photos. If something there should go, ask the city first."
            )
        )


def erase(_person: User) -> None:
    """Nothing goes: what is public on the block is the city's to show or to hide."""


leaves_with_person("projects", look=look, erase=erase)
