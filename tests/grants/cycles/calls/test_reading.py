import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from grants.cycles.calls import InvalidCallError, read_call
from tests.grants.cycles.samples import question_json, unseen_call

EASTERN = ZoneInfo("America/New_York")


def errors_of(source):
    with pytest.raises(InvalidCallError) as caught:
        read_call(source)
    return [(error.place, error.sentence) for error in caught.value.errors]


def section(*questions, key="s"):
    return {"key": key, "title": key, "questions": list(questions)}


def with_questions(*questions):
    return unseen_call(sections=[section(*questions)])


def when(question, op, value):
    return {"question": question, "op": op, "value": value}


def written(tmp_path, content):
    path = tmp_path / "call.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_call_is_read_from_a_file_and_from_json_alike(tmp_path):
    data = unseen_call()

    call = read_call(written(tmp_path, json.dumps(data)))

    assert call.data == read_call(data).data == read_call(json.dumps(data).encode()).data == data
    assert call.name == "call.json"
    assert call.stages == ("full",)
    assert call.cents("pool") == 2_400_000
    assert [item.key for item in call.eligibility] == ["volunteers"]
    assert call.definition.to_json() == data["sections"]


def test_a_byte_order_mark_is_no_harm(tmp_path):
    assert read_call(written(tmp_path, b"\xef\xbb\xbf" + json.dumps(unseen_call()).encode())).name


def test_what_is_read_is_a_copy():
    data = unseen_call()

    call = read_call(data)
    data["city"]["name"] = "Elsewhere"

    assert call.city["name"] == "Marlow Falls"


def test_dates_become_instants_and_days_in_the_citys_zone():
    dates = read_call(unseen_call()).dates

    assert dates.opens_at == datetime(2026, 2, 14, 0, 0, tzinfo=EASTERN)
    assert dates.closes_at == datetime(2026, 3, 27, 17, 0, tzinfo=EASTERN)
    assert (dates.decision_by, dates.project_starts, dates.project_ends) == (
        date(2026, 4, 24),
        date(2026, 5, 1),
        date(2026, 11, 30),
    )
    assert dates.workshops == (datetime(2026, 2, 26, 18, 0, tzinfo=EASTERN),)


def test_a_day_without_an_hour_closes_at_its_end():
    dates = read_call(unseen_call(cycle={"closes_at": "2026-03-27", "opens_at": None})).dates

    assert dates.closes_at == datetime(2026, 3, 27, 23, 59, 59, tzinfo=EASTERN)
    assert dates.opens_at is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "The file is not JSON: Expecting property name"),
        (b"\xff\xfe{}", "The file is not UTF-8: byte 0"),
        (b'{"a": NaN}', "The file is not JSON that can be read: NaN is no JSON number"),
        (b'{"a": 1e999}', "A number in the file is beyond all limits."),
        (b'{"a": 1, "a": 2}', 'The key "a" stands twice in one object.'),
        (b'{"a": "\\u0000"}', "A text in the file has a character that can't be stored"),
        (b'{"a": "\\ud800"}', "A text in the file has a character that can't be stored"),
        (b"[" * 100_000, "The file is not JSON"),
        (b"[" * 70 + b"]" * 70, "The file is nested too deeply."),
        (b" " * 1_000_001, "The file has 1,000,001 bytes"),
        (b"9" * 5000, "The file is not JSON that can be read"),
        (b"", "The file is not JSON"),
    ],
)
def test_a_file_that_is_no_json_says_why(tmp_path, content, said):
    ((place, sentence),) = errors_of(written(tmp_path, content))

    assert place == ""
    assert sentence.startswith(said)


def test_a_file_that_is_not_there_says_so(tmp_path):
    assert errors_of(tmp_path / "none.json") == [("", "The file can't be read: No such file or directory.")]


def test_a_json_that_is_no_call_says_so(tmp_path):
    assert errors_of(written(tmp_path, "[]")) == [("", "This must be an object, not [].")]


def test_every_breach_of_the_schema_is_named_with_its_place():
    data = unseen_call(city={"country": "usa", "mayor": "X"}, cycle={"pool": 24000, "stages": ["idea"]})
    del data["award"]
    del data["cycle"]["year"]
    data["sections"][1]["questions"][3]["type"] = "riddle"
    data["sections"][1]["questions"][4]["options"] = ["Only"]
    data["sections"][0]["questions"][0]["options"] = ["A", "B"]
    data["sections"][0]["questions"][6]["shown_when"] = {"question": "has_sponsor", "op": "is", "value": 1}
    data["source"][0]["address"] = "no address"

    found = dict(errors_of(data))

    assert found == {
        "": 'The key "award" must be here (null where it is unknown).',
        "/city": 'The format has no key "mayor" here.',
        "/city/country": '"usa" must be a country code of two capital letters.',
        "/cycle": 'The key "year" must be here (null where it is unknown).',
        "/cycle/pool": "This must be a text or null, not 24000.",
        "/cycle/stages": '["idea"] is none of ["full"], ["idea", "full"].',
        "/sections/0/questions/0/options": "This list must be empty for a question of this type.",
        "/sections/0/questions/6/shown_when/op": '"is" is none of "eq", "in", "gte", "lte".',
        "/sections/1/questions/3/type": found["/sections/1/questions/3/type"],
        "/sections/1/questions/3/options": "This list must be empty for a question of this type.",
        "/sections/1/questions/4/options": "The list needs at least 2; it has 1.",
        "/source/0/address": '"no address" is no uri.',
    }
    assert found["/sections/1/questions/3/type"].startswith('"riddle" is none of "short_text"')


QUESTION = question_json("q", "yes_no")
TWO = {"stages": ["idea", "full"]}


@pytest.mark.parametrize(
    ("data", "place", "said"),
    [
        (unseen_call(city={"timezone": "America/Gotham"}), "/city/timezone", "no time zone"),
        (unseen_call(city={"timezone": "../../etc/passwd"}), "/city/timezone", "no time zone"),
        (unseen_call(city={"currency": "XYZ"}), "/city/currency", "no currency"),
        (unseen_call(city={"slug": "a--b"}), "/city/slug", "A web name"),
        (unseen_call(city={"slug": "center"}), "/city/slug", "address of a page"),
        (unseen_call(city={"languages": ["english"]}), "/city/languages/0", "no language code"),
        (unseen_call(city={"population": -1}), "/city/population", "must lie between"),
        (unseen_call(city={"name": " "}), "/city/name", "can't be empty"),
        (unseen_call(cycle={"name": "x" * 151}), "/cycle/name", "150 fit"),
        (unseen_call(cycle={"year": 1}), "/cycle/year", "must lie between"),
        (unseen_call(cycle={"opens_at": "2026-02-30"}), "/cycle/opens_at", "No calendar"),
        (unseen_call(cycle={"opens_at": "2026-02-03T25:00:00-05:00"}), "/cycle/opens_at", "No calendar"),
        (
            unseen_call(cycle={"workshop": {"required": None, "dates": ["2026-13-01"]}}),
            "/cycle/workshop/dates/0",
            "No calendar",
        ),
        (unseen_call(cycle={"closes_at": "9999-12-31"}), "/cycle/closes_at", "years 2000 to 2100"),
        (unseen_call(cycle={"decision_by": "0001-01-01"}), "/cycle/decision_by", "years 2000 to 2100"),
        (
            unseen_call(cycle={"workshop": {"required": None, "dates": ["0001-01-01T00:00:00+14:00"]}}),
            "/cycle/workshop/dates/0",
            "years 2000 to 2100",
        ),
        (unseen_call(cycle={"opens_at": "2026-03-28"}), "/cycle/closes_at", "closes before it opens"),
        (
            unseen_call(cycle={"opens_at": "2026-03-27T17:00:00-04:00"}),
            "/cycle/closes_at",
            "closes before it opens",
        ),
        (unseen_call(cycle={"project_ends": "2026-04-30"}), "/cycle/project_ends", "before they start"),
        (unseen_call(cycle={"max_request": "249.99"}), "/cycle/max_request", "below the lowest"),
        (unseen_call(cycle={"pool": "1" + "0" * 12}), "/cycle/pool", "too large"),
        (with_questions(QUESTION, QUESTION), "/sections/0/questions/1/key", "used by another question"),
        (
            unseen_call(sections=[section(QUESTION), section(question_json("r", "yes_no"))]),
            "/sections/1/key",
            "used twice",
        ),
        (
            with_questions(question_json("q", "single_choice", options=["A", "A"])),
            "/sections/0/questions/0/options/1",
            "twice",
        ),
        (
            with_questions(question_json("q", "number", min=5, max=4)),
            "/sections/0/questions/0/max",
            "below the lowest",
        ),
        (
            with_questions(question_json("q", "money", min="5.00", max="4.99")),
            "/sections/0/questions/0/max",
            "below the lowest",
        ),
        (
            with_questions(question_json("q", "date", min="2026-05-02", max="2026-05-01")),
            "/sections/0/questions/0/max",
            "before the first",
        ),
        (
            with_questions(question_json("q", "date", min="2026-02-30")),
            "/sections/0/questions/0/min",
            "No calendar",
        ),
        (
            with_questions(question_json("q", "multi_choice", options=["A", "B"], min=3)),
            "/sections/0/questions/0/min",
            "More choices",
        ),
        (
            with_questions(
                question_json(
                    "q",
                    "people",
                    columns=[{"key": "a", "label": "A", "type": "email"}],
                    min_rows=3,
                    max_rows=2,
                )
            ),
            "/sections/0/questions/0/max_rows",
            "fewer than the least",
        ),
        (
            with_questions(
                question_json(
                    "q", "people", columns=[{"key": "a", "label": "A", "type": "email"}], min_rows=201
                )
            ),
            "/sections/0/questions/0/min_rows",
            "200 rows at most",
        ),
        (
            with_questions(question_json("q", "long_text", max_words=0)),
            "/sections/0/questions/0/max_words",
            "above zero",
        ),
        (
            with_questions(question_json("q", "yes_no", shown_when=when("x", "eq", True))),
            "/sections/0/questions/0/shown_when/question",
            "no question",
        ),
        (
            with_questions(
                question_json("q", "yes_no", shown_when=when("r", "eq", True)), question_json("r", "yes_no")
            ),
            "/sections/0/questions/0/shown_when/question",
            "a later question",
        ),
        (
            with_questions(question_json("q", "yes_no", shown_when=when("q", "eq", True))),
            "/sections/0/questions/0/shown_when/question",
            "a later question",
        ),
        (
            with_questions(QUESTION, question_json("r", "yes_no", shown_when=when("q", "eq", "yes"))),
            "/sections/0/questions/1/shown_when/value",
            "true or false",
        ),
        (
            with_questions(QUESTION, question_json("r", "yes_no", shown_when=when("q", "gte", 1))),
            "/sections/0/questions/1/shown_when/op",
            "can't be compared",
        ),
        (
            with_questions(QUESTION, question_json("r", "yes_no", shown_when=when("q", "in", True))),
            "/sections/0/questions/1/shown_when/value",
            "must be a list",
        ),
        (
            with_questions(
                question_json("q", "single_choice", options=["A", "B"]),
                question_json("r", "yes_no", shown_when=when("q", "in", ["A", "C"])),
            ),
            "/sections/0/questions/1/shown_when/value/1",
            "none of the options",
        ),
        (
            with_questions(
                question_json("q", "number"),
                question_json("r", "yes_no", shown_when=when("q", "gte", "many")),
            ),
            "/sections/0/questions/1/shown_when/value",
            "must be a number",
        ),
        (
            with_questions(
                question_json("q", "date"),
                question_json("r", "yes_no", shown_when=when("q", "gte", "2026-02-30")),
            ),
            "/sections/0/questions/1/shown_when/value",
            "must be a day",
        ),
        (unseen_call(cycle=TWO), "/sections/0/key", 'begins with "idea_" or "full_"'),
        (
            unseen_call(cycle=TWO, sections=[section(QUESTION, key="full_a")]),
            "/sections",
            "first stage (idea) has no section",
        ),
        (unseen_call(budget={"columns": ["requested", "requested"]}), "/budget/columns/1", "twice"),
        (
            unseen_call(
                budget={"categories": [{"key": "a", "label": "A", "max_percent": "101", "max_amount": None}]}
            ),
            "/budget/categories/0/max_percent",
            "above 100",
        ),
        (
            unseen_call(award={"sponsor_fee_max_percent": "100.01"}),
            "/award/sponsor_fee_max_percent",
            "above 100",
        ),
        (
            unseen_call(rubric={"criteria": [{"key": "a", "label": "A", "max_points": 0, "guidance": None}]}),
            "/rubric/criteria/0/max_points",
            "above zero",
        ),
        (
            unseen_call(rubric={"gates": [{"key": "a", "label": "A"}] * 2}),
            "/rubric/gates/1/key",
            "used twice",
        ),
    ],
)
def test_a_contradiction_is_named_with_its_place(data, place, said):
    found = dict(errors_of(data))

    assert place in found
    assert said in found[place]


@pytest.mark.parametrize(
    ("kind", "test", "place", "said"),
    [
        ("yes_no", {"op": "eq", "value": "yes"}, "/eligibility/0/must/test/value", "true or false"),
        ("number", {"op": "gte", "value": "many"}, "/eligibility/0/must/test/value", "must be a number"),
        (
            "choice",
            {"op": "in", "value": ["A", "Z"]},
            "/eligibility/0/must/test/value/1",
            "none of the options",
        ),
        ("choice", {"op": "in", "value": "A"}, "/eligibility/0/must/test/value", "must be a list"),
        ("choice", {"op": "eq", "value": ["A"]}, "/eligibility/0/must/test/value", "one value"),
    ],
)
def test_a_self_check_that_cannot_be_made_is_named(kind, test, place, said):
    options = ["A", "B"] if kind == "choice" else []
    item = {
        "key": "a",
        "label": "A",
        "type": kind,
        "options": options,
        "must": {"words": "w", "test": test},
        "stops": True,
    }

    found = dict(errors_of(unseen_call(eligibility=[item])))

    assert said in found[place]


def test_whole_numbers_written_with_a_point_are_whole(tmp_path):
    data = unseen_call()
    text = json.dumps(data).replace('"min_rows": 2', '"min_rows": 2.0')

    call = read_call(written(tmp_path, text))

    assert [type(q.min_rows) for q in call.definition.questions if q.min_rows] == [int, int]


def test_the_stored_rule_is_the_formats_own():
    from grants.cycles.calls.schema import RULE
    from tests.grants.cycles.samples import CALLS

    if not CALLS.exists():
        pytest.skip("../shared/data/calls is not here")
    assert json.loads(RULE.read_text()) == json.loads((CALLS / "schema.json").read_text())
