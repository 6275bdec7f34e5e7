"""News from the grants floor."""

from typing import Any

from django.dispatch import receiver

from grants.awards.models import Award
from grants.awards.signals import award_accepted

from .actions import open_project


@receiver(award_accepted, dispatch_uid="delivery-open-project")
def project_of_accepted_award(*, award: Award, **_kwargs: Any) -> None:
    """An accepted award opens its project's page."""
    open_project(award, actor=award.applicant)
