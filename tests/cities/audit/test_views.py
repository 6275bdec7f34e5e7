from datetime import UTC, datetime

import pytest
import time_machine

from cities.access.models import Role
from cities.audit.forms import TrailFilter
from cities.audit.queries import trail_page
from cities.audit.sentences import register, sentence
from cities.audit.tasks import seal_pending
from cities.audit.trail import SystemActor, record
from cities.tenancy.scopes import city_scope
from tests.cities.audit.conftest import write_events
from tests.factories import make_city, make_member
from tests.people import sign_in
from tests.queries import count_statements

pytestmark = pytest.mark.django_db
PAGE, API = "/baltimore/staff/audit/", "/api/v1/cities/baltimore/audit/"


@pytest.fixture
def manager(city):
    return make_member(city, Role.MANAGER, name="Mona Manager")


def test_a_manager_reads_who_did_what_and_which_seal_it_bears(client, city, manager):
    with city_scope(city):
        record("city:change", actor=manager, subject=city)
    seal_pending()
    with city_scope(city):
        record("city:change", actor=SystemActor("call import"), subject=city)

    page = sign_in(client, manager).get(PAGE).content.decode()

    assert "Mona Manager changed the city’s settings." in page
    assert "Call import changed the city’s settings." in page
    assert page.index("Call import") < page.index("Mona Manager changed")
    assert ">1</span>" in page
    assert "waits" in page


@pytest.fixture
def three_deeds(city, manager):
    with city_scope(city):
        record("city:change", actor=manager, subject=city, number=1)
        record("city:change", actor=SystemActor("call import"), subject=city, number=2)
    # Half past eleven in the evening of the 2nd in the city; the 3rd by UTC.
    with time_machine.travel(datetime(2026, 1, 3, 4, 30, tzinfo=UTC), tick=False), city_scope(city):
        record("user:change", actor=SystemActor("call import"), subject=manager, number=3)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [2, 1, 3]),
        ({"who": "mona"}, [1]),
        ({"who": "import"}, [2, 3]),
        ({"kind": "cities.city"}, [2, 1]),
        ({"day": "2026-01-02"}, [3]),
        ({"day": "2026-01-03"}, []),
        ({"day": "junk"}, [2, 1, 3]),
        ({"day": "9999-12-31"}, [2, 1, 3]),
        ({"day": "0001-01-01"}, [2, 1, 3]),
        ({"who": "nobody"}, []),
    ],
)
def test_each_filter(city, three_deeds, query, expected):
    with city_scope(city):
        lines = trail_page(city, TrailFilter(query).wanted).lines

    assert [line.event.data["number"] for line in lines] == expected


def test_what_it_is_about_is_named_and_can_be_asked_for(client, city, manager, three_deeds):
    page = sign_in(client, manager).get(PAGE, {"about": str(city.pk)}).content.decode()

    assert "Baltimore" in page
    assert page.count("changed the city’s settings.") == 2
    assert "user" not in page.split("<tbody")[1]


def test_a_tag_without_words_is_shown_as_it_is():
    assert sentence("rocket:launch-now", "Mona", {}) == "Mona: rocket · launch now."


def test_amounts_and_days_read_as_a_person_writes_them():
    data = {"awarded_cents": 213_167, "after": "2026-12-18"}

    assert sentence("award:offer", "Mara", data, currency="USD") == "Mara offered an award of $2,131.67."
    assert sentence("award:extend", "Mara", data) == "Mara gave the applicant until Dec 18, 2026 to answer."
    assert "2026-99-99" in sentence("award:extend", "Mara", {"after": "2026-99-99"})


def test_an_older_event_that_lacks_a_word_still_reads():
    register({"test:tag": "%(who)s gave %(thing)s to %(person)s."})

    assert sentence("test:tag", "Mona", {"thing": "it"}) == "Mona gave it to —."


def test_pages_follow_each_other(city):
    write_events(city, 5)

    with city_scope(city):
        first = trail_page(city, {}, size=3)
        second = trail_page(city, {}, after=first.after, size=3)

    numbers = [[line.event.data["number"] for line in page.lines] for page in (first, second)]
    assert numbers == [[4, 3, 2], [1, 0]]
    assert second.after == ""


@pytest.mark.parametrize("cursor", ["junk", "2026-01-01_x", "2026-01-01T00:00:00_" + "0" * 32])
def test_a_spoilt_cursor_is_the_beginning(city, cursor):
    write_events(city, 1)

    with city_scope(city):
        assert len(trail_page(city, {}, after=cursor).lines) == 1


@pytest.mark.parametrize("role", [Role.STAFF, Role.FINANCE, Role.APPROVER, Role.VIEWER, Role.REVIEWER])
def test_only_managers_read_the_trail(client, city, role):
    sign_in(client, make_member(city, role))

    assert client.get(PAGE).status_code == 403
    assert client.get(API).status_code == 403


def test_strangers_and_other_cities(client, city, manager):
    foreign = make_city("dallas")
    write_events(foreign, 1)

    assert client.get(PAGE).status_code == 302
    assert client.get(API).status_code == 401
    sign_in(client, manager)
    assert client.get("/dallas/staff/audit/").status_code == 403
    assert client.get(API).json()["results"] == []


def test_an_empty_trail_says_so(client, manager):
    assert "No deed matches this filter." in sign_in(client, manager).get(PAGE).content.decode()


@pytest.mark.django_db(transaction=True)
def test_statements_are_constant_in_rows(client, city, manager):
    sign_in(client, manager)
    write_events(city, 1)
    with count_statements() as at_one:
        client.get(PAGE)
    write_events(city, 2)
    with count_statements() as at_three:
        assert client.get(PAGE).content.decode().count("changed the city’s settings.") == 3

    assert len(at_one) == len(at_three) <= 10, at_three
