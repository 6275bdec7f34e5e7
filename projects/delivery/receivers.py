"""News from the grants floor."""

from typing import Any

from django.dispatch import receiver

from cities.access.models import User
from grants.awards.models import Award
from grants.awards.signals import award_accepted, award_completed

from .actions import finish_project, open_project
from .states import Status


@receiver(award_accepted, dispatch_uid="delivery-open-project")
def project_of_accepted_award(*, award: Award, **_kwargs: Any) -> None:
    """An accepted award opens its project's page."""
    open_project(award, actor=award.applicant)


@receiver(award_completed, dispatch_uid="delivery-finish-project")
def project_of_completed_award(*, award: Award, actor: User, **_kwargs: Any) -> None:
    """A project ends with its award; one for which nothing was paid did not happen with it."""
    finish_project(award, actor=actor, status=Status.FINISHED if award.paid_cents else Status.STOPPED)
