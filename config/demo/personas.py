"""The people of ``/demo/``: their accounts, and where they work."""

from datetime import datetime

from django.contrib.auth.hashers import make_password

from cities.access.models import Role, User
from residents.accounts.personas import PERSONAS

from .people import Person
from .rows import insert

Users = dict[str, User]
"""Accounts by e-mail address."""


def make_personas(now: datetime) -> Users:
    """Return the personas' accounts, making those that are missing."""
    addresses = [persona.email for persona in PERSONAS]
    known = {user.email: user for user in User.objects.filter(email__in=addresses)}
    missing = [
        User(
            email=persona.email,
            name=persona.name,
            language=persona.language,
            password=make_password(None),
            date_joined=now,
        )
        for persona in PERSONAS
        if persona.email not in known
    ]
    insert(missing)
    return known | {user.email: user for user in missing}


def desk_personas(users: Users, city_slug: str | None) -> list[tuple[User, Role]]:
    """Return who works in the city, or at the Center for ``None``, with their roles."""
    return [
        (users[persona.email], Role(persona.role))
        for persona in PERSONAS
        if persona.role and persona.city_slug == city_slug
    ]


def residents(users: Users) -> list[tuple[User, Person]]:
    """Return the personas that apply, English speaking ones first."""
    found = [persona for persona in PERSONAS if not persona.role]
    return [
        (users[persona.email], _person(persona.name, persona.email, persona.language))
        for persona in sorted(found, key=lambda persona: persona.language)
    ]


def _person(name: str, email: str, language: str) -> Person:
    first, _, last = name.partition(" ")
    return Person(first, last, email, "410-555-0119", language)
