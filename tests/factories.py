"""Rows for tests. Tenant rows are made in the scope that the test opened."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from cities.access.models import Membership, Role, User
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID, center_scope, city_scope, current_scope
from grants.applications.models import Application
from grants.cycles.models import Cycle, FormVersion
from grants.cycles.states import Status as CycleStatus


def make_city(slug: str = "baltimore", **fields: Any) -> City:
    """Found a city in its own scope."""
    city = City(slug=slug, name=fields.pop("name", slug.replace("-", " ").title()), **fields)
    with city_scope(city):
        city.save(force_insert=True)
    return city


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")


def make_member(city: City, *roles: Role, **fields: Any) -> User:
    """A person who holds ``roles`` in ``city``."""
    user = UserFactory(**fields)
    with city_scope(city):
        for role in roles:
            Membership.objects.create(user=user, role=role)
    return user


def make_officer(*roles: Role, **fields: Any) -> User:
    """A person at the Center. The very first is written through the city door of the Center's own tenant."""
    user = UserFactory(**fields)
    with city_scope(CENTER_ID):
        for role in roles or (Role.OFFICER,):
            Membership.objects.create(user=user, role=role)
    return user


def question(key: str, type: str = "short_text", **changes: Any) -> dict[str, Any]:
    """One question of the call format, with every key present."""
    base: dict[str, Any] = {
        "key": key, "label": key.replace("_", " ").capitalize(), "help": None, "type": type, "required": False, "options": [],
        "min": None, "max": None, "max_words": None, "max_chars": None, "columns": [], "min_rows": None, "max_rows": None,
        "shown_when": None,
    }  # fmt: skip
    return {**base, **changes}


def simple_sections() -> list[dict[str, Any]]:
    return [
        {
            "key": "about",
            "title": "About you",
            "questions": [question("your_name", required=True), question("group_name")],
        },
        {
            "key": "project",
            "title": "Your project",
            "questions": [
                question("project_title", required=True),
                question("description", "long_text", required=True, max_words=200),
                question("photos", "file", max=5),
                question("amount", "money", required=True, min="100.00", max="2000.00"),
            ],
        },
    ]


class CycleFactory(DjangoModelFactory):
    class Meta:
        model = Cycle

    city_id = factory.LazyFunction(lambda: current_scope().city_id)
    name = factory.Sequence(lambda n: f"Love Your Block {n}")
    slug = factory.Sequence(lambda n: f"lyb-{n}")
    year = 2026
    status = CycleStatus.PUBLISHED
    opens_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=5))
    closes_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=5))
    min_request_cents = 10_000
    max_request_cents = 200_000
    planned_pool_cents = 2_400_000


class FormVersionFactory(DjangoModelFactory):
    class Meta:
        model = FormVersion

    city_id = factory.LazyFunction(lambda: current_scope().city_id)
    cycle = factory.SubFactory(CycleFactory)
    definition = factory.LazyFunction(simple_sections)
    summary_keys = {
        "title": "project_title",
        "group": "group_name",
        "amount": "amount",
        "applicant": "your_name",
    }


class ApplicationFactory(DjangoModelFactory):
    """A draft; pass ``status``, ``reference`` and ``submitted_at`` for more."""

    class Meta:
        model = Application

    city_id = factory.LazyFunction(lambda: current_scope().city_id)
    form_version = factory.SubFactory(FormVersionFactory)
    cycle = factory.SelfAttribute("form_version.cycle")
    applicant = factory.SubFactory(UserFactory)
    cycle_name = factory.SelfAttribute("cycle.name")
    closes_at = factory.SelfAttribute("cycle.closes_at")
    city_name = "Baltimore"
    city_slug = "baltimore"

    class Params:
        submitted = factory.Trait(
            status="submitted",
            # Beyond any that a test writes itself.
            reference=factory.Sequence(lambda n: f"BAL-2026-{10_000 + n}"),
            submitted_at=factory.LazyFunction(timezone.now),
            answers_hash="0" * 64,
            title="Tilden Street garden",
            requested_cents=150_000,
        )


__all__ = [
    "ApplicationFactory",
    "CycleFactory",
    "FormVersionFactory",
    "UserFactory",
    "center_scope",
    "make_city",
    "make_member",
    "make_officer",
    "question",
    "simple_sections",
]
