"""The four doors through which code reaches tenant rows (DESIGN, "Tenancy").

A scope opens a transaction, tells PostgreSQL by transaction-local settings which door is open
(row-level security reads them), and tells the ORM by a context variable (:mod:`.managers` reads it).
Settings are never session-level: a pooled connection would carry them into the next request.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
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


def open_scope() -> Scope | None:
    return _current.get()


@contextmanager
def _opened(scope: Scope) -> Iterator[Scope]:
    if _current.get() is not None:
        raise ScopeError(f"A scope is open already ({_current.get()}); doors are opened one at a time.")

    # The owner (migrations, seeding) has a policy of its own and keeps its role.
    role = "lyb_center" if scope.door == "center" and not settings.DATABASE_AS_OWNER else "none"
    inside_another_transaction = connection.in_atomic_block
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_SET, [scope.door, _text(scope.city_id), _text(scope.user_id), role])
        token = _current.set(scope)
        try:
            yield scope
        finally:
            _current.reset(token)
        # A rolled-back savepoint takes its settings along; a released one would leave them behind.
        if inside_another_transaction and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(_SET, ["", "", "", "none"])


def _text(value: UUID | None) -> str:
    return str(value) if value else ""


def city_scope(city: "City | UUID") -> AbstractContextManager[Scope]:
    """Open one city's rows for reading and writing.

    Also used with a ``City`` that is not saved yet, by the action that founds it.
    """
    return _opened(Scope("city", city_id=city if isinstance(city, UUID) else city.pk))


def works_at_center(user: Any) -> bool:
    """Say whether the person holds a role at the Center now, read through the person's own door."""
    with person_scope(user), connection.cursor() as cursor:
        # Plain SQL: the model lives in a room above this one.
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM cities_membership WHERE user_id = %s AND city_id = %s AND ended_at IS NULL)",
            [user.pk, CENTER_ID],
        )
        return bool(cursor.fetchone()[0])


@contextmanager
def center_scope(officer: Any) -> Iterator[Scope]:
    """Open every city's rows for reading and the Center's own for writing.

    Raises ``ScopeError`` unless ``officer`` holds a role at the Center, which is read first,
    through the officer's own door.
    """
    if not settings.DATABASE_AS_OWNER and not works_at_center(officer):
        raise ScopeError("center_scope() needs somebody who holds a role at the Center.")
    with _opened(Scope("center", city_id=CENTER_ID, user_id=officer.pk)) as scope:
        yield scope


def person_scope(user: Any) -> AbstractContextManager[Scope]:
    """Open a person's own rows (memberships, applications, notices) over all cities, read-only."""
    return _opened(Scope("person", user_id=user.pk))


def public_scope() -> AbstractContextManager[Scope]:
    """Open the published rows of all cities, read-only."""
    return _opened(Scope("public"))
