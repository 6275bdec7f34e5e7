"""Conflicts of interest: one policy for page, file, API, search, counts, maps, notes, notices and the trail.

An open conflict hides an application from that person in everything they do for a city. Their own application,
where they are the applicant, stays theirs on their own pages.
"""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils.translation import gettext as _

from cities.access.models import User
from cities.tenancy.errors import RuleError
from cities.tenancy.models import City
from cities.tenancy.prepared import kept_cursor
from cities.tenancy.scopes import current_city_id

from .models import Application, Conflict, open_conflicts

# Asked by every deed.
_OPEN = (
    f"SELECT 1 FROM {Conflict._meta.db_table} "  # noqa: S608  our own name
    "WHERE city_id = %s AND application_id = %s AND person_id = %s AND lifted_at IS NULL"
)


class ConflictOfInterestError(RuleError):
    """Whoever has a conflict with an application does nothing about it."""

    def __init__(self) -> None:
        super().__init__(
            _("You have a conflict of interest with this application. A colleague has to take care of it.")
        )


def with_conflicts(rows: Any, *, application: str = "pk") -> Any:
    """Add to each row, in the same statement, whom its application is hidden from (``conflicted``).

    ``application`` is the path from the row to the application's id.
    """
    people = open_conflicts().filter(application=OuterRef(application)).order_by().values("person")
    return rows.annotate(conflicted=ArraySubquery(people))


def has_conflict(user: Any, application: Application) -> bool:
    """Say whether this application is hidden from ``user``. Asks nothing if it came from :func:`with_conflicts`."""
    if not user.is_authenticated:
        return False
    people = application.__dict__.get("conflicted")
    if people is not None:
        return user.pk in people
    return bool(open_conflicts(user).filter(application=application).exists())


def require_no_conflict(user: Any, application: Application) -> None:
    """Raise ``ConflictOfInterestError`` if the actor has one. Called after the lock; asks again each time."""
    if isinstance(user, User):
        require_none(user, application.pk)


def require_none(user: User, application_id: UUID) -> None:
    """Raise ``ConflictOfInterestError`` if the person has a conflict with the application of this id."""
    with kept_cursor() as cursor:
        cursor.execute(_OPEN, [current_city_id(), application_id, user.pk])
        if cursor.fetchone():
            raise ConflictOfInterestError


def conflicted_ids(user: Any, ids: Iterable[UUID]) -> set[UUID]:
    """Return which of these applications are hidden from ``user``, in one statement."""
    found = open_conflicts(user).filter(application__in=list(ids)).values_list("application_id", flat=True)
    return set(found)


def without_conflict(people: Iterable[User], application_id: UUID) -> list[User]:
    """Return those of ``people`` who may be told of an application: for the recipients of a notice."""
    hidden = set(open_conflicts().filter(application=application_id).values_list("person_id", flat=True))
    return [person for person in people if person.pk not in hidden]


def hidden_applications(user: Any, _city: City, ids: Collection[UUID]) -> set[UUID]:
    """Answer the trail: which of these applications this reader must not read about."""
    return conflicted_ids(user, ids)
