"""The measurement of exports: it makes real files, watches them, and leaves nothing behind but the documents."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from cities.audit.models import Reading
from cities.documents.models import Document
from cities.documents.states import Status
from cities.tenancy.scopes import CENTER_ID, city_scope
from config.bench.exports import measure_exports
from tests.grants.oversight.factories import ask, pay

pytestmark = pytest.mark.django_db(transaction=True)


def test_both_formats_are_made_by_the_worker_and_compared_with_a_raw_cursor(
    auditor, baltimore, dallas, tmp_path
):
    pay(baltimore)
    ask(dallas)

    figures = measure_exports(auditor, tmp_path)

    assert [(found.format, found.rows) for found in figures] == [("csv", 2), ("xlsx", 2)]
    assert all(found.ratio > 0 and found.memory_mb >= 0 and max(found.progress) <= 100 for found in figures)
    assert list(tmp_path.iterdir()) == []
    with city_scope(CENTER_ID):
        assert list(Document.objects.values_list("status", flat=True)) == [Status.FINISHED] * 2
    with city_scope(baltimore):
        assert Reading.objects.count() == 2, "the floor is no reading of a person's and isn't logged"


def test_the_command_tells_both_as_a_table_and_as_json(officer, baltimore):
    pay(baltimore)
    said, told = StringIO(), StringIO()

    call_command("bench", "--exports", stdout=said)
    call_command("bench", "--exports", "--json", stdout=told)

    assert [line.split()[:2] for line in said.getvalue().splitlines()[1:3]] == [["csv", "1"], ["xlsx", "1"]]
    assert [(found["format"], found["rows"]) for found in json.loads(told.getvalue())] == [
        ("csv", 1),
        ("xlsx", 1),
    ]
