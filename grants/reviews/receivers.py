"""News from earlier rooms."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from cities.access.models import User
from cities.access.signals import roles_changed
from grants.applications.models import Application
from grants.applications.signals import application_reopened

from .actions import outdate_reviews, release_unsent
from .permissions import REVIEWERS


@receiver(application_reopened, dispatch_uid="reviews-outdate")
def reviews_of_reopened_application(*, application: Application, actor: User, **_kwargs: Any) -> None:
    """What is written anew is judged anew."""
    outdate_reviews(application.pk, actor=actor)


@receiver(roles_changed, dispatch_uid="reviews-release-unsent")
def reviews_of_former_reviewer(
    *, member_id: UUID, before: frozenset[str], after: frozenset[str], actor: User, **_kwargs: Any
) -> None:
    """What they can't open any more isn't theirs to do."""
    if before & REVIEWERS and not after & REVIEWERS:
        release_unsent(member_id, actor=actor)
