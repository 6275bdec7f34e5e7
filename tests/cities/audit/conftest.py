"""Tampering as the database's owner would do it, from a connection of its own."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.core.cache import cache

from cities.audit.heartbeat import KEY
from cities.audit.trail import SystemActor, record
from cities.tenancy.scopes import city_scope
from tests.factories import make_city
from tests.services import DATABASE, servers


def as_owner(*statements: str) -> None:
    with psycopg.connect(servers.owner_url(DATABASE)) as owner:
        for statement in statements:
            owner.execute(statement)


@contextmanager
def planted(bug: str, undo: str) -> Iterator[None]:
    """A bug in the walls, for as long as the block lasts."""
    as_owner(bug)
    try:
        yield
    finally:
        as_owner(undo)


@contextmanager
def without_append_only(table: str) -> Iterator[None]:
    with planted(
        f"ALTER TABLE {table} DISABLE TRIGGER append_only", f"ALTER TABLE {table} ENABLE TRIGGER append_only"
    ):
        yield


def write_events(city, count: int = 3) -> list:
    with city_scope(city):
        return [
            record(
                "city:change", actor=SystemActor("test"), subject=city, number=n, price=1.50, text="ñ “x”\n"
            )
            for n in range(count)
        ]


@pytest.fixture(autouse=True)
def no_heartbeat():
    cache.delete(KEY)


@pytest.fixture
def city(db_or_transactional):
    return make_city("baltimore")


@pytest.fixture
def db_or_transactional(request):
    marker = request.node.get_closest_marker("django_db")
    return request.getfixturevalue(
        "transactional_db" if marker and marker.kwargs.get("transaction") else "db"
    )
