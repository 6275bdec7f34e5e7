"""Write the audit trail. Called by actions, inside their savepoint."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models

from cities.access.models import User
from cities.tenancy.scopes import current_scope
from cities.tenancy.writing import Insertion

from .models import Event


@dataclass(frozen=True, slots=True)
class SystemActor:
    """Something that acts without a person: an import, a task. Shown by its name in the trail."""

    name: str


Actor = User | SystemActor

IMPORTER = SystemActor("call import")
SEEDER = SystemActor("demo data")
SWEEPER = SystemActor("sweeper")
OPERATOR = SystemActor("operator’s command")


_acting_token: ContextVar[dict[str, str] | None] = ContextVar("acting_token", default=None)


@contextmanager
def by_token(token_id: UUID, name: str) -> Iterator[None]:
    """Let each event of the block say that an API token acted for its actor.

    A context and no argument: no action could forget to hand it on. It stands in ``data``, so it is sealed with
    the event, and events of sessions are hashed as before.
    """
    reset = _acting_token.set({"id": str(token_id), "name": name})
    try:
        yield
    finally:
        _acting_token.reset(reset)


_EVENT = Insertion(Event)


def record(tag: str, *, actor: Actor, subject: models.Model, **data: Any) -> Event:
    """Append an event about ``subject`` to the open city's trail. ``data`` holds no secrets."""
    city_id = current_scope().city_id
    assert city_id is not None  # noqa: S101  an action runs where something may be written
    event = Event(
        city_id=city_id,
        tag=tag,
        actor=actor if isinstance(actor, User) else None,
        actor_name="" if isinstance(actor, User) else actor.name,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        data={key: _plain(value) for key, value in data.items()} | _by(),
    )
    _EVENT.write(event)
    return event


def _by() -> dict[str, Any]:
    token = _acting_token.get()
    return {} if token is None else {"token": token}


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value


def history(subject: models.Model) -> Any:
    """Return the events about one row, newest first, with their actors."""
    return (
        Event.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)
        .select_related("actor")
        .order_by("-created_at")
    )
