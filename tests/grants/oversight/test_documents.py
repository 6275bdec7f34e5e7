"""Exports of payments, made as a worker makes them: what is in the file, and what was written down."""

import csv
import io
import zipfile

import psycopg
import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client

from cities.access.models import Role
from cities.audit.models import Reading
from cities.audit.readings.pages import has_words
from cities.documents import tasks
from cities.documents.errors import UnknownKindError
from cities.documents.models import Document
from cities.documents.registry import kinds_at
from cities.documents.states import Status
from cities.tenancy.models import City, new_id
from cities.tenancy.scopes import CENTER_ID, center_scope, city_scope
from grants.oversight.documents import request_export
from tests.cities.machines.factories import bearer, token_for
from tests.factories import make_member
from tests.grants.oversight.factories import ask, pay
from tests.people import sign_in
from tests.queries import count_statements
from tests.services import DATABASE, servers

pytestmark = pytest.mark.django_db(transaction=True)
MAY_BE_WRITTEN = {"cities_document", "cities_event", "cities_unsealed", "cities_message", "cities_reading"}


def made(auditor, format_="csv", **wanted):
    with center_scope(auditor):
        document = request_export(format_, wanted, actor=auditor)
    tasks.make(str(CENTER_ID), str(document.pk), 0)
    with city_scope(CENTER_ID):
        return Document.objects.get(pk=document.pk)


def content(document):
    with default_storage.open(document.file.name) as file:
        return file.read()


def table(document):
    return list(csv.DictReader(io.StringIO(content(document).decode("utf-8-sig"))))


def rows_by_tenant():
    """Count every tenant table's rows by tenant, as the owner sees them."""
    with psycopg.connect(servers.owner_url(DATABASE)) as owner:
        tables = owner.execute(
            "SELECT table_name FROM information_schema.columns WHERE column_name = 'city_id' AND table_schema = 'public'"
        ).fetchall()
        return {
            (name, city_id): count
            for (name,) in tables
            for city_id, count in owner.execute(f"SELECT city_id, count(*) FROM {name} GROUP BY 1").fetchall()
        }


def test_the_whole_filter_is_in_the_file_whatever_page_was_shown(auditor, baltimore, dallas):
    pay(baltimore, 60_000, payee_name="Riverbend", days_ago=70)
    pay(dallas, 1_050, payee_name="=cmd()")
    ask(dallas, payee_name="Left out")

    document = made(auditor, status="paid", after="junk", sort="amount")

    lines = table(document)
    assert (document.status, document.row_count, document.file_name) == (
        Status.FINISHED,
        2,
        "disbursements.csv",
    )
    assert [line["Payee"] for line in lines] == ["'=cmd()", "Riverbend"]
    assert [line["Amount"] for line in lines] == ["10.50", "600.00"]
    assert [line["Exceptions"] for line in lines] == ["", "Not proved after 60 days"]
    assert [line["City"] for line in lines] == ["Dallas", "Baltimore"]


def test_the_workbook_has_a_sheet_of_facts_and_one_of_payments(auditor, baltimore):
    row = pay(baltimore, 60_000, payee_name="Riverbend")
    ask(baltimore, 40_000)

    document = made(auditor, "xlsx")

    book = zipfile.ZipFile(io.BytesIO(content(document)))
    words = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert (document.status, document.row_count) == (Status.FINISHED, 2)
    assert row.award.reference in words
    assert "2 payments of any status, $1,000.00; paid of it: $600.00" in words


def test_a_line_says_who_when_and_how_in_words(auditor, baltimore):
    row = pay(baltimore, 60_000, payee_name="Riverbend", voucher="CHK-77", days_ago=70)

    (line,) = table(made(auditor))

    assert (line["Reference"], line["Currency"]) == (f"{row.award.reference}/{row.number}", "USD")
    assert (line["Status"], line["Method"]) == (row.get_status_display(), row.get_method_display())
    assert len({line["Requested by"], line["Approved by"], line["Recorded by"]} - {""}) == 3
    assert (line["Paid on"], line["Voucher"], line["Not proved"]) == (
        row.paid_on.isoformat(),
        "CHK-77",
        "600.00",
    )


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_each_city_in_the_file_gets_one_row_with_its_own_count(auditor, baltimore, dallas, format_):
    pay(baltimore)
    ask(baltimore)
    pay(dallas, payee_name="Somebody")

    made(auditor, format_, q="")

    kind = f"disbursements-{format_}"
    for city, count in ((baltimore, 2), (dallas, 1)):
        with city_scope(city):
            assert list(Reading.objects.filter(page=kind).values_list("row_count", "reader_id")) == [
                (count, auditor.pk)
            ]


def test_a_city_that_is_not_in_the_file_gets_none(auditor, baltimore, dallas):
    pay(baltimore)

    made(auditor, city="baltimore")

    with city_scope(dallas):
        assert not Reading.objects.filter(page="disbursements-csv").exists()


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_each_download_by_whomever_is_told_to_each_city_in_the_file(
    auditor, officer, baltimore, dallas, format_
):
    pay(baltimore)
    ask(baltimore)
    pay(dallas)
    pk = made(auditor, format_, sort="amount").pk
    page, api = f"/center/reports/{pk}/file/", f"/api/v1/center/documents/{pk}/file/"
    machine = {"headers": bearer(token_for(officer, City.objects.get(pk=CENTER_ID)))}
    downloads = [
        (sign_in(Client(), auditor), page, {}),
        (sign_in(Client(), officer), page, {}),
        (sign_in(Client(), officer), api, {}),
        (Client(), api, machine),
    ]

    for client, path, said in downloads:
        answer = client.get(path, **said)
        assert (answer.status_code, len(b"".join(answer.streaming_content)) > 0) == (200, True)

    for city, count in ((baltimore, 2), (dallas, 1)):
        with city_scope(city):
            rows = (
                Reading.objects.in_city(city.pk).filter(page=f"disbursements-{format_}-file").order_by("pk")
            )
            assert [(row.reader_id, row.row_count, row.filter) for row in rows] == [
                (who.pk, count, {}) for who in (auditor, officer, officer, officer)
            ]
    viewer = make_member(baltimore, Role.VIEWER)
    shown = sign_in(Client(), viewer).get("/baltimore/staff/readings/").content.decode()
    assert shown.count("Download of an export of payments") >= 4
    assert officer.name in shown


def test_a_download_is_logged_in_one_statement_however_many_cities(auditor, baltimore, dallas):
    pay(baltimore)
    one = made(auditor)
    pay(dallas)
    two = made(auditor)
    client = sign_in(Client(), auditor)

    spent = []
    for document in (one, one, two):
        with count_statements() as said:
            client.get(f"/center/reports/{document.pk}/file/")
        spent.append([sql for sql in said if "cities_reading" in sql])

    assert [len(sql) for sql in spent] == [1, 1, 1]


def test_a_file_that_does_not_say_whose_rows_it_holds_is_told_to_all_cities(auditor, officer, baltimore):
    pay(baltimore)
    document = made(auditor)
    with city_scope(CENTER_ID):
        Document.objects.filter(pk=document.pk).update(rows_by_city={})

    sign_in(Client(), officer).get(f"/center/reports/{document.pk}/file/")

    with city_scope(baltimore):
        row = Reading.objects.in_city(CENTER_ID).get(page="disbursements-csv-file")
    assert (row.reader_id, row.row_count) == (officer.pk, 1)


def test_each_kind_of_the_center_has_words_for_its_download():
    kinds = [kind.name for kind in kinds_at("center")]

    assert {"disbursements-csv", "disbursements-xlsx"} <= set(kinds)
    assert [name for name in kinds if not has_words(f"{name}-file")] == []


def test_a_download_of_nothing_is_no_reading(auditor, baltimore):
    pay(baltimore)
    with center_scope(auditor):
        document = request_export("csv", {}, actor=auditor)

    answer = sign_in(Client(), auditor).get(f"/center/reports/{document.pk}/file/")

    assert answer.status_code == 404
    with center_scope(auditor):
        assert not Reading.objects.filter(page="disbursements-csv-file").exists()


def test_an_export_writes_its_document_audit_outbox_and_log_and_nothing_else(auditor, baltimore, dallas):
    pay(baltimore)
    pay(dallas)
    before = rows_by_tenant()

    made(auditor)

    changed = {key for key, count in rows_by_tenant().items() if before.get(key) != count}
    assert {name for name, _city in changed} <= MAY_BE_WRITTEN
    assert {name for name, city in changed if city != CENTER_ID} == {"cities_reading"}


@pytest.mark.parametrize(
    ("table", "columns", "values"),
    [
        ("cities_document", "id, city_id", "'{new}', '{city}'"),
        ("cities_event", "id, city_id", "'{new}', '{city}'"),
        ("cities_message", "id, city_id", "'{new}', '{city}'"),
        ("grants_disbursement", "id, city_id", "'{new}', '{city}'"),
        ("grants_note", "id, city_id", "'{new}', '{city}'"),
    ],
)
def test_through_the_same_scope_nothing_else_of_a_city_is_written(auditor, baltimore, table, columns, values):
    said = values.format(new=new_id(), city=baltimore.pk)

    with (
        center_scope(auditor),
        pytest.raises(ProgrammingError, match=r"row-level security|permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"INSERT INTO {table} ({columns}) VALUES ({said})")


def test_whoever_lost_the_right_gets_no_file(auditor, baltimore):
    pay(baltimore)
    with center_scope(auditor):
        document = request_export("csv", {}, actor=auditor)
    with psycopg.connect(servers.owner_url(DATABASE)) as owner:
        owner.execute("UPDATE cities_membership SET ended_at = now() WHERE user_id = %s", [auditor.pk])

    tasks.make(str(CENTER_ID), str(document.pk), 0)

    with city_scope(CENTER_ID):
        document.refresh_from_db()
    assert document.status == Status.FAILED
    with city_scope(baltimore):
        assert not Reading.objects.filter(page="disbursements-csv").exists()


def test_only_the_two_formats_are_made(auditor):
    with center_scope(auditor), pytest.raises(UnknownKindError):
        request_export("exe", {}, actor=auditor)


def test_the_page_asks_for_its_own_filter(client, auditor, baltimore):
    pay(baltimore)
    sign_in(client, auditor)

    answer = client.post(
        "/center/disbursements/export/", {"format": "csv", "filter": "city=baltimore&sort=-amount&after=x"}
    )

    with city_scope(CENTER_ID):
        document = Document.objects.get()
    assert answer.headers["Location"] == f"/center/reports/{document.pk}/"
    assert document.parameters == {"city": "baltimore", "sort": "-amount"}
    assert client.get(answer.headers["Location"]).status_code == 200


def test_the_api_asks_for_a_file_too(client, auditor, baltimore):
    sign_in(client, auditor)

    answer = client.post(
        "/api/v1/center/disbursements/export/?status=paid",
        {"format": "xlsx"},
        content_type="application/json",
    )

    with city_scope(CENTER_ID):
        document = Document.objects.get()
    assert (answer.status_code, answer.json()["id"]) == (202, str(document.pk))
    assert document.parameters == {"status": "paid", "sort": ""}
