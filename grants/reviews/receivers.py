"""News from earlier rooms."""

from typing import Any

from django.dispatch import receiver

from cities.access.models import User
from grants.applications.models import Application
from grants.applications.signals import application_reopened

from .actions import outdate_reviews


@receiver(application_reopened, dispatch_uid="reviews-outdate")
def reviews_of_reopened_application(*, application: Application, actor: User, **_kwargs: Any) -> None:
    """What is written anew is judged anew."""
    outdate_reviews(application.pk, actor=actor)
