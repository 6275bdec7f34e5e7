"""The seven real calls, moved to now and filled: read, asked, answered, judged."""

from datetime import date, datetime, timedelta

import pytest
from django.http import QueryDict

from grants.cycles.calls import Fate, fill, not_held, read_call, shift
from grants.cycles.questions import (
    BoundQuestion,
    Frame,
    clean,
    evaluate_answers,
    missing,
    parse,
    summary,
    visible_keys,
)
from tests.grants.cycles.samples import (
    REAL_CALLS,
    browser_post,
    needs_real_calls,
    sample_answers,
    unseen_call,
)

pytestmark = [pytest.mark.real, needs_real_calls]

TODAY = date(2026, 11, 22)
every_call = pytest.mark.parametrize("path", REAL_CALLS, ids=lambda path: path.stem)


def opened(path):
    call = read_call(path) if path else read_call(unseen_call())
    return fill(shift(call, TODAY).call, TODAY).call


def test_there_are_seven():
    assert len(REAL_CALLS) == 7


@every_call
def test_it_is_read_and_its_form_goes_through_json_unchanged(path):
    call = read_call(path)

    assert call.definition.to_json() == call.data["sections"]
    assert read_call(call.data).data == call.data


@every_call
def test_moved_and_filled_it_is_open_now_and_still_a_valid_call(path):
    call = opened(path)

    now = datetime.combine(TODAY, datetime.min.time(), tzinfo=call.zone) + timedelta(hours=12)
    assert call.dates.opens_at <= now <= call.dates.closes_at
    assert 7 <= (call.dates.closes_at.date() - TODAY).days <= 13
    assert call.cents("pool") > 0
    assert read_call(call.data).data == call.data


@every_call
def test_moving_keeps_weekday_and_hour_of_what_is_known(path):
    before, after = read_call(path), shift(read_call(path), TODAY)

    for key in ("opens_at", "closes_at"):
        old, new = getattr(before.dates, key), getattr(after.call.dates, key)
        assert (old is None) == (new is None)
        if old:
            assert (old.weekday(), old.time()) == (new.weekday(), new.time())
            assert new.date() - old.date() == timedelta(weeks=after.weeks)


@every_call
def test_every_key_is_held_or_told(path):
    entries = not_held(read_call(path))

    assert [entry for entry in entries if entry.fate == Fate.NOT_HELD] == []
    assert entries


@every_call
def test_valid_answers_pass_and_empty_ones_are_all_missing(path):
    call = opened(path)
    form = call.form.definition.applied_with(call.stages)
    answers = sample_answers(form, call.budget)

    assert [(gap.question.key, gap.sentence) for gap in missing(form, answers)] == []
    assert set(answers) == visible_keys(form, answers)
    required = {q.key for q in form.questions if q.required and q.key in visible_keys(form, {})}
    assert {gap.question.key for gap in missing(form, {})} == required


@every_call
def test_the_budget_of_valid_answers_stops_nothing(path):
    call = opened(path)
    answers = sample_answers(call.form.definition, call.budget)

    found = evaluate_answers(
        call.form,
        call.budget,
        answers,
        Frame(floor_cents=call.cents("min_request"), cap_cents=call.cents("max_request")),
    )

    assert found is None or found.stops == ()
    assert (found is None) == (len(call.stages) > 1)


@every_call
def test_its_page_posts_back_what_it_shows(path):
    call = opened(path)
    answers = sample_answers(call.form.definition, call.budget)
    shown = [q for q in call.form.definition.questions if q.key in answers]

    data = QueryDict(mutable=True)
    for name, values in browser_post([BoundQuestion(q, answers[q.key]) for q in shown]).items():
        data.setlist(name, values)

    for asked in shown:
        again = clean(asked, parse(asked, data))
        assert again.problems == ()
        if not any(column.type == "address" for column in asked.columns):
            assert again.value == answers[asked.key]


@every_call
def test_the_api_takes_the_same_answers(path):
    call = opened(path)
    form = call.form.definition
    answers = sample_answers(form, call.budget)

    for key, value in answers.items():
        cleaned = clean(form.question(key), value)
        assert (cleaned.value, cleaned.problems, cleaned.storable) == (value, (), True)


SUMMARIES = {
    "hartford-2024": {"place": "idea_where", "category": "idea_goal"},
    "lansing-2018": {
        "title": "project_title",
        "group": "group",
        "amount": "total",
        "category": "output_area",
    },
    "little-rock-2018": {
        "group": "organization",
        "amount": "amount",
        "place": "site",
        "neighborhood": "ward",
    },
    "nyc-2019": {"group": "group_name", "amount": "amount", "place": "site"},
    "orlando-2023": {
        "title": "project_name",
        "group": "legal_name",
        "amount": "amount",
        "place": "locations",
        "category": "category",
    },
    "salt-lake-city-2025": {
        "amount": "amount",
        "place": "site",
        "neighborhood": "neighborhood",
        "category": "project_kind",
    },
    "sarasota-county-2019": {"group": "group"},
}


@every_call
def test_the_summary_finds_the_right_questions(path):
    call = opened(path)

    assert {part: key for part, key in call.form.summary.to_json().items() if key} == SUMMARIES[path.stem]
    assert summary(call.form.definition, call.form.summary, sample_answers(call.form.definition))


def test_a_call_never_seen_works_as_well():
    call = opened(None)
    answers = sample_answers(call.form.definition, call.budget)

    assert missing(call.form.definition, answers) == ()
    assert evaluate_answers(call.form, call.budget, answers).stops == ()
    assert [entry for entry in not_held(call) if entry.fate == Fate.NOT_HELD] == []
