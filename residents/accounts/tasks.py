"""Tidying up after sign-in."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from cities.access.sessions import forget_ended

from .models import Allowance


@shared_task
def sweep() -> int:
    """Forget limits that are whole again and sessions that have ended. Returns how many rows went."""
    now = timezone.now()
    limits, _by_model = Allowance.objects.filter(used_until__lt=now - timedelta(minutes=1)).delete()
    return limits + forget_ended()
