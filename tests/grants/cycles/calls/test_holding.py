import copy

import pytest

from grants.cycles.calls import CallFile, Fate, not_held, read_call
from grants.cycles.calls.holding import leaves
from tests.grants.cycles.samples import question_json, unseen_call


def told(data):
    return {entry.path: entry for entry in not_held(CallFile(data))}


def fates(data, prefix):
    return {path: entry.fate for path, entry in told(data).items() if path.startswith(prefix)}


def test_a_valid_call_loses_nothing():
    assert [entry for entry in not_held(read_call(unseen_call())) if entry.fate == Fate.NOT_HELD] == []


@pytest.mark.parametrize(
    "path",
    [
        ("newsletter",),
        ("city", "mayor"),
        ("cycle", "rounds"),
        ("cycle", "workshop", "room"),
        ("eligibility", 0, "weight"),
        ("eligibility", 0, "must", "law"),
        ("sections", 0, "intro"),
        ("sections", 0, "questions", 0, "placeholder"),
        ("sections", 0, "questions", 4, "columns", 0, "required"),
        ("budget", "carry_over"),
        ("budget", "categories", 0, "min_amount"),
        ("attachments", 0, "template"),
        ("rubric", "criteria", 0, "weight"),
        ("award", "interest"),
        ("award", "reports", 0, "form"),
    ],
)
def test_a_key_that_has_no_place_is_told(path):
    data = copy.deepcopy(unseen_call())
    holder = data
    for part in path[:-1]:
        holder = holder[part]
    holder[path[-1]] = "something"

    dotted = ".".join(str(part) for part in path)
    assert told(data)[dotted].fate == Fate.NOT_HELD


def test_empty_keys_tell_nothing():
    data = unseen_call(budget={"vendor_quotes_over": None}, award={"conditions": []})

    assert fates(data, "budget.vendor_quotes_over") == {}
    assert fates(data, "award.conditions") == {}


def test_what_is_only_shown_is_told():
    data = unseen_call()

    assert fates(data, "budget.vendor_quotes_over") == {"budget.vendor_quotes_over": Fate.SHOWN}
    assert fates(data, "budget.disallowed") == {"budget.disallowed.0": Fate.SHOWN}
    assert fates(data, "attachments.1") == {"attachments.1": Fate.CHANGED, "attachments.1.when": Fate.SHOWN}
    assert fates(data, "source") == {"source.0.title": Fate.NOTE, "source.0.address": Fate.NOTE}


def test_rules_that_no_program_can_judge_go_to_staff():
    item = {
        "key": "a",
        "label": "A",
        "type": "yes_no",
        "options": [],
        "must": {"words": "w", "test": None},
        "stops": True,
    }

    entry = told(unseen_call(eligibility=[item]))["eligibility.0.must.test"]

    assert entry.fate == Fate.STAFF
    assert "stops nobody" in entry.sentence


def test_the_second_stage_is_for_later():
    sections = [
        {"key": key, "title": key, "questions": [question_json(f"{key}_q", "yes_no")]}
        for key in ("idea_a", "full_a", "full_b")
    ]
    data = unseen_call(cycle={"stages": ["idea", "full"]}, sections=sections)

    assert fates(data, "sections") == {"sections.1": Fate.LATER, "sections.2": Fate.LATER}
    assert fates(data, "attachments.0") == {"attachments.0": Fate.LATER}
    assert fates(data, "budget.match_required")["budget.match_required"] == Fate.LATER


def test_choice_columns_without_options_are_told():
    columns = [
        {"key": "kind", "label": "Kind", "type": "single_choice"},
        {"key": "amount", "label": "Amount", "type": "money"},
    ]
    table = {
        "key": "budget",
        "title": "Budget",
        "questions": [question_json("lines", "table", columns=columns)],
    }
    other = {
        "key": "other",
        "title": "Other",
        "questions": [question_json("list", "table", columns=columns[:1])],
    }

    entries = told(unseen_call(sections=[table, other]))

    assert "2 budget categories" in entries["sections.0.questions.0.columns.0"].sentence
    assert "takes any text" in entries["sections.1.questions.0.columns.0"].sentence


def test_limits_without_meaning_and_beyond_ours_are_told():
    columns = [{"key": "a", "label": "A", "type": "email"}]
    asked = [
        question_json("q", "yes_no", max_words=5),
        question_json("r", "long_text", max_chars=50_000),
        question_json("s", "people", columns=columns, max_rows=500),
    ]

    data = unseen_call(sections=[{"key": "s", "title": "S", "questions": asked}])

    assert fates(data, "sections.0") == {
        "sections.0.questions.0.max_words": Fate.SHOWN,
        "sections.0.questions.1.max_chars": Fate.CHANGED,
        "sections.0.questions.2.max_rows": Fate.CHANGED,
    }


def test_every_value_of_a_file_is_a_leaf():
    assert list(leaves({"a": [1, None, {"b": False}], "c": {}})) == [(("a", 0), 1), (("a", 2, "b"), False)]
