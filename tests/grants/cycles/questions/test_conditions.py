import pytest

from grants.cycles.questions import (
    Condition,
    FormDefinition,
    missing,
    progress,
    visible_answers,
    visible_keys,
)
from grants.cycles.questions.conditions import can_hold, holds
from tests.grants.cycles.samples import question, question_json, sample_answers, unseen_sections

OPTIONS = ["Clean", "Green", "Art"]


@pytest.mark.parametrize(
    ("kind", "value", "op", "wanted", "fulfilled"),
    [
        ("yes_no", True, "eq", True, True),
        ("yes_no", False, "eq", False, True),
        ("yes_no", False, "eq", True, False),
        ("yes_no", None, "eq", False, False),
        ("yes_no", True, "eq", 1, False),
        ("yes_no", {"typed": "perhaps"}, "eq", True, False),
        ("single_choice", "Green", "eq", "Green", True),
        ("single_choice", "Green", "in", ["Art", "Green"], True),
        ("single_choice", "Green", "in", ["Art"], False),
        ("multi_choice", ["Clean", "Art"], "eq", "Art", True),
        ("multi_choice", ["Clean", "Art"], "eq", ["Art", "Clean"], True),
        ("multi_choice", ["Clean"], "in", ["Art", "Clean"], True),
        ("multi_choice", ["Clean", "Art"], "gte", 2, True),
        ("multi_choice", ["Clean", "Art"], "lte", 1, False),
        ("number", 20, "gte", 20, True),
        ("number", 19.5, "gte", 20, False),
        ("number", 0, "lte", 0, True),
        ("number", 20, "eq", 20.0, True),
        ("number", 20, "in", [5, 20], True),
        ("money", {"cents": 200000}, "gte", "2000.00", True),
        ("money", {"cents": 199999}, "gte", "2000.00", False),
        ("money", {"cents": 50}, "eq", "0.50", True),
        ("money", {"typed": "lots"}, "gte", "1", False),
        ("date", "2026-04-27", "lte", "2026-05-01", True),
        ("date", "2026-05-02", "lte", "2026-05-01", False),
        ("date", "2026-05-02", "eq", "2026-05-02", True),
        ("people", [{"_id": "r1"}, {"_id": "r2"}], "gte", 2, True),
        ("short_text", "abc", "gte", 1, False),
        ("short_text", "abc", "eq", "abc", True),
        ("number", 5, "gte", "a lot", False),
        ("number", 5, "eq", None, False),
    ],
)
def test_a_condition_holds_or_not(kind, value, op, wanted, fulfilled):
    asked = question(kind, options=OPTIONS if "choice" in kind else [])

    assert holds(Condition("it", op, wanted), asked, value) is fulfilled


@pytest.mark.parametrize(
    ("kind", "op", "wanted", "possible"),
    [
        ("date", "gte", "2027-04-30", True),
        ("date", "gte", "04/30/2027", False),
        ("date", "eq", "2027-02-30", False),
        ("date", "in", ["2027-04-30", "soon"], False),
        ("number", "lte", 5, True),
        ("number", "eq", "many", False),
        ("number", "gte", [1], False),
        ("money", "gte", "2000.00", True),
        ("money", "gte", "1.234", False),
        ("short_text", "eq", "Garden", True),
        ("short_text", "gte", 1, False),
        ("short_text", "eq", 1, False),
        ("single_choice", "eq", "Green", True),
        ("single_choice", "eq", ["Green"], False),
        ("single_choice", "in", ["Green", "Blue"], False),
        ("single_choice", "in", "Green", False),
        ("single_choice", "in", [], False),
        ("single_choice", "gte", 1, False),
        ("multi_choice", "gte", 2, True),
        ("multi_choice", "eq", ["Art", "Clean"], True),
        ("yes_no", "eq", False, True),
        ("yes_no", "eq", "yes", False),
        ("people", "gte", 2, True),
        ("people", "eq", "Ana", False),
        ("location", "eq", "Main Street", False),
    ],
)
def test_a_condition_can_hold_or_never(kind, op, wanted, possible):
    asked = question(kind, options=OPTIONS if "choice" in kind else [])

    assert can_hold(Condition("it", op, wanted), asked) is possible


def chain(*conditions):
    """A form of yes-or-no questions ``q0``, ``q1``, …, each shown by the condition beside it."""
    questions = [
        question_json(f"q{n}", "yes_no", shown_when=condition) for n, condition in enumerate(conditions)
    ]
    return FormDefinition.from_json([{"key": "s", "title": "S", "questions": questions}])


def yes(key):
    return {"question": key, "op": "eq", "value": True}


def test_a_hidden_question_hides_what_depends_on_it_whatever_was_answered_there():
    form = chain(None, yes("q0"), yes("q1"))

    assert visible_keys(form, {"q0": True, "q1": True}) == {"q0", "q1", "q2"}
    assert visible_keys(form, {"q0": False, "q1": True}) == {"q0"}
    assert visible_answers(form, {"q0": False, "q1": True, "q2": True}) == {"q0": False}


def test_a_condition_on_a_question_of_another_stage_shows_its_question():
    form = chain(yes("elsewhere"))

    assert visible_keys(form, {}) == {"q0"}


def test_a_hidden_question_is_not_required():
    form = chain(None, yes("q0"))

    assert [gap.question.key for gap in missing(form, {})] == ["q0"]
    assert [gap.question.key for gap in missing(form, {"q0": True})] == ["q1"]
    assert missing(form, {"q0": False}) == ()


def test_what_is_missing_names_section_question_and_sentence():
    form = FormDefinition.from_json(unseen_sections())
    answers = sample_answers(form) | {"amount": {"cents": 999_900}, "email": None}

    gaps = missing(form, answers)

    assert [(gap.section.key, gap.question.key, gap.sentence) for gap in gaps] == [
        ("who", "email", "Enter an email address."),
        ("money", "amount", "The most you can enter is $2,500."),
        ("money", "why_so_much", "Write an answer."),
    ]


def test_progress_counts_visible_questions_only():
    form = FormDefinition.from_json(unseen_sections())

    before = progress(form, {"has_sponsor": False, "group_name": "Tilden"})
    after = progress(form, sample_answers(form))

    assert [(s.section.key, s.asked, s.answered, s.state) for s in before] == [
        ("who", 6, 2, "started"),
        ("project", 8, 0, "empty"),
        ("money", 4, 0, "empty"),
    ]
    assert {s.state for s in after} == {"done"}


def test_a_section_with_nothing_to_do_is_optional_until_it_is_answered():
    form = FormDefinition.from_json(
        [{"key": "s", "title": "S", "questions": [question_json("q", "yes_no", required=False)]}]
    )

    assert progress(form, {})[0].state == "optional"
    assert progress(form, {"q": True})[0].state == "done"


def test_a_section_that_shows_nothing_is_not_listed():
    section = {"key": "s", "title": "S", "questions": [question_json("q", "yes_no")]}
    hidden = {"key": "h", "title": "H", "questions": [question_json("r", "yes_no", shown_when=yes("q"))]}
    form = FormDefinition.from_json([section, hidden])

    assert [part.section.key for part in progress(form, {})] == ["s"]
    assert [part.section.key for part in progress(form, {"q": True})] == ["s", "h"]
