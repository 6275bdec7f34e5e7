"""Doors over pooled connections: whoever gets a connection next must not find the last one's city in it."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from cities.tenancy import scopes
from cities.tenancy.scopes import city_scope
from grants.cycles.models import Cycle
from tests.factories import CycleFactory, make_city
from tests.proving import OPERATIONS, count

pytestmark = pytest.mark.django_db(transaction=True)


class FailedInTheMiddleError(Exception):
    pass


def close_pool() -> None:
    connections["default"].close_pool()


@pytest.fixture
def pooled(monkeypatch):
    """New threads share two connections."""
    options = {**connections.settings["default"]["OPTIONS"], "pool": {"min_size": 2, "max_size": 2}}
    monkeypatch.setitem(connections.settings["default"], "OPTIONS", options)
    yield
    closing = threading.Thread(target=close_pool)
    closing.start()
    closing.join()


@pytest.fixture
def cities():
    both = make_city("baltimore"), make_city("dallas")
    for city in both:
        with city_scope(city):
            CycleFactory()
    return both


def fail_sometimes(turn: int) -> None:
    if turn % 5 == 0:
        raise FailedInTheMiddleError


def strangers(cities, threads: int, turns: int) -> list[str]:
    """Ask many times over few connections, some of it failing; return what was seen through a wrong door."""

    def ask(number: int) -> list[str]:
        seen, city = [], cities[number % 2]
        try:
            for turn in range(turns):
                with connection.cursor() as cursor:
                    cursor.execute("SELECT count(*) FROM grants_cycle")
                    seen += ["rows before any door was opened"] * cursor.fetchone()[0]
                with contextlib.suppress(FailedInTheMiddleError), city_scope(city):
                    if {cycle.city_id for cycle in Cycle.objects.all()} != {city.pk}:
                        seen.append("not one's own rows")
                    fail_sometimes(turn)
                connection.close()  # as at the end of a request: back into the pool
        finally:
            connection.close()
        return seen

    with ThreadPoolExecutor(threads) as pool:
        return [line for lines in pool.map(ask, range(threads)) for line in lines]


@pytest.mark.property
def test_no_request_meets_the_city_of_the_one_before(pooled, cities, record_property):
    threads, turns = count(6, 16), count(40, OPERATIONS)

    assert strangers(cities, threads, turns) == []
    record_property("count", threads * turns)


def test_settings_of_the_session_would_be_met(pooled, cities, monkeypatch):
    monkeypatch.setattr(scopes, "_SET", scopes._SET.replace("true)", "false)"))

    assert "rows before any door was opened" in strangers(cities, 6, 40)
