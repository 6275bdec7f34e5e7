"""Whatever is sent: no exception, nothing lost that can be kept, and one meaning."""

import contextlib
import json

import pytest
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from grants.cycles.questions import (
    BoundQuestion,
    Budget,
    FormDefinition,
    Kind,
    answer_text,
    check,
    clean,
    evaluate_answers,
    items_from_json,
    missing,
    parse,
    progress,
    submission_problems,
    summary,
    visible_answers,
    visible_keys,
)
from grants.cycles.questions import complete_form as completed
from grants.cycles.questions.display import show_answer
from grants.cycles.questions.money import AmountError, decimal_text, read_amount
from tests.grants.cycles.samples import drawn, sample_answers, unseen_call
from tests.proving import EXAMPLES, count

pytestmark = pytest.mark.property

CALL = unseen_call()
RULES = Budget.from_json(CALL["budget"])
FORM = completed(FormDefinition.from_json(CALL["sections"]), RULES, CALL["attachments"])
BY_KIND = {question.type: question for question in FORM.definition.questions}
SAMPLES = sample_answers(FORM.definition, RULES)

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40)
odd_texts = st.sampled_from(
    [
        "2026-02-30",
        "1,2,3",
        "$",
        "yes",
        "12/31/2026",
        "-0",
        "1e5",
        "\0",
        "\ud800",
        "e\x01\u0301",
        "١٢",
        "a" * 20_001,
    ]
)
words = st.sampled_from(
    [
        "typed",
        "cents",
        "start",
        "end",
        "street",
        "lat",
        "lng",
        "name",
        "agreed",
        "signed_on",
        "_id",
        "c_money",
        "c_file",
    ]
)
json_values = st.recursive(
    scalars | odd_texts,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(words | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)
questions = st.sampled_from(FORM.definition.questions)
mixed_answers = st.fixed_dictionaries(
    {},
    optional={
        question.key: st.just(SAMPLES.get(question.key)) | json_values
        for question in FORM.definition.questions
    },
)
slow = settings(
    max_examples=count(150, EXAMPLES), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def canonical(answers):
    """What would be stored of some input."""
    found = {key: clean(FORM.definition.question(key), raw) for key, raw in answers.items()}
    return {key: cleaned.value for key, cleaned in found.items() if cleaned.storable}


@slow
@given(questions, json_values)
def test_any_json_is_cleaned_or_refused_never_raised(asked, raw):
    cleaned = clean(asked, raw)

    json.dumps(cleaned.value).encode()
    assert cleaned.storable or cleaned.problems
    assert all(problem.sentence for problem in cleaned.problems)


@slow
@given(questions, json_values)
def test_a_canonical_value_is_its_own_cleaning(asked, raw):
    cleaned = clean(asked, raw)

    if cleaned.storable:
        again = clean(asked, cleaned.value)
        assert (again.value, again.storable) == (cleaned.value, True)
        assert json.loads(json.dumps(cleaned.value)) == cleaned.value


@slow
@given(questions, st.text(max_size=60))
def test_a_typed_line_is_never_lost(asked, line):
    """What can be stored at all is shown again: as itself, or as the value it was read as."""
    if asked.type in {Kind.TABLE, Kind.PEOPLE, Kind.FILE, Kind.DATE_RANGE}:
        return
    cleaned = clean(asked, line)

    if cleaned.storable and any(c.isalnum() for c in line):
        assert answer_text(asked, cleaned.value) or cleaned.value is False or asked.type == Kind.SIGNATURE


@slow
@given(mixed_answers)
def test_only_visible_questions_are_missing_and_hidden_ones_never(answers):
    stored = canonical(answers)
    keys = visible_keys(FORM.definition, stored)
    gaps = missing(FORM.definition, stored)

    assert {gap.question.key for gap in gaps} <= keys
    assert all(
        gap.problems == submission_problems(gap.question, stored.get(gap.question.key)) for gap in gaps
    )
    assert sum(part.missing for part in progress(FORM.definition, stored)) == len(gaps)
    assert set(visible_answers(FORM.definition, stored)) == keys & set(stored)
    for asked in FORM.definition.questions:
        if asked.shown_when and asked.shown_when.question not in keys:
            assert asked.key not in keys


@slow
@given(mixed_answers)
def test_what_is_stored_can_be_drawn_read_summed_up_and_judged(answers):
    stored = canonical(answers)

    for asked in FORM.definition.questions:
        value = stored.get(asked.key)
        assert drawn(BoundQuestion(asked, value, clean(asked, value).problems))
        assert show_answer(asked, value).label
    evaluate_answers(FORM, RULES, stored)
    summary(FORM.definition, FORM.summary, stored, budget=RULES, budget_key=FORM.budget_key)


@slow
@given(questions, json_values)
@example(FORM.definition.question("goals"), {"typed": None})
def test_a_refused_input_can_be_drawn_again(asked, raw):
    cleaned = clean(asked, raw)

    if not cleaned.storable:
        assert drawn(BoundQuestion(asked, cleaned.value, cleaned.problems)).encode()


@slow
@given(
    questions,
    st.dictionaries(
        st.sampled_from(["", ".start", ".street", ".lat", "._rows", ".r1.name", ".r1.c_money", ".r1.c_file"]),
        st.lists(st.text(max_size=20), max_size=3),
        max_size=6,
    ),
)
def test_any_posted_page_is_parsed_and_cleaned(asked, fields):
    data = QueryDict(mutable=True)
    data.update(MultiValueDict({f"q.{asked.key}{part}": values for part, values in fields.items()}))

    clean(asked, parse(asked, data))


@given(st.integers(min_value=0, max_value=10**11))
def test_an_amount_reads_as_it_is_written(cents):
    assert read_amount(decimal_text(cents)) == cents
    assert read_amount(f"${cents // 100:,}.{cents % 100:02d}") == cents


@given(st.text(max_size=20))
def test_any_text_is_an_amount_or_refused(text):
    with contextlib.suppress(AmountError):
        assert read_amount(text) >= 0


ITEMS = items_from_json(
    [
        {
            "key": kind,
            "label": kind,
            "type": kind,
            "options": ["A"],
            "must": {"words": "w", "test": test},
            "stops": True,
        }
        for kind, test in [
            ("yes_no", {"op": "eq", "value": True}),
            ("number", {"op": "gte", "value": 5}),
            ("choice", {"op": "in", "value": ["A"]}),
            ("address_in_area", None),
        ]
    ]
)


@slow
@given(st.dictionaries(st.sampled_from([item.key for item in ITEMS]), json_values))
def test_any_self_check_ends_in_states(answers):
    result = check(ITEMS, answers)

    assert len(result.outcomes) == len(ITEMS)
    assert result.stopped == any(outcome.state == "stop" for outcome in result.outcomes)
