"""The API, described: for programs and for people."""

import json

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from config import docs

pytestmark = pytest.mark.django_db

SCHEMA = "/api/v1/schema/"


@pytest.fixture(autouse=True)
def _first_in_the_process():
    docs._schema.cache_clear()
    docs._written.cache_clear()


def test_the_schema_is_put_together_once(monkeypatch):
    made = []
    whole = SchemaGenerator.get_schema
    monkeypatch.setattr(
        SchemaGenerator, "get_schema", lambda self, **how: made.append(1) or whole(self, **how)
    )

    answers = [Client().get(f"{SCHEMA}{asked}") for asked in ("", "?format=json", "?format=json&lang=es", "")]

    assert len(made) == 1
    assert [answer.status_code for answer in answers] == [200] * 4
    assert answers[0].content == answers[3].content
    assert json.loads(answers[1].content)["info"]["title"] == "Love Your Block API"


def test_who_has_the_schema_already_gets_none():
    first = Client().get(SCHEMA)

    again = Client().get(SCHEMA, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert first["Cache-Control"] == "public, max-age=300"
    assert "Accept" in first["Vary"]


def test_the_schema_speaks_one_language_whoever_asks_first():
    spanish = Client().get(f"{SCHEMA}?format=json", headers={"Accept-Language": "es"})

    docs._schema.cache_clear()
    docs._written.cache_clear()

    assert Client().get(f"{SCHEMA}?format=json").content == spanish.content


def test_the_page_says_both_shapes_of_a_refusal_once():
    page = Client().get("/api/docs/").text

    assert '{"amount_cents": ["…"]}' in page
    assert page.count("under <code>detail</code>") == 2
    assert "<code>401</code>" not in page
