"""The four doors through which code reaches tenant rows (DESIGN, "Tenancy").

A scope opens a transaction, tells PostgreSQL by transaction-local settings which door is open
(row-level security reads them), and tells the ORM by a context variable (:mod:`.managers` reads it).
Settings are never session-level: a pooled connection would carry them into the next request.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from .errors import ScopeError

if TYPE_CHECKING:
    from .models import City

Door = Literal["city", "center", "person", "public"]

CENTER_ID = UUID("01900000-0000-7000-8000-000000000001")
"""The Center's own tenant row, made by the first migration: one Center per installation."""

_SET = (
    "SELECT set_config('app.door', %s, true), set_config('app.city_id', %s, true), "
    "set_config('app.user_id', %s, true), set_config('role', %s, true)"
)

_CLOSED = ["", "", "", "none"]
"""What :data:`_SET` is told where no door is open."""

_ROLES: dict[Door, str] = {
    "city": "none",
    "center": "lyb_center",
    "person": "lyb_person",
    "public": "lyb_public",
}
"""Whose policies hold behind each door. A role of its own for each: permissive policies of one role are ORed, and an OR
costs a city's lists the order of their index."""

# Plain SQL: the model lives in a room above this one.
_HELD = "SELECT city_id, role FROM cities_membership WHERE user_id = %s AND ended_at IS NULL"


@dataclass(frozen=True, slots=True)
class Scope:
    """What is open: ``city_id`` is the tenant that may be written, ``user_id`` whose own rows are read."""

    door: Door
    city_id: UUID | None = None
    user_id: UUID | None = None


_current: ContextVar[Scope | None] = ContextVar("scope", default=None)


def current_scope() -> Scope:
    """Return the open scope. Raises ``ScopeError`` when none is open."""
    scope = _current.get()
    if scope is None:
        raise ScopeError(
            "Tenant rows need a scope: open city_scope(), center_scope(), person_scope() or public_scope()."
        )
    return scope


def current_city_id() -> UUID:
    """Return the tenant that may be written now. Raises ``ScopeError`` at a door that writes nothing."""
    city_id = current_scope().city_id
    if city_id is None:
        raise ScopeError(f"Nothing is written through the {current_scope().door} door.")
    return city_id


def open_scope() -> Scope | None:
    return _current.get()


@contextmanager
def _opened(scope: Scope) -> Iterator[Scope]:
    with _transaction(), _entered(scope):
        yield scope


@contextmanager
def _transaction() -> Iterator[None]:
    """Open a transaction for one door, and close the door with it. Raises ``ScopeError`` while another is open."""
    if _current.get() is not None:
        raise ScopeError(f"A scope is open already ({_current.get()}); doors are opened one at a time.")
    inside_another = connection.in_atomic_block
    with transaction.atomic():
        yield
        # A rolled-back savepoint takes its settings along; a released one would leave them behind.
        if inside_another and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(_SET, _CLOSED)


@contextmanager
def _entered(scope: Scope) -> Iterator[Scope]:
    with connection.cursor() as cursor:
        cursor.execute(_SET, _settings(scope))
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)


def reopen(scope: Scope) -> AbstractContextManager[Scope]:
    """Open the same door again, in a transaction of its own; who may was asked when it was opened first."""
    return _opened(scope)


def _settings(scope: Scope) -> list[str]:
    """Return what :data:`_SET` tells PostgreSQL. The owner (migrations, seeding) has a policy of its own and keeps its role."""
    role = "none" if settings.DATABASE_AS_OWNER else _ROLES[scope.door]
    return [scope.door, _text(scope.city_id), _text(scope.user_id), role]


def _text(value: UUID | None) -> str:
    return str(value) if value else ""


def city_scope(city: "City | UUID") -> AbstractContextManager[Scope]:
    """Open one city's rows for reading and writing.

    Also used with a ``City`` that is not saved yet, by the action that founds it.
    """
    return _opened(Scope("city", city_id=city if isinstance(city, UUID) else city.pk))


def memberships_of(user: Any) -> list[tuple[UUID, str]]:
    """Return ``(tenant, role)`` of everything the person holds now, over all cities, in one statement.

    Read through the person's own door. Inside a transaction the same statement goes through that door and back to
    where it was, so that nothing else can run there.
    """
    scope = open_scope()
    if scope is None and not connection.in_atomic_block:
        with person_scope(user):
            return memberships_of(user)
    # These doors show a person's rows as they are.
    shows_them = scope is not None and (scope.door == "center" or scope.user_id == user.pk)
    with connection.cursor() as cursor:
        if shows_them:
            cursor.execute(_HELD, [user.pk])
        else:
            there, back = _settings(Scope("person", user_id=user.pk)), _settings(scope) if scope else _CLOSED
            cursor.execute(f"{_SET}; {_HELD}; {_SET}", [*there, user.pk, *back])
            cursor.nextset()
        return [(tenant, role) for tenant, role in cursor.fetchall()]


HELD_AT_THE_DOOR = "_held_at_the_door"
"""Where on a person lies what the Center's door has just read of them, for who asks first behind it."""


def works_at_center(user: Any) -> bool:
    """Say whether the person holds a role at the Center now."""
    return any(tenant == CENTER_ID for tenant, _role in memberships_of(user))


def scope_at_center(user: Any) -> Scope | None:
    """Return the Center's scope for whoever holds a role there now, for :func:`center_door` to open at once."""
    held = memberships_of(user)
    if all(tenant != CENTER_ID for tenant, _role in held):
        return None
    user.__dict__[HELD_AT_THE_DOOR] = held
    return Scope("center", city_id=CENTER_ID, user_id=user.pk)


@contextmanager
def center_door(user: Any) -> Iterator[Scope | None]:
    """Open every city's rows for whoever holds a role at the Center now, and nothing for others; one transaction."""
    with _transaction():
        scope = scope_at_center(user)
        with _entered(scope) if scope else nullcontext():
            yield scope


@contextmanager
def center_scope(officer: Any) -> Iterator[Scope]:
    """Open every city's rows for reading and the Center's own for writing.

    Raises ``ScopeError`` unless ``officer`` holds a role at the Center, which is read first,
    through the officer's own door.
    """
    if settings.DATABASE_AS_OWNER:
        with _opened(Scope("center", city_id=CENTER_ID, user_id=officer.pk)) as scope:
            yield scope
        return
    with center_door(officer) as found:
        if found is None:
            raise ScopeError("center_scope() needs somebody who holds a role at the Center.")
        yield found


def person_scope(user: Any) -> AbstractContextManager[Scope]:
    """Open a person's own rows (memberships, applications, notices) over all cities, read-only."""
    return _opened(Scope("person", user_id=user.pk))


def public_scope() -> AbstractContextManager[Scope]:
    """Open the published rows of all cities, read-only."""
    return _opened(Scope("public"))
