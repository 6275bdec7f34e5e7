"""Make a load city: its areas, its desk and its call."""

from datetime import datetime, timedelta

from cities.access.models import Membership, Role, User
from cities.audit.trail import SEEDER, record
from cities.places.models import Area
from cities.tenancy.models import City
from cities.tenancy.scopes import city_scope
from config.demo.cities import DemoCity
from config.demo.neighborhoods import neighborhoods
from config.demo.rows import insert
from grants.cycles.models import Cycle, FormVersion
from grants.cycles.states import Status

from .bodies import CAP, FLOOR, call, stored_summary

DAYS_OPEN, DAYS_LEFT = 40, 10
SLUG = "load"
POOL_CENTS = 5_000_000
NO_PASSWORD = "!load"  # noqa: S105  what begins with "!" is no password
DESK = (Role.MANAGER, Role.STAFF)


def found_city(place: DemoCity, now: datetime) -> City:
    """Write the city with a manager and a staff member, who sign in as ``staff@load-001.example``."""
    city = City(
        slug=place.slug,
        name=place.name,
        region=place.region,
        timezone=place.timezone,
        population=place.population,
        accent_color=place.accent,
        latitude=place.latitude,
        longitude=place.longitude,
        created_at=now,
        **place.contact,
    )
    with city_scope(city):
        city.save(force_insert=True)
        insert(
            [Area(city=city, name=a.name, geometry=a.geometry, created_at=now) for a in neighborhoods(place)]
        )
        people = [_employee(place, role, now) for role in DESK]
        insert(people)
        insert(
            [
                Membership(city=city, user=user, role=role, created_at=now)
                for user, role in zip(people, DESK, strict=True)
            ]
        )
        record("city:create", actor=SEEDER, subject=city, name=city.name)
        _open_call(city, now)
    return city


def _employee(place: DemoCity, role: Role, now: datetime) -> User:
    address, name = f"{role.value}@{place.slug}.example", f"{role.label} of {place.name}"
    return User(email=address, name=name, password=NO_PASSWORD, date_joined=now)


def _open_call(city: City, now: datetime) -> None:
    parts, form = call()
    cycle = Cycle(
        city=city,
        name="Love Your Block load",
        slug=SLUG,
        year=now.year,
        purpose=parts["purpose"],
        status=Status.PUBLISHED,
        opens_at=now - timedelta(days=DAYS_OPEN),
        closes_at=now + timedelta(days=DAYS_LEFT),
        decision_on=(now + timedelta(days=DAYS_LEFT + 30)).date(),
        min_request_cents=FLOOR * 100,
        max_request_cents=CAP * 100,
        planned_pool_cents=POOL_CENTS,
        eligibility=parts["eligibility"],
        budget=parts["budget"],
        rubric=parts["rubric"],
        award_terms=parts["award"],
        notes={"stages": ["full"]},
        created_at=now,
        published_at=now,
    )
    insert([cycle])
    insert(
        [
            FormVersion(
                city=city,
                cycle=cycle,
                definition=form.definition.to_json(),
                summary_keys=stored_summary(form),
                created_at=now,
            )
        ]
    )
    record("cycle:publish", actor=SEEDER, subject=cycle, before="draft", after="published")
