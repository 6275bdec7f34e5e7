"""Each type: what it takes, what it keeps although it is wrong, and what it says about it."""

from datetime import date

import pytest
from django.http import QueryDict
from django.utils.translation import override

from grants.cycles.questions import answer_text, clean, is_posted, parse, posted_version, submission_problems
from tests.grants.cycles.samples import question, question_json

UUIDS = [
    "0190b7a4-0000-7000-8000-000000000001",
    "0190b7a4-0000-7000-8000-000000000002",
    "0190b7a4-0000-7000-8000-000000000003",
]
OPTIONS = ["Clean", "Green", "Art"]
TABLE = [
    {"key": "item", "label": "Item", "type": "short_text"},
    {"key": "amount", "label": "Amount", "type": "money"},
    {"key": "when", "label": "When", "type": "date_range"},
]


def codes(problems):
    return [(problem.code, problem.place) for problem in problems]


@pytest.mark.parametrize(
    ("kind", "parts", "raw", "value"),
    [
        ("short_text", {}, "  Tilden\n Street  ", "Tilden Street"),
        ("short_text", {}, 42, "42"),
        ("long_text", {}, " one\r\n\r\ntwo \r\n", "one\n\ntwo"),
        ("long_text", {}, "a\x07b", "ab"),
        ("long_text", {}, "   ", None),
        ("number", {}, "1,250", 1250),
        ("number", {}, "2.50", 2.5),
        ("number", {}, 2.0, 2),
        ("number", {}, "-3", -3),
        ("number", {}, "0.125", 0.125),
        ("number", {}, "1,200.125", 1200.125),
        ("number", {}, 1.125, 1.125),
        ("money", {}, "1,200.50", {"cents": 120050}),
        ("money", {}, "$1,200", {"cents": 120000}),
        ("money", {}, "1.200,50", {"cents": 120050}),
        ("money", {}, "12,50", {"cents": 1250}),
        ("money", {}, "1 200.00 USD", {"cents": 120000}),
        ("money", {}, ".5", {"cents": 50}),
        ("money", {}, {"cents": 77}, {"cents": 77}),
        ("money", {}, "0", {"cents": 0}),
        ("date", {}, "2026-04-27", "2026-04-27"),
        ("date", {}, "4/27/2026", "2026-04-27"),
        ("date", {}, "27/4/2026", "2026-04-27"),
        ("date", {}, "April 27, 2026", "2026-04-27"),
        ("date", {}, "27 de abril de 2026", "2026-04-27"),
        ("date_range", {}, {"start": "2026-04-27", "end": ""}, {"start": "2026-04-27"}),
        ("email", {}, " Ana@Example.org ", "Ana@Example.org"),
        ("phone", {}, "(501) 555-0142 ext. 4", "(501) 555-0142 ext. 4"),
        ("address", {}, "PO Box 12", {"street": "PO Box 12"}),
        (
            "address",
            {},
            {"street": "1 Main", "unit": " ", "zip": "44120"},
            {"street": "1 Main", "zip": "44120"},
        ),
        ("location", {}, {"lat": "39.29", "lng": "-76.6"}, {"lat": 39.29, "lng": -76.6}),
        ("location", {}, "Tilden and 4th", {"address": "Tilden and 4th"}),
        ("yes_no", {}, "true", True),
        ("yes_no", {}, "No", False),
        ("yes_no", {}, "", None),
        ("single_choice", {"options": OPTIONS}, "Green", "Green"),
        ("multi_choice", {"options": OPTIONS}, ["Art", "Clean", "Art"], ["Clean", "Art"]),
        ("multi_choice", {"options": OPTIONS}, [""], None),
        ("file", {}, UUIDS[0].upper(), [UUIDS[0]]),
        ("file", {}, [], None),
        (
            "signature",
            {},
            {"name": "Ana", "agreed": "true"},
            {"name": "Ana", "agreed": True, "signed_on": "2026-03-27"},
        ),
        ("signature", {}, {"name": "Ana", "agreed": False}, {"name": "Ana"}),
        (
            "table",
            {"columns": TABLE},
            [{"item": "Soil", "amount": "40"}, {"item": " ", "amount": ""}, {"_id": "r9", "item": "Beds"}],
            [{"_id": "r1", "item": "Soil", "amount": {"cents": 4000}}, {"_id": "r9", "item": "Beds"}],
        ),
    ],
)
def test_what_people_write_becomes_one_canonical_value(kind, parts, raw, value):
    asked = question(kind, **parts)

    cleaned = clean(asked, raw, today=date(2026, 3, 27))

    assert cleaned.value == value
    assert cleaned.problems == ()
    assert cleaned.storable
    assert clean(asked, cleaned.value, today=date(2026, 3, 27)) == cleaned


@pytest.mark.parametrize(
    ("kind", "parts", "raw", "value", "found"),
    [
        ("short_text", {"max_chars": 3}, "four", "four", [("too_long", ())]),
        ("short_text", {}, "a" * 301, "a" * 301, [("too_long", ())]),
        ("long_text", {"max_words": 2}, "one two three", "one two three", [("too_long", ())]),
        ("number", {}, "twenty", {"typed": "twenty"}, [("format", ())]),
        ("number", {}, "1.2345", {"typed": "1.2345"}, [("format", ())]),
        ("number", {}, "1.500", {"typed": "1.500"}, [("format", ())]),
        ("number", {}, "-120.000", {"typed": "-120.000"}, [("format", ())]),
        ("number", {"min": 20}, "19", 19, [("too_low", ())]),
        ("number", {"max": 100}, "101", 101, [("too_high", ())]),
        ("money", {}, "about 50", {"typed": "about 50"}, [("format", ())]),
        ("money", {}, "1.200", {"typed": "1.200"}, [("format", ())]),
        ("money", {}, "-5", {"typed": "-5"}, [("format", ())]),
        ("money", {}, {"cents": -5}, {"typed": "-0.05"}, [("too_low", ())]),
        ("money", {}, "9999999999999", {"typed": "9999999999999"}, [("too_high", ())]),
        ("money", {"max": "1000.00"}, "1000.01", {"cents": 100001}, [("too_high", ())]),
        ("money", {"min": "500.00"}, "499.99", {"cents": 49999}, [("too_low", ())]),
        ("date", {}, "next spring", {"typed": "next spring"}, [("format", ())]),
        ("date", {}, "2026-02-30", {"typed": "2026-02-30"}, [("format", ())]),
        ("date", {"min": "2026-05-01"}, "2026-04-30", "2026-04-30", [("too_low", ())]),
        ("date", {"max": "2026-05-01T17:00:00-04:00"}, "2026-05-02", "2026-05-02", [("too_high", ())]),
        (
            "date_range",
            {},
            {"start": "2026-05-02", "end": "soon"},
            {"start": "2026-05-02", "end": {"typed": "soon"}},
            [("format", ("end",))],
        ),
        (
            "date_range",
            {},
            {"start": "2026-05-02", "end": "2026-05-01"},
            {"start": "2026-05-02", "end": "2026-05-01"},
            [("order", ("end",))],
        ),
        ("email", {}, "ana@", {"typed": "ana@"}, [("format", ())]),
        ("phone", {}, "call me", {"typed": "call me"}, [("format", ())]),
        ("phone", {}, "12345", {"typed": "12345"}, [("format", ())]),
        (
            "location",
            {},
            {"lat": "91", "lng": "0"},
            {"lat": {"typed": "91"}, "lng": {"typed": "0"}},
            [("format", ("lat",))],
        ),
        ("location", {}, {"lat": "12"}, {"lat": {"typed": "12"}}, [("format", ("lat",))]),
        ("yes_no", {}, "perhaps", {"typed": "perhaps"}, [("choice", ())]),
        ("single_choice", {"options": OPTIONS}, "Blue", {"typed": "Blue"}, [("choice", ())]),
        ("multi_choice", {"options": OPTIONS}, ["Art", "Blue"], ["Art", {"typed": "Blue"}], [("choice", ())]),
        (
            "multi_choice",
            {"options": OPTIONS, "max": 1},
            ["Art", "Clean"],
            ["Clean", "Art"],
            [("too_many", ())],
        ),
        ("file", {"max": 1}, UUIDS[:2], UUIDS[:2], [("too_many", ())]),
        (
            "table",
            {"columns": TABLE, "max_rows": 1},
            [{"item": "Soil", "amount": "a lot"}, {"item": "Beds"}],
            [{"_id": "r1", "item": "Soil", "amount": {"typed": "a lot"}}, {"_id": "r2", "item": "Beds"}],
            [("format", ("r1", "amount")), ("too_many", ())],
        ),
    ],
)
def test_what_is_wrong_is_kept_with_a_sentence_at_its_place(kind, parts, raw, value, found):
    asked = question(kind, **parts)

    cleaned = clean(asked, raw)

    assert cleaned.value == value
    assert codes(cleaned.problems) == found
    assert cleaned.storable
    assert clean(asked, cleaned.value).value == value
    assert submission_problems(asked, value)


@pytest.mark.parametrize(
    ("kind", "raw", "code"),
    [
        ("long_text", "a\0b", "characters"),
        ("long_text", "a\ud800", "characters"),
        ("long_text", "a" * 20_001, "too_long"),
        ("short_text", ["a"], "shape"),
        ("short_text", True, "shape"),
        ("money", 1200, "shape"),
        ("money", {"cents": 5, "more": 1}, "shape"),
        ("number", float("nan"), "shape"),
        ("number", 10**400, "shape"),
        ("date", 20260427, "shape"),
        ("date_range", "2026-04-27", "shape"),
        ("date_range", {"begin": "2026-04-27"}, "shape"),
        ("address", {"planet": "Mars"}, "shape"),
        ("location", [1, 2], "shape"),
        ("file", ["../../etc/passwd"], "shape"),
        ("file", [UUIDS[0]] * 201, "too_many"),
        ("multi_choice", {"a": 1}, "shape"),
        ("multi_choice", ["a"] * 201, "too_many"),
        ("signature", [], "shape"),
        ("table", "rows", "shape"),
        ("table", [{"price": 1}], "shape"),
        ("table", [{}] * 201, "too_many"),
        ("table", [{"item": "x" * 20_001}], "too_long"),
        ("table", [{"item": "x" * 19_000}] * 11, "too_long"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_a_sentence(kind, raw, code):
    asked = question(
        kind, options=OPTIONS if "choice" in kind else [], columns=TABLE if kind == "table" else []
    )

    cleaned = clean(asked, raw)

    assert not cleaned.storable
    assert [problem.code for problem in cleaned.problems] == [code]
    assert cleaned.problems[0].sentence.endswith(".")


def test_a_refused_text_is_shown_again_without_what_cannot_be_stored():
    cleaned = clean(question("long_text"), "good\0 text \ud800")

    assert cleaned.value == {"typed": "good text \ufffd"}


@pytest.mark.parametrize(
    ("kind", "parts", "value", "found"),
    [
        ("short_text", {}, None, [("required", ())]),
        ("yes_no", {}, None, [("required", ())]),
        ("yes_no", {}, False, []),
        ("number", {}, 0, []),
        ("money", {}, {"cents": 0}, []),
        ("date_range", {}, {"start": "2026-04-27"}, [("required", ("end",))]),
        ("date_range", {"required": False}, {"end": "2026-04-27"}, [("required", ("start",))]),
        ("address", {}, {"city": "Marlow Falls"}, [("required", ("street",))]),
        ("location", {}, None, [("required", ())]),
        ("multi_choice", {"options": OPTIONS, "min": 2}, ["Art"], [("too_few", ())]),
        ("multi_choice", {"options": OPTIONS, "min": 2, "required": False}, None, []),
        ("file", {"min": 2}, UUIDS[:1], [("too_few", ())]),
        ("file", {"min": 2}, None, [("required", ())]),
        ("signature", {}, {"name": "Ana"}, [("required", ("agreed",))]),
        ("signature", {}, {"agreed": True}, [("required", ("name",))]),
        ("table", {"columns": TABLE, "min_rows": 2}, [{"_id": "r1", "item": "Soil"}], [("too_few", ())]),
        (
            "table",
            {"columns": TABLE, "required": False},
            [{"_id": "r1", "amount": {"cents": 5}, "when": {"start": "2026-04-27"}}],
            [("required", ("r1", "item")), ("required", ("r1", "when", "end"))],
        ),
        ("people", {"columns": TABLE[:1], "min_rows": 2, "required": False}, None, []),
    ],
)
def test_what_is_missing_only_matters_on_submission(kind, parts, value, found):
    asked = question(kind, **parts)

    assert codes(clean(asked, value).problems) == []
    assert codes(submission_problems(asked, value)) == found


def test_problems_are_told_in_the_readers_language_with_the_citys_currency():
    asked = question("money", max="1000.00")

    assert clean(asked, "1500").problems[0].sentence == "The most you can enter is $1,000."
    assert "€1,000" in clean(asked, "1500", currency="EUR").problems[0].sentence


def test_a_signature_is_never_dated_after_today():
    asked = question("signature")
    today = date(2026, 3, 27)

    early = clean(asked, {"name": "Ana", "agreed": True, "signed_on": "2026-03-01"}, today=today)
    late = clean(asked, {"name": "Ana", "agreed": True, "signed_on": "2027-01-01"}, today=today)

    assert early.value["signed_on"] == "2026-03-01"
    assert late.value["signed_on"] == "2026-03-27"


def test_rows_keep_their_ids_and_new_ones_get_free_numbers():
    asked = question("table", columns=TABLE)
    rows = [
        {"item": "a"},
        {"_id": "r1", "item": "b"},
        {"_id": "r1", "item": "c"},
        {"_id": "Not sound", "item": "d"},
    ]

    cleaned = clean(asked, rows)

    assert [row["_id"] for row in cleaned.value] == ["r2", "r1", "r3", "r4"]


def test_a_choice_may_be_given_by_its_label_when_only_one_has_it():
    asked = question(
        "single_choice",
        options=[
            {"value": "a", "label": "Other"},
            {"value": "b", "label": "Other"},
            {"value": "c", "label": "Paint"},
        ],
    )

    assert clean(asked, "Paint").value == "c"
    assert clean(asked, "b").value == "b"
    assert clean(asked, "Other").value == {"typed": "Other"}


@pytest.mark.parametrize(
    ("kind", "posted", "raw"),
    [
        ("short_text", "q.it=Hello", "Hello"),
        ("yes_no", "q.it=true", "true"),
        ("yes_no", "", None),
        ("multi_choice", "q.it=Clean&q.it=Art", ["Clean", "Art"]),
        ("multi_choice", "", []),
        ("date_range", "q.it.start=2026-04-27&q.it.end=", {"start": "2026-04-27", "end": ""}),
        ("file", f"q.it={UUIDS[0]}&q.it={UUIDS[1]}&remove_file={UUIDS[0]}", [UUIDS[1]]),
        ("signature", "q.it.name=Ana&q.it.agreed=true", {"name": "Ana", "agreed": "true", "signed_on": ""}),
        (
            "table",
            "q.it._rows=r1&q.it._rows=r2&q.it.r1.item=Soil&q.it.r1.amount=4&q.it.r2.item=Beds&remove_row=it:r2",
            [{"_id": "r1", "item": "Soil", "amount": "4", "when": {"start": "", "end": ""}}],
        ),
    ],
)
def test_a_posted_page_becomes_the_same_input_as_the_api_takes(kind, posted, raw):
    asked = question(
        kind, options=OPTIONS if "choice" in kind else [], columns=TABLE if kind == "table" else []
    )
    data = QueryDict(f"v.it=3&{posted}")

    assert is_posted(asked, data)
    assert posted_version(asked, data) == 3
    assert parse(asked, data) == raw


def test_a_question_that_was_not_on_the_page_is_not_posted():
    assert not is_posted(question("yes_no"), QueryDict("q.other=1"))


def test_an_odd_version_is_no_version():
    assert posted_version(question("yes_no"), QueryDict("v.it=1e9")) is None


def test_answers_are_told_in_words():
    english, spanish = {"language": "en"}, {"language": "es"}

    assert answer_text(question("money"), {"cents": 120050}, **english) == "$1,200.50"
    assert answer_text(question("date"), "2026-04-27", **english) == "April 27, 2026"
    assert answer_text(question("date"), "2026-04-27", **spanish) == "27 de abril de 2026"
    assert (
        answer_text(question("address"), {"street": "1 Main", "city": "Gary", "state": "IN", "zip": "46402"})
        == "1 Main, Gary, IN 46402"
    )
    assert answer_text(question("location"), {"lat": 39.29, "lng": -76.6}) == "39.29, -76.6"
    assert answer_text(question("number"), 12.5) == "12.5"
    assert answer_text(question("file"), UUIDS[:2]) == "2 files"
    assert (
        answer_text(
            question("table", columns=TABLE), [{"_id": "r1", "item": "Soil", "amount": {"cents": 500}}]
        )
        == "Soil, $5"
    )
    assert answer_text(question("date"), {"typed": "soon"}) == "soon"


def test_choices_are_told_in_the_readers_language():
    asked = question(
        "single_choice", options=["Clean", "Green"], translations={"es": {"options": ["Limpio", "Verde"]}}
    )

    with override("es"):
        assert answer_text(asked, "Green", language="es") == "Verde"
    assert answer_text(asked, "Green", language="en") == "Green"


def test_a_span_of_days_is_told_in_the_language_that_was_asked_for():
    span = {"start": "2026-04-27", "end": "2026-04-28"}

    with override("es"):
        assert answer_text(question("date_range"), span, language="en") == "April 27, 2026 to April 28, 2026"


def test_every_key_of_the_format_is_in_a_questions_json():
    data = question_json("x", "short_text")

    assert question("short_text", key="x").to_json() == data
