"""The counts of tests that are worth running often: small in ``make test``, full in ``make prove``.

A plugin (``-p tests.proving``). ``LYB_PROVE`` in the environment is the share of the full counts: 1 is all of them,
unset leaves the small ones. A test marked ``race`` is run so many rounds, each on a clean database, but no longer
than ``LYB_PROVE_SECONDS``. What was reached is written to ``LYB_PROVE_REPORT`` for ``scripts/prove.py``, whose table shows it.
"""

import json
import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings

SHARE = float(os.environ.get("LYB_PROVE") or 0)
SECONDS = float(os.environ.get("LYB_PROVE_SECONDS") or 120)

ROUNDS = 500
OPERATIONS = 10_000
EXAMPLES = 2_000
CASES = 20_000


def count(small: int, full: int) -> int:
    """Return ``small`` in the suite, and the asked share of ``full`` under ``make prove``."""
    return max(small, round(full * SHARE)) if SHARE else small


if SHARE:
    settings.register_profile("prove", max_examples=count(100, EXAMPLES), deadline=None, database=None)
    settings.load_profile("prove")


def pytest_generate_tests(metafunc):
    mark = metafunc.definition.get_closest_marker("race")
    rounds = count(mark.kwargs.get("rounds", 1), ROUNDS) if mark else 1
    if rounds > 1:
        metafunc.fixturenames.append("round_number")
        metafunc.parametrize("round_number", range(rounds))


class Tally:
    """What came of each test over all its rounds."""

    def __init__(self):
        self.rows = {}
        self.spent = Counter()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item):
        if SHARE and item.get_closest_marker("race") and self.spent[_name(item.nodeid)] > SECONDS:
            pytest.skip("its time is over")

    def pytest_runtest_logreport(self, report):
        # One row for all rounds of a race; of other tests, one for each thing that they are tried with.
        name = _name(report.nodeid) if "race" in report.keywords else report.nodeid
        self.spent[name] += report.duration
        row = self.rows.setdefault(
            name,
            {"seconds": 0.0, "rounds": 0, "failed": 0, "skipped": 0, "faults": 0, "note": ""},
        )
        row["seconds"] += report.duration
        row["failed"] += report.failed
        row["skipped"] += report.skipped
        if report.when == "call" and report.passed:
            told = dict(report.user_properties)
            row["rounds"] += told.get("count", 1)
            row["faults"] += told.get("faults", 0)
            row["note"] = told.get("note", row["note"])

    def pytest_sessionfinish(self, session):
        report = os.environ.get("LYB_PROVE_REPORT")
        if report and not hasattr(session.config, "workerinput"):
            with Path(report).open("a", encoding="utf-8") as file:
                file.writelines(json.dumps({"name": name, **row}) + "\n" for name, row in self.rows.items())


def pytest_configure(config):
    config.pluginmanager.register(Tally(), "tally")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    for item in items:
        test = getattr(item, "obj", None)
        used = getattr(test, "_hypothesis_internal_use_settings", None)
        if used is not None:
            item.user_properties.append(("count", used.max_examples))


def _name(nodeid):
    """A test's file and name without what it was parametrized with."""
    return nodeid.split("[")[0]
