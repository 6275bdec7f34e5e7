"""Reads over cohorts, through the Center's door."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.http import Http404

from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID

from .models import Cohort, CohortMember


@dataclass(frozen=True, slots=True)
class Place:
    """A city's place in a cohort."""

    city: City
    joined_at: Any


def center_row() -> City:
    """Return the Center's own tenant row."""
    return City.objects.get(pk=CENTER_ID)


def cohorts_with_counts() -> Any:
    """Return all cohorts with ``city_count``, newest first."""
    return Cohort.objects.annotate(city_count=Count("members")).order_by("-starts_on", "name")


def places(cohort: Cohort) -> list[Place]:
    """Return the cities of a cohort by name."""
    members = cohort.members.select_related("recipient").order_by("recipient__name")
    return [Place(member.recipient, member.joined_at) for member in members]


def cities_outside(cohort: Cohort) -> Any:
    """Return the cities that could still join the cohort."""
    inside = CohortMember.objects.filter(cohort=cohort).values("recipient_id")
    return City.objects.cities().exclude(pk__in=inside).order_by("name")


def city_or_404(name: str) -> City:
    """Return a city by its web name or its id. The table of cities is open to every door."""
    try:
        found = City.objects.cities().filter(pk=UUID(name)).first()
    except ValueError:
        found = City.objects.cities().filter(slug=name).first()
    if found is None:
        raise Http404
    return found
