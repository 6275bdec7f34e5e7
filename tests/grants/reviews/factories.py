"""Rows of the review room, and a city that reviews."""

from dataclasses import dataclass
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from cities.access.models import Role, User
from cities.tenancy.models import City
from cities.tenancy.scopes import city_scope, current_scope
from grants.applications.models import Application, Conflict
from grants.cycles.models import FormVersion
from grants.reviews.models import Review
from grants.reviews.states import Status
from tests.factories import ApplicationFactory, UserFactory, make_member

RUBRIC = {
    "gates": [{"key": "workshop", "label": "Came to the workshop?"}],
    "criteria": [
        {
            "key": "impact",
            "label": "Community impact",
            "max_points": 30,
            "guidance": "Who gains, for how long?",
        },
        {"key": "budget", "label": "Budget", "max_points": 20.5, "guidance": None},
        {"key": "fit", "label": "Fit with the plan", "max_points": None, "guidance": None},
    ],
    "bonus": [
        {"key": "area", "label": "In a priority area", "max_points": 5, "guidance": None},
        {"key": "lots", "label": "Deals with vacant lots", "max_points": None, "guidance": None},
    ],
    "minimum_total": 40,
    "reviewers": "Residents and staff",
}
FULL = {
    "gates": {"workshop": True},
    "scores": {"impact": "25", "budget": "17.5"},
    "bonus": {"area": True},
    "words": {"impact": "Many neighbors."},
    "recommended_cents": 120_000,
}


class ReviewFactory(DjangoModelFactory):
    """A review to do, its file opened; pass ``sent=True`` for one that counts."""

    class Meta:
        model = Review

    city_id = factory.LazyFunction(lambda: current_scope().city_id)
    application = factory.SubFactory(ApplicationFactory)
    reviewer = factory.SubFactory(UserFactory)
    cleared_at = factory.LazyFunction(timezone.now)

    class Params:
        sent = factory.Trait(
            status=Status.SUBMITTED,
            total="47.50",
            passes_gates=True,
            submitted_at=factory.LazyFunction(timezone.now),
            gates=FULL["gates"],
            scores=FULL["scores"],
            bonus=FULL["bonus"],
            version=1,
        )


@dataclass
class Panel:
    """A city with a call in review: a manager, staff and two outside reviewers."""

    city: City
    form: FormVersion
    manager: User
    staff: User
    robert: User
    rosa: User

    def application(self, **fields: Any) -> Application:
        fields = {"status": "eligible", "city_slug": self.city.slug, **fields}
        with city_scope(self.city):
            found: Application = ApplicationFactory(submitted=True, form_version=self.form, **fields)
        return found

    def review(self, application: Application, reviewer: User, **fields: Any) -> Review:
        with city_scope(self.city):
            found: Review = ReviewFactory(application=application, reviewer=reviewer, **fields)
        return found

    def conflict(self, application: Application, person: User) -> Conflict:
        with city_scope(self.city):
            found: Conflict = Conflict.objects.create(
                application=application, person=person, kind="family", declared_by=person
            )
        return found

    def now(self, row: Any) -> Any:
        with city_scope(self.city):
            return type(row).objects.get(pk=row.pk)


def make_reviewer(city: City, **fields: Any) -> User:
    return make_member(city, Role.REVIEWER, **fields)
