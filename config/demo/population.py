"""Who lives in a demo city: applicants with accounts, helpers without, and the desk."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from uuid import UUID

from django.contrib.auth.hashers import make_password

from cities.access.models import Membership, Role, User
from cities.tenancy.models import City
from grants.payments.models import Deputy
from grants.payments.states import Seat

from .applications import Applicant
from .cities import DemoCity
from .desk import Desk
from .people import Person, people
from .personas import Users, desk_personas
from .rows import insert
from .schedule import PLANS

PEOPLE_PER_CITY = 150
HELPERS_PER_CITY = 60
SPANISH_SHARE = 0.22
WHOLE_DESK = (Role.MANAGER, Role.STAFF, Role.FINANCE, Role.FINANCE, Role.APPROVER, Role.REVIEWER)
SMALL = frozenset({"rapid-city", "fall-river"})
"""City halls with two people for the program, and a deputy for the third seat of a payment."""
SMALL_DESK = (Role.MANAGER, Role.FINANCE, Role.VIEWER)
AT_THE_DESK = frozenset({Role.MANAGER, Role.STAFF})


def population(rng: Random, place: DemoCity, now: datetime) -> tuple[list[Applicant], list[Person]]:
    """Return the city's applicants, whose accounts are made here, and more people who only help."""
    source = people(rng, city=place.slug, area_code=place.area_code)
    persons = [_speaking(rng, person, place) for person in islice(source, PEOPLE_PER_CITY)]
    helpers = list(islice(source, HELPERS_PER_CITY))
    applicants = [Applicant(person, _account(person, now)) for person in persons[: _needed(place)]]
    insert([applicant.user for applicant in applicants])
    return applicants, helpers


def second_call_starts(place: DemoCity) -> int:
    """Return from which applicant on people apply in the open call: some applied in the one before."""
    return PLANS[place.slug][0].applications * 3 // 4


def desk_of(place: DemoCity, city: City, users: Users, now: datetime) -> Desk:
    """Return who works at the city's desk: personas where there are some, else two invented people."""
    members = [*desk_personas(users, place.slug), *_invented(place, desk_personas(users, place.slug), now)]
    ensure_members(city.pk, members, now)
    desk = Desk(tuple(user for user, role in members if role in AT_THE_DESK), tuple(members))
    if place.slug in SMALL:
        return replace(desk, deputy=_deputy(city, members, users, now))
    return desk


def ensure_members(city_id: UUID, members: Sequence[tuple[User, Role]], now: datetime) -> None:
    """Give each role once; a role that somebody took away stays away."""
    there = set(
        Membership.objects.filter(user__in=[user for user, _ in members]).values_list("user_id", "role")
    )
    insert(
        [
            Membership(city_id=city_id, user=user, role=role, created_at=now)
            for user, role in members
            if (user.pk, role) not in there
        ]
    )


def _invented(place: DemoCity, there: Sequence[tuple[User, Role]], now: datetime) -> list[tuple[User, Role]]:
    """Return people for the roles that nobody holds yet. A small city hall has fewer."""
    wanted = list(SMALL_DESK if place.slug in SMALL else WHOLE_DESK)
    for _user, role in there:
        if role in wanted:
            wanted.remove(role)
    rng = Random(f"desk {place.slug}")  # noqa: S311
    found = islice(people(rng, city=f"{place.slug}-hall", area_code=place.area_code), len(wanted))
    staff = [_account(person, now) for person in found]
    insert(staff)
    return list(zip(staff, wanted, strict=True))


def _deputy(city: City, members: Sequence[tuple[User, Role]], users: Users, now: datetime) -> Deputy:
    """Return the third person of a small city hall, whom the Center approved."""
    by_role = {role: user for user, role in members}
    at = now - timedelta(days=150)
    return Deputy(
        city=city,
        person=by_role[Role.VIEWER],
        seat=Seat.FINANCE,
        reason="City hall has two people for this program. The clerk of the council records payments.",
        nominated_by=by_role[Role.MANAGER],
        nominated_at=at,
        approved_by=users["officer@demo.example"],
        approved_at=at + timedelta(days=2),
    )


def _needed(place: DemoCity) -> int:
    now_open, past = PLANS[place.slug]
    return max(past.applications, second_call_starts(place) + now_open.applications)


def _speaking(rng: Random, person: Person, place: DemoCity) -> Person:
    speaks_spanish = "es" in place.languages and rng.random() < SPANISH_SHARE
    return replace(person, language="es") if speaks_spanish else person


def _account(person: Person, now: datetime) -> User:
    return User(
        email=person.email,
        name=person.name,
        phone=person.phone,
        language=person.language,
        password=make_password(None),
        date_joined=now,
    )
