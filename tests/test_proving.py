"""The counts of ``make prove`` come from one place, and its table tells what was reached."""

import importlib.util
from types import SimpleNamespace

import pytest

from config.embedded.places import ROOT
from tests import proving


@pytest.fixture(scope="module")
def prove():
    spec = importlib.util.spec_from_file_location("prove", ROOT / "scripts" / "prove.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def row(**changes):
    name = "tests/grants/awards/test_races.py::test_two_managers"
    row = {"name": name, "rounds": 500, "failed": 0, "skipped": 0, "faults": 0, "seconds": 12.3, "note": ""}
    return row | changes


@pytest.mark.parametrize(("share", "rounds"), [(0, 2), (1, 500), (0.1, 50), (0.0001, 2)])
def test_a_count_is_small_in_the_suite_and_a_share_of_the_full_one_under_prove(monkeypatch, share, rounds):
    monkeypatch.setattr(proving, "SHARE", share)

    assert proving.count(2, 500) == rounds


@pytest.mark.parametrize(("share", "rounds"), [(0, []), (1, list(range(500)))])
def test_a_race_is_run_so_many_rounds(monkeypatch, share, rounds):
    monkeypatch.setattr(proving, "SHARE", share)
    parametrized = []
    metafunc = SimpleNamespace(
        definition=SimpleNamespace(
            get_closest_marker=lambda name: pytest.mark.race.mark if name == "race" else None
        ),
        fixturenames=[],
        parametrize=lambda name, values: parametrized.extend(values),
    )

    proving.pytest_generate_tests(metafunc)

    assert parametrized == rounds


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "held"),
        ({"failed": 1}, "FAILED"),
        ({"failed": 3, "rounds": 497}, "FAILED 3×"),
        ({"rounds": 300, "skipped": 200}, "held, time over before 200 more"),
        ({"rounds": 0, "skipped": 1}, "skipped"),
        ({"note": "9 twice"}, "held; 9 twice"),
    ],
)
def test_the_table_says_what_held_and_what_was_not_reached(prove, changes, told):
    assert prove.result(row(**changes)) == told


def test_the_table_has_a_line_per_test_with_its_room_and_name(prove):
    heading, _line, only = prove.table([row(faults=7)]).splitlines()

    assert heading.split() == ["name", "rounds", "faults", "result", "seconds"]
    assert only == "grants/awards: races: two managers     500       7  held         12"
