"""Rows to measure with, looked for in the data present: the largest city first."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from django.utils import timezone

from cities.access.models import Membership, Role, User
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID, city_scope
from grants.applications.models import Application
from grants.applications.states import ON_THE_DESK

from .errors import NoDataError

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Place:
    """A city with rows, largest first in :attr:`Sample.places`."""

    city: City
    applications: int


class Sample:
    """What is there."""

    @cached_property
    def places(self) -> list[Place]:
        found = []
        for city in City.objects.cities():
            with city_scope(city):
                found.append(Place(city, Application.objects.filter(status__in=ON_THE_DESK).count()))
        return sorted(found, key=lambda place: -place.applications)

    def first(self, what: str, find: Callable[[City], Found | None]) -> tuple[City, Found]:
        """Return the first city in which ``find`` finds something. Raises ``NoDataError``."""
        for place in self.places:
            with city_scope(place.city):
                found = find(place.city)
            if found is not None:
                return place.city, found
        raise NoDataError(f"no city has {what}")

    @cached_property
    def largest(self) -> City:
        if not self.places:
            raise NoDataError("there is no city")
        return self.places[0].city

    def member(self, city: City, *roles: Role) -> User:
        """Return somebody with one of these roles in the city."""
        with city_scope(city):
            return holders(*roles)[0]

    def officer(self) -> User:
        """Return somebody who works at the Center."""
        with city_scope(CENTER_ID):
            return holders(Role.OFFICER, Role.AUDITOR)[0]


def holders(*roles: Role) -> list[User]:
    """Return who holds one of these roles in the open city. Raises ``NoDataError`` if nobody does."""
    rows = Membership.objects.filter(role__in=roles, ended_at__isnull=True).select_related("user")
    found = [row.user for row in rows.order_by("created_at", "id")]
    if not found:
        raise NoDataError(f"nobody is {' or '.join(roles)} in the city")
    return found


def open_drafts() -> Any:
    """Return the drafts of the open city's calls that still take answers."""
    return _of_open_calls().filter(status="draft")


def sent_to_open_calls() -> Any:
    return _of_open_calls().filter(status="submitted")


def _of_open_calls() -> Any:
    rows: Any = Application.objects.filter(closes_at__gt=timezone.now(), cycle__status="published")
    return rows.select_related("applicant").order_by("-last_activity_at", "id")
