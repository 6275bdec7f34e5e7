"""One's own application at the desk: who works there and applied learns neither who reviews it nor who has a conflict with it."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Q

from cities.tenancy.models import City

from .models import Application

KEPT_FROM_APPLICANTS = ("review:", "conflict:")
"""How the tags of deeds begin that whoever applied doesn't read."""


def kept_from_applicants() -> Q:
    """Return the condition on events that finds these deeds."""
    found = Q()
    for beginning in KEPT_FROM_APPLICANTS:
        found |= Q(tag__startswith=beginning)
    return found


def own_applications(user: Any, _city: City, ids: Collection[UUID]) -> set[UUID]:
    """Answer the trail: of which of these applications this reader must not read such deeds."""
    return set(Application.objects.filter(pk__in=ids, applicant=user).values_list("pk", flat=True))
