import pytest
from django.http import QueryDict
from django.utils.translation import override

from grants.cycles.questions import check, items_from_json, parse_check
from grants.cycles.questions.eligibility import NEITHER, UNSURE


def item(kind, test=None, *, stops=True, options=()):
    must = {"words": "The rule.", "test": test and {"op": test[0], "value": test[1]}}
    return items_from_json(
        [{"key": "it", "label": "It?", "type": kind, "options": list(options), "must": must, "stops": stops}]
    )


@pytest.mark.parametrize(
    ("items", "answer", "state"),
    [
        (item("yes_no", ("eq", True)), "yes", "ok"),
        (item("yes_no", ("eq", True)), True, "ok"),
        (item("yes_no", ("eq", True)), "no", "stop"),
        (item("yes_no", ("eq", True), stops=False), "no", "warn"),
        (item("yes_no", ("eq", False)), "no", "ok"),
        (item("yes_no"), "no", "unknown"),
        (item("yes_no", ("eq", True)), "perhaps", "unanswered"),
        (item("yes_no", ("eq", True)), None, "unanswered"),
        (item("number", ("gte", 20)), "20", "ok"),
        (item("number", ("gte", 20)), "1,000", "ok"),
        (item("number", ("gte", 20)), 19, "stop"),
        (item("number", ("lte", 20)), "20.5", "stop"),
        (item("number", ("gte", 20)), "many", "unanswered"),
        (item("number"), "5", "unknown"),
        (item("choice", ("in", ["A", "B"]), options=["A", "B", "C"]), "B", "ok"),
        (item("choice", ("in", ["A", "B"]), options=["A", "B", "C"]), "C", "stop"),
        (item("choice", ("in", ["A", "B"]), options=["A", "B", "C"]), ["C", "A"], "ok"),
        (item("choice", options=["A", "B"]), "A", "unknown"),
        (item("address_in_area", options=["Rose Park"]), "Rose Park", "ok"),
        (item("address_in_area", options=["Rose Park"]), NEITHER, "stop"),
        (item("address_in_area", options=["Rose Park"], stops=False), NEITHER, "warn"),
        (item("address_in_area"), "yes", "ok"),
        (item("address_in_area"), "no", "stop"),
        (item("address_in_area"), UNSURE, "unknown"),
        (item("address_in_area"), "12 Tilden Street", "unknown"),
        (item("yes_no", ("eq", True)), {"odd": [1]}, "unanswered"),
        (item("number", ("gte", 20)), "nan", "unanswered"),
        (item("number", ("gte", 20)), "1e999", "ok"),
        (item("number", ("gte", 20)), "1e999999999", "unanswered"),
        (item("number", ("lte", 20)), "1e-999999999", "unanswered"),
    ],
)
def test_an_answer_stands_to_its_rule(items, answer, state):
    result = check(items, {"it": answer})

    assert result.outcomes[0].state == state
    assert result.stopped is (state == "stop")
    assert result.complete is (state != "unanswered")
    assert bool(result.for_staff) is (state in {"warn", "unknown"})
    assert result.outcomes[0].sentence


def test_a_call_without_a_self_check_stops_nobody():
    result = check((), {})

    assert (result.stopped, result.complete) == (False, True)


@pytest.mark.parametrize(
    ("items", "offered"),
    [
        (item("yes_no"), ["yes", "no"]),
        (item("choice", options=["A", "B"]), ["A", "B"]),
        (item("number"), []),
        (item("address_in_area"), ["yes", "no", UNSURE]),
        (item("address_in_area", options=["Rose Park"]), ["Rose Park", NEITHER, UNSURE]),
    ],
)
def test_the_page_offers_what_the_check_understands(items, offered):
    assert [choice.value for choice in items[0].choices()] == offered


def test_posted_answers_are_read_by_item():
    assert parse_check(item("number"), QueryDict("e.it=20&e.other=1")) == {"it": "20"}
    assert parse_check(item("number"), QueryDict("e.it=")) == {}


def wards(words):
    """A question with two named areas, and what Spanish has for them."""
    must = {"words": "The rule.", "test": None}
    asked = {"key": "it", "label": "It?", "type": "address_in_area", "options": ["North", "South"], "must": must, "stops": True}  # fmt: skip
    return items_from_json([{**asked, "translations": {"es": {"options": words}}}])[0]


def test_options_are_read_in_the_readers_language_and_stored_as_they_are():
    with override("es"):
        choices = wards(["Norte", ""]).choices()

    assert [(one.value, one.label) for one in choices[:2]] == [("North", "Norte"), ("South", "South")]
    assert [one.label for one in wards(["Norte", "Sur"]).choices()[:2]] == ["North", "South"]


@pytest.mark.parametrize("words", [["Norte"], ["Norte", "Centro", "Sur"], "NS", 2, None])
def test_words_that_are_not_one_per_option_are_not_matched(words):
    with override("es"):
        choices = wards(words).choices()

    assert [one.label for one in choices[:2]] == ["North", "South"]
