"""Make a load city: its areas, its desk and its call; and who funds them all."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cities.access.models import Membership, Role, User
from cities.audit.trail import SEEDER, record
from cities.places.models import Area
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID, city_scope
from config.demo.cities import DemoCity
from config.demo.neighborhoods import neighborhoods
from config.demo.rows import insert
from grants.cycles.models import Cycle, FormVersion
from grants.cycles.states import Status
from grants.programs.models import Cohort, CohortMember

from .bodies import CAP, FLOOR, call, stored_summary

DAYS_OPEN, DAYS_LEFT = 200, 10
SLUG = "load"
POOL_CENTS = 5_000_000
NO_PASSWORD = "!load"  # noqa: S105  what begins with "!" is no password
DESK = {
    "manager": Role.MANAGER,
    "staff": Role.STAFF,
    "finance": Role.FINANCE,
    "finance2": Role.FINANCE,
    "approver": Role.APPROVER,
    "reviewer": Role.REVIEWER,
    "reviewer2": Role.REVIEWER,
}
"""By the first part of their address."""

OFFICER = "officer@load.example"
COHORT = "Load"


@dataclass(frozen=True, slots=True)
class Funder:
    """Who at the Center funds the load's cities, and the cohort of those."""

    officer: User
    cohort: Cohort


def found_funder(now: datetime) -> Funder:
    """Return the Center's officer and cohort of the load; write them if they are missing."""
    with city_scope(CENTER_ID):
        officer = User.objects.filter(email=OFFICER).first()
        if officer is None:
            officer = User(email=OFFICER, name="Officer of the load", password=NO_PASSWORD, date_joined=now)
            insert([officer])
            insert([Membership(city_id=CENTER_ID, user=officer, role=Role.OFFICER, created_at=now)])
        cohort = Cohort.objects.filter(name=COHORT).first()
        if cohort is None:
            cohort = Cohort(city_id=CENTER_ID, name=COHORT, created_at=now)
            insert([cohort])
            record("cohort:create", actor=SEEDER, subject=cohort, name=COHORT)
    return Funder(officer, cohort)


def join_cohort(funder: Funder, now: datetime) -> None:
    """Give every load city its place in the cohort."""
    with city_scope(CENTER_ID):
        there = set(CohortMember.objects.filter(cohort=funder.cohort).values_list("recipient_id", flat=True))
        cities = City.objects.filter(slug__startswith="load-").exclude(pk__in=there)
        insert(
            [
                CohortMember(city_id=CENTER_ID, cohort=funder.cohort, recipient=city, joined_at=now)
                for city in cities
            ]
        )


def found_city(place: DemoCity, now: datetime) -> City:
    """Write the city with its people, who sign in as ``staff@load-001.example`` and the like."""
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
        people = [_employee(place, name, role, now) for name, role in DESK.items()]
        insert(people)
        insert(
            [
                Membership(city=city, user=user, role=role, created_at=now)
                for user, role in zip(people, DESK.values(), strict=True)
            ]
        )
        record("city:create", actor=SEEDER, subject=city, name=city.name)
        _open_call(city, now)
    return city


def _employee(place: DemoCity, name: str, role: Role, now: datetime) -> User:
    address, shown = f"{name}@{place.slug}.example", f"{role.label} of {place.name}"
    return User(email=address, name=shown, password=NO_PASSWORD, date_joined=now)


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
