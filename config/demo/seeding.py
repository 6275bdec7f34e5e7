"""Write the demo: the Center with its cohort, then city by city, each whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from zoneinfo import ZoneInfo

from django.db import transaction

from cities.audit.sequencing import seal_city
from cities.audit.trail import SEEDER, record
from cities.places.models import Area
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID, city_scope
from grants.cycles.models import Cycle
from grants.cycles.states import Status
from grants.programs.models import Cohort, CohortMember

from .applications import Call, fill_call
from .cities import DEMO_CITIES, DemoCity
from .cycles import new_cycle
from .desk import Desk
from .money import fund_city, tell_money
from .money.grants import Program
from .money.people import cast_of
from .money.story import insert_by_model
from .neighborhoods import neighborhoods
from .persona_stories import give_personas_their_part
from .personas import Users, desk_personas, make_personas
from .photos import delete_stored
from .population import desk_of, ensure_members, population, second_call_starts
from .rows import insert
from .schedule import PLANS, SHOWCASE, Plan
from .written import Written

COHORT = "2024–26"
GRANT_CENTS = 10_000_000
OFFICER = "officer@demo.example"
COHORT_STARTS, COHORT_ENDS = date(2024, 5, 6), date(2026, 12, 31)
Say = Callable[[str], None]


@dataclass(slots=True)
class Seeded:
    """What a run added, and which cities it left alone."""

    cities: int = 0
    cycles: int = 0
    applications: int = 0
    left_alone: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Occasion:
    """When the demo is dated, and its personas' accounts."""

    now: datetime
    users: Users

    @property
    def today(self) -> date:
        """The day on the clocks of the city whose call closes tonight."""
        showcase = next(place for place in DEMO_CITIES if place.slug == SHOWCASE)
        return self.now.astimezone(ZoneInfo(showcase.timezone)).date()


def seed_demo(now: datetime, say: Say) -> Seeded:
    """Write whatever of the demo isn't there yet. ``now`` is the moment it is dated by.

    A city of a demo name that isn't a demo city is left alone. Running it again adds nothing.
    """
    now = now.replace(second=0, microsecond=0)
    with transaction.atomic():
        occasion = Occasion(now, make_personas(now))
    seeded = Seeded()
    cohort = _seed_cohort(occasion)
    there = {city.slug: city for city in City.objects.cities()}
    for place in DEMO_CITIES:
        city = there.get(place.slug)
        if city is None:
            _seed_city(place, occasion, seeded, cohort)
            say(f"{place.name}: {seeded.applications} applications so far")
        elif not city.is_demo:
            seeded.left_alone.append(place.name)
        elif members := desk_personas(occasion.users, place.slug):
            with city_scope(city):
                ensure_members(city.pk, members, now)
    _join(cohort)
    for city_id in (CENTER_ID, *City.objects.filter(is_demo=True).values_list("pk", flat=True)):
        seal_city(city_id)
    return seeded


def _seed_cohort(occasion: Occasion) -> Cohort:
    """Write the Center's people and its cohort."""
    with city_scope(CENTER_ID):
        ensure_members(CENTER_ID, desk_personas(occasion.users, None), occasion.now)
        cohort: Cohort | None = Cohort.objects.filter(name=COHORT).first()
        if cohort is None:
            cohort = Cohort(
                city_id=CENTER_ID,
                name=COHORT,
                starts_on=COHORT_STARTS,
                ends_on=COHORT_ENDS,
                grant_cents=GRANT_CENTS,
            )
            cohort.save(force_insert=True)
            record("cohort:create", actor=SEEDER, subject=cohort, name=cohort.name)
        return cohort


def _join(cohort: Cohort) -> None:
    """Give every demo city its place in the cohort."""
    slugs = [place.slug for place in DEMO_CITIES]
    with city_scope(CENTER_ID):
        members = CohortMember.objects.filter(cohort=cohort).values_list("recipient_id", flat=True)
        for city in (
            City.objects.filter(is_demo=True, slug__in=slugs).exclude(pk__in=list(members)).order_by("slug")
        ):
            CohortMember.objects.create(city_id=CENTER_ID, cohort=cohort, recipient=city)


def _seed_city(place: DemoCity, occasion: Occasion, seeded: Seeded, cohort: Cohort) -> None:
    rows = Written()
    city = _new_city(place, occasion.now)
    try:
        with transaction.atomic():
            with city_scope(city):
                city.save(force_insert=True)
                record("city:create", actor=SEEDER, subject=city, name=city.name)
            program = fund_city(city, cohort, occasion.users[OFFICER], occasion.now)
            with city_scope(city):
                _fill_city(place, city, occasion, rows, program)
    except BaseException:
        delete_stored(rows.files)
        raise
    seeded.cities += 1
    seeded.cycles += len(PLANS[place.slug])
    seeded.applications += len(rows.applications)


def _new_city(place: DemoCity, now: datetime) -> City:
    city = City(
        slug=place.slug,
        name=place.name,
        region=place.region,
        timezone=place.timezone,
        languages=list(place.languages),
        population=place.population,
        fiscal_year_starts_month=place.fiscal_month,
        accent_color=place.accent,
        latitude=place.latitude,
        longitude=place.longitude,
        is_demo=True,
        created_at=now,
        **place.contact,
    )
    city.full_clean()
    return city


def _fill_city(place: DemoCity, city: City, occasion: Occasion, rows: Written, program: Program) -> None:
    rng = Random(f"demo {place.slug}")  # noqa: S311  the same demo everywhere
    now = occasion.now
    areas = neighborhoods(place)
    insert([Area(city=city, name=area.name, geometry=area.geometry, created_at=now) for area in areas])
    desk = desk_of(place, city, occasion.users, now)
    applicants, helpers = population(rng, place, now)
    calls = []
    # The older call first, so that references count up in time.
    for plan in sorted(PLANS[place.slug], key=lambda plan: plan.closes_in):
        cycle, form = new_cycle(plan, place, city, occasion.today)
        _record_cycle(rows, cycle, desk)
        call = Call(place, city, plan, cycle, form, areas, desk, rng, now, rows)
        fill_call(call, iter(applicants[_first(plan, place) :]), helpers)
        calls.append(call)
    give_personas_their_part(calls, occasion.users, helpers)
    after = tell_money(calls, cast_of(desk.members), program, rows)
    rows.save(city.pk)
    insert_by_model(after)
    if desk.deputy:
        insert([desk.deputy])


def _first(plan: Plan, place: DemoCity) -> int:
    return 0 if plan.is_over else second_call_starts(place)


def _record_cycle(rows: Written, cycle: Cycle, desk: Desk) -> None:
    assert cycle.opens_at  # noqa: S101  a demo call is dated
    manager = desk.people[0]
    rows.record("cycle:create", actor=SEEDER, subject=cycle, at=cycle.opens_at, name=cycle.name)
    rows.record(
        "cycle:publish", actor=manager, subject=cycle, at=cycle.opens_at, before="draft", after="published"
    )
    if cycle.status == Status.ARCHIVED and cycle.closes_at:
        rows.record(
            "cycle:archive",
            actor=manager,
            subject=cycle,
            at=cycle.closes_at,
            before="published",
            after="archived",
        )
