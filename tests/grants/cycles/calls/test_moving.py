"""Shifting and filling: dates that keep their weekday and hour, inventions that are told."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grants.cycles.calls import fill, read_call, shift
from tests.grants.cycles.samples import question_json, unseen_call
from tests.proving import EXAMPLES, count

EASTERN = ZoneInfo("America/New_York")
TODAY = date(2026, 11, 22)


def moved(today=TODAY, **changes):
    return shift(read_call(unseen_call(**changes)), today)


def test_all_dates_move_by_the_same_whole_weeks():
    when = {"question": "d", "op": "in", "value": ["2026-05-01", "2026-05-08"]}
    asked = [
        question_json("d", "date", min="2026-05-01", max="2026-11-30T17:00:00-05:00"),
        question_json("e", "yes_no", shown_when=when),
        question_json("f", "yes_no", shown_when={"question": "d", "op": "gte", "value": "2026-06-05"}),
    ]
    before = read_call(unseen_call(sections=[{"key": "s", "title": "S", "questions": asked}]))

    after = shift(before, TODAY)

    assert after.weeks == 36
    step = timedelta(weeks=36)
    assert after.call.data["cycle"] == before.data["cycle"] | {
        "opens_at": "2026-10-24",
        "closes_at": "2026-12-04T17:00:00-05:00",
        "decision_by": "2027-01-01",
        "project_starts": "2027-01-08",
        "project_ends": "2027-08-09",
        "workshop": {"required": False, "dates": ["2026-11-05T18:00:00-05:00"]},
    }
    assert after.call.dates.opens_at.date() - before.dates.opens_at.date() == step
    first, second, third = after.call.definition.questions
    assert (first.min, first.max) == ("2027-01-08", "2027-08-09T17:00:00-04:00")
    assert second.shown_when.value == ["2027-01-08", "2027-01-15"]
    assert third.shown_when.value == "2027-02-12"
    assert before.data["cycle"]["opens_at"] == "2026-02-14"


@pytest.mark.property
@settings(max_examples=count(200, EXAMPLES), deadline=None)
@given(
    st.dates(date(2000, 1, 1), date(2060, 1, 1)),
    st.dates(date(2024, 1, 1), date(2040, 1, 1)),
    st.times(),
    st.sampled_from(["America/New_York", "America/Phoenix", "America/Los_Angeles", "Europe/Berlin"]),
)
def test_the_close_lies_7_to_13_days_ahead_on_its_weekday_at_its_hour(close, today, hour, zone):
    local = (
        datetime.combine(close, hour.replace(microsecond=0), tzinfo=ZoneInfo(zone))
        .astimezone(ZoneInfo("UTC"))
        .astimezone(ZoneInfo(zone))
    )
    call = read_call(
        unseen_call(city={"timezone": zone}, cycle={"opens_at": None, "closes_at": local.isoformat()})
    )

    after = shift(call, today)

    new = after.call.dates.closes_at
    assert 7 <= (new.date() - today).days <= 13
    assert new.weekday() == local.weekday()
    assert new.isoformat() == after.call.data["cycle"]["closes_at"]
    if not any("skip this hour" in note for note in after.notes):
        assert new.time() == local.time()


def test_the_offset_follows_the_season():
    winter = moved(cycle={"closes_at": "2026-07-10T17:00:00-04:00"})
    summer = moved(today=date(2026, 7, 1), cycle={"opens_at": None, "closes_at": "2026-01-09T17:00:00-05:00"})

    assert winter.call.data["cycle"]["closes_at"].endswith("T17:00:00-05:00")
    assert summer.call.data["cycle"]["closes_at"].endswith("T17:00:00-04:00")


def test_an_hour_that_the_clocks_skip_is_told():
    after = moved(today=date(2026, 2, 28), cycle={"opens_at": None, "closes_at": "2025-03-02T02:30:00-05:00"})

    assert after.call.data["cycle"]["closes_at"] == "2026-03-08T03:30:00-04:00"
    assert any(note.startswith("/cycle/closes_at: the clocks skip this hour") for note in after.notes)


def test_an_opening_that_comes_to_lie_ahead_is_told():
    after = moved(cycle={"opens_at": "2026-03-25"})

    assert after.call.data["cycle"]["opens_at"] == "2026-12-02"
    assert "After moving, the call opens in the future: 2026-12-02." in after.notes
    assert not any("future" in note for note in moved().notes)


def test_a_call_already_in_place_does_not_move():
    assert moved(today=date(2026, 3, 20)).weeks == 0
    assert moved(today=date(2026, 3, 14)).weeks == 0
    assert moved(today=date(2026, 3, 21)).weeks == 1
    assert moved(today=date(2026, 3, 13)).weeks == -1


@pytest.mark.parametrize(
    ("known", "key", "least", "most"),
    [
        ({"opens_at": "2018-02-27"}, "opens_at", -6, 0),
        ({"project_starts": "2018-05-01", "project_ends": "2018-12-31"}, "project_starts", 49, 55),
        ({"decision_by": "2018-05-01"}, "decision_by", 35, 41),
        ({"project_ends": "2018-12-31"}, "project_ends", 140, 146),
    ],
)
def test_without_a_close_another_known_date_is_the_anchor(known, key, least, most):
    nothing = dict.fromkeys(("opens_at", "closes_at", "decision_by", "project_starts", "project_ends"))

    after = moved(cycle={**nothing, **known})

    assert least <= (date.fromisoformat(after.call.data["cycle"][key]) - TODAY).days <= most
    assert after.call.data["cycle"]["closes_at"] is None
    assert after.notes[0].startswith("The close is unknown")


def test_a_call_without_dates_stays_as_it_is():
    nothing = dict.fromkeys(("opens_at", "closes_at", "decision_by", "project_starts", "project_ends"))

    after = moved(cycle=nothing)

    assert after.weeks == 0
    assert after.notes[0] == "No date of the cycle is known, so no date was moved."


def test_words_that_mention_dates_are_told_since_they_cannot_be_moved():
    after = moved(award={"conditions": ["Event held between April 13 and June 23, 2026", "Be kind"]})

    told = [note for note in after.notes if note.startswith("/award/conditions")]
    assert told == [
        "/award/conditions/0: these words mention a date, which was not moved: “Event held between April 13 and June 23, 2026”"
    ]


def test_what_is_known_is_not_filled():
    call = read_call(unseen_call())

    filled = fill(call, TODAY)

    assert filled.invented == ()
    assert filled.call.data == call.data


@pytest.mark.parametrize(
    ("cycle", "invented"),
    [
        (
            {"opens_at": None, "closes_at": None},
            {"cycle.closes_at": "2026-12-02T23:59:59-05:00", "cycle.opens_at": "2026-11-04T00:00:00-05:00"},
        ),
        ({"closes_at": None, "opens_at": "2026-11-20"}, {"cycle.closes_at": "2026-12-18T23:59:59-05:00"}),
        ({"closes_at": None}, {"cycle.closes_at": "2026-12-02T23:59:59-05:00"}),
        ({"opens_at": None, "closes_at": "2027-03-26"}, {"cycle.opens_at": "2026-11-22T00:00:00-05:00"}),
        (
            {"opens_at": None, "closes_at": "2026-12-04T17:00:00-05:00"},
            {"cycle.opens_at": "2026-11-06T00:00:00-05:00"},
        ),
        ({"pool": None}, {"cycle.pool": "30000.00"}),
        ({"pool": None, "expected_awards": None}, {"cycle.pool": "50000.00"}),
        ({"pool": None, "max_request": None}, {"cycle.pool": "20000.00"}),
    ],
)
def test_opening_close_and_pool_are_invented_and_told(cycle, invented):
    filled = fill(read_call(unseen_call(cycle=cycle)), TODAY)

    assert {one.path: one.value for one in filled.invented} == invented
    assert all(one.reason.endswith(".") for one in filled.invented)
    for path, value in invented.items():
        assert filled.call.data["cycle"][path.removeprefix("cycle.")] == value
    assert read_call(filled.call.data).data == filled.call.data


def test_a_moved_and_filled_call_is_open():
    filled = fill(moved(cycle={"opens_at": None}).call, TODAY).call

    now = datetime(2026, 11, 22, 12, tzinfo=EASTERN)
    assert filled.dates.opens_at <= now <= filled.dates.closes_at
