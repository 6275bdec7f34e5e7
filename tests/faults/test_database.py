"""PostgreSQL is killed under the running product."""

import contextlib
from concurrent.futures import ThreadPoolExecutor

import psutil
import psycopg
import pytest

from config.embedded import postgres
from config.embedded.locks import wait_until
from tests.faults.visitor import Visitor

pytestmark = pytest.mark.slow

PAGES = ("/", "/accounts/login/", "/me/", "/accounts/factor/", "/healthz", "/nothing/here/")
CALLS = ("/api/v1/calls/", "/api/v1/me/applications/")
LONGEST_SECONDS = 6
BACK_SECONDS = 30
AN_IDLE_BACKEND = "SELECT pid FROM pg_stat_activity WHERE usename = 'lyb_city' AND state = 'idle' LIMIT 1"


@pytest.fixture
def person(product):
    return Visitor(product).sign_in(f"person-{product.ask('SELECT gen_random_uuid()')[0]}@example.org")


def fill_the_pools(person):
    """Let both web processes open many connections, which will all be dead ones."""
    with ThreadPoolExecutor(16) as crowd:
        assert {answer.status for answer in crowd.map(person.get, ["/"] * 64)} == {200}


def is_lost(connection):
    try:
        connection.execute("SELECT")
    except psycopg.OperationalError:
        return True
    return False


def check_is_plain(answer, path):
    assert (answer.status, answer.headers["Retry-After"]) == (503, "10"), path
    assert "Traceback" not in answer.text
    assert "Error" not in answer.text
    assert answer.seconds < LONGEST_SECONDS, path
    if path.startswith("/api/"):
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.text == '{"detail": "The service is down for a moment. Please try again."}'
    else:
        assert answer.headers["Content-Type"].startswith("text/html")
        assert "It comes back by itself." in answer.text
        assert answer.headers["Content-Security-Policy"]


def is_well(person):
    """Whether all kinds of pages answer, on all connections and not only the first that somebody got."""
    stranger = Visitor(person.product)
    asked = [(stranger, "/"), (stranger, "/api/v1/calls/"), (stranger, "/healthz")]
    asked += [(person, path) for path in ("/me/", "/accounts/factor/", "/api/v1/me/applications/")]
    with ThreadPoolExecutor(12) as crowd:
        return {visit.result().status for visit in [crowd.submit(v.get, path) for v, path in asked * 6]} == {
            200
        }


def test_without_postgresql_every_page_says_so_at_once_and_comes_back_by_itself(product, person):
    web_processes = product.web_processes()
    assert is_well(person)
    fill_the_pools(person)

    with product.without("postgres"):
        # More at once than there are threads: nobody waits behind those who wait for a connection.
        with ThreadPoolExecutor(48) as crowd:
            for answer in crowd.map(person.get, ["/me/"] * 96):
                check_is_plain(answer, "/me/")
        for path in (*PAGES, *CALLS):
            check_is_plain(person.get(path), path)
            check_is_plain(Visitor(product).get(path), path)
        check_is_plain(person.post("/accounts/login/", email="ana@example.org"), "/accounts/login/")

    product.wait_for(lambda: is_well(person), seconds=BACK_SECONDS)
    assert product.web_processes() == web_processes
    Visitor(product).sign_in("back-again@example.org")


@pytest.mark.parametrize("victim", ["server", "backend"])
def test_after_a_killed_postgresql_was_started_again_nobody_meets_a_dead_connection(product, person, victim):
    web_processes = product.web_processes()
    fill_the_pools(person)

    with contextlib.closing(postgres.connect(product.place, "lyb")) as witness:
        if victim == "server":
            product.kill_server("postgres")
        else:
            # PostgreSQL then ends all connections and recovers from its log.
            psutil.Process(product.ask(AN_IDLE_BACKEND)[0]).kill()
        wait_until(lambda: is_lost(witness), seconds=10)
    product.wait_for(product.takes_connections, seconds=30)

    fill_the_pools(person)
    assert is_well(person)
    assert product.web_processes() == web_processes
