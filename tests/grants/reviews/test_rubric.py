from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.reviews.rubric import (
    Criterion,
    Limits,
    Rubric,
    Sheet,
    passes_gates,
    plain,
    points_of,
    problems_of,
    total_of,
)

from .factories import FULL, RUBRIC

LIMITS = Limits(asked_cents=150_000, floor_cents=10_000, cap_cents=200_000, currency="USD")


@pytest.fixture
def rubric() -> Rubric:
    return Rubric.from_json(RUBRIC)


@pytest.fixture
def full() -> Sheet:
    return Sheet(**FULL)


def places(rubric, sheet, limits=LIMITS) -> list[str]:
    return [problem.place for problem in problems_of(rubric, sheet, limits)]


def test_a_full_sheet_has_no_problems_and_adds_up_with_its_bonus(rubric, full):
    assert problems_of(rubric, full, LIMITS) == []
    assert total_of(rubric, full) == Decimal("47.50")
    assert (rubric.most, rubric.most_with_bonus) == (Decimal("50.5"), Decimal("55.5"))


def test_a_bonus_is_all_or_nothing(rubric, full):
    assert total_of(rubric, replace(full, bonus={"area": False})) == Decimal("42.50")
    assert total_of(rubric, replace(full, bonus={"area": True, "lots": True})) == Decimal("47.50")


def test_the_worked_example_of_indianapolis():
    """Six statements of 1 to 5 and a bonus of 0 or 5 make 35 at most."""
    statements = tuple(Criterion(f"s{n}", f"Statement {n}", Decimal(5)) for n in range(6))
    rubric = Rubric(criteria=statements, bonus=(Criterion("b", "Bonus", Decimal(5)),))

    best = Sheet(scores={f"s{n}": "5" for n in range(6)}, bonus={"b": True})

    assert (rubric.most_with_bonus, total_of(rubric, best)) == (Decimal(35), Decimal("35.00"))


@pytest.mark.parametrize(
    ("mean", "minimum", "enough"),
    [("65", 65, True), ("64.99", 65, False), (None, 65, False), (None, None, True), ("0", None, True)],
)
def test_the_minimum_is_compared_with_the_mean(mean, minimum, enough):
    rubric = Rubric(minimum=None if minimum is None else Decimal(minimum))

    assert rubric.reaches_minimum(None if mean is None else Decimal(mean)) is enough


@pytest.mark.parametrize(
    "typed", ["", "  ", "x", "-1", "30.01", "31", "1.234", "1e1", "NaN", "٣", "1,000.5", "Infinity"]
)
def test_points_that_are_missing_or_out_of_range_are_a_problem_and_add_nothing(rubric, full, typed):
    sheet = replace(full, scores={"impact": typed, "budget": "10"})

    assert places(rubric, sheet) == ["scores.impact"]
    assert total_of(rubric, sheet) == Decimal("15.00")


@pytest.mark.parametrize("typed", ["0", "30", "30.00", "17,5", " 12 "])
def test_points_at_and_between_the_ends_count(rubric, full, typed):
    assert places(rubric, replace(full, scores={"impact": typed, "budget": "0"})) == []


def test_what_has_no_points_in_the_rubric_needs_none(rubric, full):
    assert total_of(rubric, replace(full, scores={**full.scores, "fit": "9"})) == Decimal("47.50")


def test_gates_are_answered_and_a_no_is_explained(rubric, full):
    assert places(rubric, replace(full, gates={})) == ["gates.workshop"]
    assert places(rubric, replace(full, gates={"workshop": False})) == ["words.workshop"]

    explained = replace(full, gates={"workshop": False}, words={"workshop": "Did not come."})

    assert places(rubric, explained) == []
    assert not passes_gates(rubric, explained)
    assert passes_gates(rubric, full)


@pytest.mark.parametrize(
    ("cents", "fine"),
    [(None, True), (10_000, True), (150_000, True), (150_001, False), (9_999, False), (0, False)],
)
def test_a_recommendation_lies_within_the_call_and_what_was_asked(rubric, full, cents, fine):
    assert places(rubric, replace(full, recommended_cents=cents)) == ([] if fine else ["recommended"])


def test_the_cap_holds_where_nothing_or_more_was_asked(rubric, full):
    for asked in (None, 900_000):
        limits = replace(LIMITS, asked_cents=asked)
        assert places(rubric, replace(full, recommended_cents=200_000), limits) == []
        assert places(rubric, replace(full, recommended_cents=200_001), limits) == ["recommended"]


def test_numbers_are_shown_without_idle_zeros():
    assert [plain(Decimal(text)) for text in ("30", "20.50", "20.00", "0", "100")] == [
        "30",
        "20.5",
        "20",
        "0",
        "100",
    ]


@pytest.mark.property
@given(st.decimals(min_value=0, max_value=99_999, places=2))
def test_typed_points_are_read_exactly(number):
    assert points_of(str(number)) == number


@pytest.mark.property
@given(st.lists(st.decimals(min_value=0, max_value=100, places=2), min_size=1, max_size=12))
def test_a_total_is_the_exact_sum_whatever_the_floats_would_say(points):
    rubric = Rubric(criteria=tuple(Criterion(f"c{n}", "", Decimal(100)) for n in range(len(points))))

    assert total_of(rubric, Sheet(scores={f"c{n}": str(one) for n, one in enumerate(points)})) == sum(points)
