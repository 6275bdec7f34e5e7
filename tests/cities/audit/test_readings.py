"""The read log: who may write and read it, and the desk's page of it."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from cities.access.models import Role
from cities.audit.models import Reading
from cities.audit.readings import record_list, record_opening
from cities.audit.readings.forms import ReadingFilter
from cities.audit.readings.queries import looks_page
from cities.tenancy.errors import ScopeError
from cities.tenancy.models import new_id
from cities.tenancy.scopes import CENTER_ID, center_scope, city_scope, person_scope, public_scope
from tests.factories import make_city, make_member, make_officer
from tests.people import sign_in
from tests.queries import count_statements

pytestmark = pytest.mark.django_db
PAGE, API = "/baltimore/staff/readings/", "/api/v1/cities/baltimore/readings/"


@pytest.fixture
def auditor(db):
    return make_officer(Role.AUDITOR, name="Abe Auditor", email="abe@center.example")


@pytest.fixture
def dallas(db):
    return make_city("dallas")


@pytest.fixture
def viewer(city):
    return make_member(city, Role.VIEWER, name="Vi")


@pytest.fixture
def looks(city, dallas, auditor):
    """A list, an opening here, one elsewhere; oldest first, one a day."""
    with center_scope(auditor):
        with time_machine.travel(datetime(2026, 1, 1, 12, tzinfo=UTC), tick=False):
            record_list(
                auditor, "center-overview", row_count=280, asked={"state": "MD", "q": "Rosa", "call": ""}
            )
        with time_machine.travel(datetime(2026, 1, 2, 12, tzinfo=UTC), tick=False):
            record_opening(auditor, "center-city-detail", city_id=city.pk, subject=city)
        with time_machine.travel(datetime(2026, 1, 3, 12, tzinfo=UTC), tick=False):
            record_opening(auditor, "center-city-detail", city_id=dallas.pk, subject=dallas)


def insert(city_id, reader, page="raw"):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cities_reading (id, city_id, reader_id, page, subject_type, filter, row_count, read_at) "
            "VALUES (%s, %s, %s, %s, '', '{}', 1, now())",
            [new_id(), city_id, reader.pk, page],
        )


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else cursor.rowcount


# -- The database -----------------------------------------------------------------------------------
def test_the_centers_role_writes_a_row_in_any_city(city, dallas, auditor):
    with center_scope(auditor):
        for place in (city.pk, dallas.pk, CENTER_ID):
            insert(place, auditor)
        assert run("SELECT count(*) FROM cities_reading") == [(3,)]


def test_a_city_writes_none_not_even_in_its_own_log(city, dallas, auditor):
    for place in (city.pk, dallas.pk, CENTER_ID):
        with (
            city_scope(city),
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
        ):
            insert(place, auditor)


@pytest.mark.parametrize("door", [person_scope, lambda _user: public_scope()])
def test_other_doors_write_none_and_read_none(city, auditor, looks, door):
    with door(auditor):
        with pytest.raises(ProgrammingError, match=r"denied|violates row-level"), transaction.atomic():
            insert(city.pk, auditor)
        assert run("SELECT count(*) FROM cities_reading") == [(0,)]


@pytest.mark.parametrize("deed", ["UPDATE cities_reading SET row_count = 0", "DELETE FROM cities_reading"])
def test_nobody_changes_or_takes_out_a_row(city, auditor, looks, deed):
    with city_scope(city), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        run(deed)
    with (
        center_scope(auditor),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        run(deed)


def test_a_city_reads_its_own_rows_and_the_centers_but_no_other_citys(city, dallas, auditor, looks):
    with city_scope(city):
        assert set(run("SELECT city_id FROM cities_reading")) == {(city.pk,), (CENTER_ID,)}
    with city_scope(dallas):
        assert set(run("SELECT city_id FROM cities_reading")) == {(dallas.pk,), (CENTER_ID,)}


def test_the_center_writes_no_other_row_of_a_city(city, auditor):
    with (
        center_scope(auditor),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        run(
            "INSERT INTO cities_event (id, city_id, tag, actor_name, subject_type, subject_id, data, created_at) "
            f"VALUES ('{new_id()}', '{city.pk}', 'x', 'x', 'x', '{new_id()}', '{{}}', now())"
        )


def test_the_log_is_written_in_an_open_door_only(city, auditor):
    with pytest.raises(ScopeError):
        record_opening(auditor, "center-city-detail", city_id=city.pk)


# -- What is kept -----------------------------------------------------------------------------------
def test_a_row_keeps_page_filter_and_rows_but_repeats_no_typed_name(auditor, looks):
    with center_scope(auditor):
        row = Reading.objects.get(page="center-overview")

    assert (row.city_id, row.row_count, row.filter) == (CENTER_ID, 280, {"state": "MD", "q": "…"})


# -- The desk's page ---------------------------------------------------------------------------------
def pages_of(city, viewer, query):
    with city_scope(city):
        found = looks_page(city, ReadingFilter(query).wanted, reader=viewer)
    return [look.reading.page for look in found.looks]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["center-city-detail", "center-overview"]),
        ({"grain": "city"}, ["center-city-detail"]),
        ({"grain": "lists"}, ["center-overview"]),
        ({"page": "center-overview"}, ["center-overview"]),
        ({"who": "abe"}, ["center-city-detail", "center-overview"]),
        ({"who": "nobody"}, []),
        ({"day": "2026-01-02"}, ["center-city-detail"]),
        ({"day": "junk"}, ["center-city-detail", "center-overview"]),
        ({"day": "9999-12-31"}, ["center-city-detail", "center-overview"]),
        ({"day": "0001-01-01"}, ["center-city-detail", "center-overview"]),
    ],
)
def test_each_filter(city, viewer, looks, query, expected):
    assert pages_of(city, viewer, query) == expected


def test_the_desk_reads_who_looked_at_what(client, city, viewer, looks):
    page = sign_in(client, viewer).get(PAGE).content.decode()

    assert "Page of a city" in page
    assert "Overview of all cities" in page
    assert "Abe Auditor" in page
    assert "Search: … · State: MD" in page
    assert "280" in page
    assert page.index("Page of a city</th>") < page.index("Overview of all cities</th>")


def test_the_api_says_the_same(client, viewer, city, looks):
    rows = sign_in(client, viewer).get(API).json()["results"]

    assert [(row["page"], row["is_of_city"], row["row_count"]) for row in rows] == [
        ("center-city-detail", True, 1),
        ("center-overview", False, 280),
    ]
    assert rows[0]["subject_id"] == str(city.pk)
    assert rows[0]["words"] == "Page of a city"


def test_pages_follow_each_other_through_both_tenants(city, viewer, auditor):
    with center_scope(auditor):
        for number in range(6):
            if number % 2:
                record_opening(auditor, f"p{number}", city_id=city.pk)
            else:
                record_list(auditor, f"p{number}", row_count=0)

    seen, after = [], ""
    for _page in range(3):
        with city_scope(city):
            page = looks_page(city, {}, reader=viewer, after=after, size=2)
        seen += [look.reading.page for look in page.looks]
        after = page.after

    assert seen == ["p5", "p4", "p3", "p2", "p1", "p0"]
    assert after == ""


@pytest.mark.parametrize("cursor", ["junk", "2026-01-01_x", "2026-01-01T00:00:00_" + "0" * 32])
def test_a_spoilt_cursor_is_the_beginning(city, viewer, looks, cursor):
    with city_scope(city):
        assert len(looks_page(city, {}, reader=viewer, after=cursor).looks) == 2


@pytest.mark.parametrize("role", [Role.MANAGER, Role.STAFF, Role.FINANCE, Role.APPROVER, Role.VIEWER])
def test_everybody_at_the_desk_reads_the_log(client, city, role):
    sign_in(client, make_member(city, role))

    assert client.get(PAGE).status_code == 200


def test_outside_reviewers_strangers_and_other_cities_do_not(client, city, dallas):
    assert client.get(PAGE).status_code == 302
    sign_in(client, make_member(city, Role.REVIEWER))
    assert client.get(PAGE).status_code == 403
    sign_in(client, make_member(dallas, Role.MANAGER))
    assert client.get(PAGE).status_code == 403
    assert client.get(API).status_code == 403


def test_an_empty_log_says_so(client, city, viewer):
    assert "The Center has looked at nothing" in sign_in(client, viewer).get(PAGE).content.decode()


def test_the_trails_page_leads_here(client, city):
    sign_in(client, make_member(city, Role.MANAGER))

    assert f'href="{PAGE}"' in client.get("/baltimore/staff/audit/").content.decode()


def test_statements_are_constant_in_rows(client, city, viewer, auditor):
    sign_in(client, viewer)
    counts = []
    for times in (1, 2):
        with center_scope(auditor):
            for _time in range(times):
                record_opening(auditor, "center-city-detail", city_id=city.pk, subject=city)
                record_list(auditor, "center-overview", row_count=1)
        with count_statements() as statements:
            client.get(PAGE)
        counts.append(len(statements))

    assert counts[0] == counts[1] <= 12
