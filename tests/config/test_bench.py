"""``manage.py bench``, run small, as an operator runs it: in a process of its own, on a database of its own."""

import json
import statistics
import subprocess
import sys
from uuid import uuid4

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from config.bench import report
from config.bench.asking import Answer, Call, Client, Visitor, proved
from config.bench.cases import page
from config.bench.counting import Asked, Statements
from config.bench.errors import BenchError
from config.bench.flooring import APPLICATION, SETTINGS, floor_laid, read_floor, write_floor
from config.bench.measuring import Figures, Ground
from config.bench.servers import serving
from tests.config.test_seed_commands import Place
from tests.conftest import _template
from tests.services import ROOT, servers

READS = {
    "staff queue, first page": 2, "staff queue, filtered": 2, "staff queue, searched by name": 2,
    "staff queue, after 9,950 rows": 2, "staff queue, API": 2, "application page": 3, "ranking page of 400": 3,
    "form page": 2, "/me/": 2, "Center disbursements, first page": 2, "Center disbursements, filtered": 2,
    "Center disbursements, after 9,950 rows": 2, "a city's payments": 2,
}  # fmt: skip
WRITES = {"autosave": 1.5, "submit": 2.5, "score": 3, "approve": 3, "record payment": 3}
VISITOR = Visitor("a-session")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A small load, a bench of three rounds, and what the database holds then."""
    name = f"lyb_bench_{uuid4().hex[:8]}"
    servers.create_database(name, template=_template())
    place = Place(name, tmp_path_factory.mktemp("data"))
    place.manage("seed", "load", "--applications", "300", "--postings", "1500")
    place.done = subprocess.run(
        [sys.executable, "manage.py", "bench", "--json", "--rounds", "3"],
        cwd=ROOT, env=place.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    yield place
    servers.drop_database(name)


@pytest.mark.slow
def test_every_case_is_measured_and_told_as_json(run):
    assert run.done.returncode == 0, run.done.stdout + run.done.stderr
    found = json.loads(run.done.stdout)

    assert {case["name"]: case["target"] for case in found} == READS | WRITES
    assert {tuple(case) for case in found} == {
        ("name", "ratio", "target", "queries", "bytes", "median_ms", "p95_ms")
    }
    assert all(
        case["ratio"] > 0 and case["bytes"] > 0 and case["p95_ms"] >= case["median_ms"] > 0 for case in found
    )
    assert all(3 <= case["queries"] <= 40 for case in found)


@pytest.mark.slow
def test_it_says_on_which_machine_how_noisy_and_how_heavy(run):
    assert report.processor() in run.done.stderr
    for words in (
        "floor of reads: median",
        "floor of writes: median",
        "spread",
        "web worker",
        "answers after",
    ):
        assert words in run.done.stderr


@pytest.mark.slow
def test_what_was_written_is_put_back_and_the_books_hold(run):
    counts = {
        name: run.ask(statement)[0][0]
        for name, statement in {
            "sessions": "SELECT count(*) FROM cities_opensession",
            "schemas": "SELECT count(*) FROM pg_namespace WHERE nspname = 'bench_floor'",
            "refused": "SELECT count(*) FROM grants_disbursement WHERE status = 'refused' AND reason = 'Only a measurement.'",
            "voided": "SELECT count(*) FROM grants_disbursement WHERE status = 'voided' AND reason = 'Only a measurement.'",
        }.items()
    }
    seen = 8 + 2 + 3  # warm-up, counting, rounds

    assert counts == {"sessions": 0, "schemas": 0, "refused": seen, "voided": seen}
    assert run.manage("verify")


@pytest.mark.django_db
def test_a_floor_without_rows_is_no_floor():
    with floor_laid() as visitor, serving(APPLICATION, SETTINGS) as server:
        client = Client(server.port)
        ground = Ground(client, client, {"read": read_floor(visitor), "write": write_floor(visitor)})
        ground.prove_floors()
        with psycopg.connect(servers.owner_url(connection.settings_dict["NAME"])) as owner:
            owner.execute("DELETE FROM bench_floor.floor_row")

        with pytest.raises(BenchError, match="that page is no measure"):
            ground.prove_floors()


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (Answer(302, b""), "answered 302 instead of 200"),
        (Answer(200, b"<td>FLR-2026-1</td>" * 49), "50 times"),
        (Answer(500, b"<td>FLR-2026-1</td>" * 50), "answered 500"),
    ],
)
def test_a_quick_refusal_or_a_short_page_is_no_result(answer, fault):
    with pytest.raises(BenchError, match=fault):
        proved(read_floor(VISITOR), answer)


def test_a_whole_page_is_a_result():
    answer = Answer(200, b"<td>FLR-2026-1</td>" * 50)

    assert proved(read_floor(VISITOR), answer) is answer


def test_a_ratio_compares_medians_of_the_same_run():
    case = page("a page", 2, lambda: Call("/", "s"))
    found = Figures(case, Statements(4, 1.5), 1000, [0.03, 0.01, 0.02, 0.9], [0.01, 0.01, 0.01, 0.5])

    assert (found.ratio, found.is_met) == (2.5, False)
    assert report.as_json([found]) == [
        {
            "name": "a page",
            "ratio": 2.5,
            "target": 2,
            "queries": 4,
            "bytes": 1000,
            "median_ms": 25.0,
            "p95_ms": 900.0,
        }
    ]
    assert "over" in report.table([found])[1]


def test_the_noise_is_that_of_the_floor():
    case = page("a page", 2, lambda: Call("/", "s"))
    floor = [0.010, 0.010, 0.020, 0.020]
    (line,) = report.noise([Figures(case, Statements(1, 1), 1, [9.0], floor)])

    low, middle, high = statistics.quantiles([seconds * 1000 for seconds in floor], n=4)
    assert f"spread {(high - low) / middle:.0%}" in line


@pytest.mark.django_db
def test_transaction_control_is_no_statement():
    with Asked() as asked, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SELECT 2")

    assert asked.found().count == 2


def test_production_is_not_measured(settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="not in production"):
        call_command("bench")
