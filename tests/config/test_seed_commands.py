"""``manage.py seed`` as an operator runs it: in a process of its own, as the owner, on a database of its own."""

import os
import subprocess
import sys
from decimal import Decimal
from uuid import uuid4

import psycopg
import pytest

from tests.conftest import _template
from tests.services import ROOT, servers

pytestmark = pytest.mark.slow

IN_LOAD = "city_id IN (SELECT id FROM cities_city WHERE slug LIKE 'load-%')"
_TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname"


class Place:
    """A database, and ``manage.py`` with it."""

    def __init__(self, name, files):
        self.name, self.files = name, files
        self.environment = {
            **os.environ,
            "DATABASE_URL": servers.city_url(name),
            "DATABASE_OWNER_URL": servers.owner_url(name),
            "LYB_DATA_DIR": str(files),
        }

    def manage(self, *arguments):
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def ask(self, statement):
        with psycopg.connect(servers.owner_url(self.name)) as owner:
            return owner.execute(statement).fetchall()

    def stored(self):
        """Return the keys of all stored attachments."""
        media = self.files / "media"
        return sorted(str(path.relative_to(media)) for path in media.rglob("attachments/*"))

    def fingerprints(self):
        """Return number and hash of the rows of every table."""
        return {
            table: self.ask(
                f"SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM {table} t"
            )[0]
            for (table,) in self.ask(_TABLES)
        }


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """The demo, the demo once more, then a load of 260 with money and a small one of 40."""
    name = f"lyb_seed_{uuid4().hex[:8]}"
    servers.create_database(name, template=_template())
    place = Place(name, tmp_path_factory.mktemp("data"))
    place.said = [place.manage("seed", "demo")]
    place.after_first = (place.fingerprints(), place.stored())
    place.said.append(place.manage("seed", "demo"))
    place.after_second = (place.fingerprints(), place.stored())
    place.said.append(place.manage("seed", "load", "--applications", "260", "--postings", "1500"))
    place.said.append(place.manage("seed", "load", "--applications", "40", "--postings", "200"))
    yield place
    servers.drop_database(name)


def test_a_second_run_of_the_demo_changes_not_one_row_and_no_file(place):
    assert "The demo has 16 new cities with 32 calls" in place.said[0]
    assert place.said[1] == ""
    assert place.after_second == place.after_first


def test_every_photo_of_the_demo_is_stored_with_its_small_twin(place):
    tables = ("grants_attachment", "grants_receipt", "projects_photo")
    keys = {key for table in tables for (key,) in place.ask(f"SELECT file FROM {table}") if key}

    assert len(place.after_first[1]) > 60
    assert place.stored() == sorted([*keys, *(f"{key}-small" for key in keys)])


def test_loads_follow_the_demo_and_spread_over_280_cities(place):
    shares = dict(
        place.ask(
            "SELECT c.slug, count(a.id) FROM cities_city c LEFT JOIN grants_application a ON a.city_id = c.id "
            "WHERE c.slug LIKE 'load-%' GROUP BY c.slug"
        )
    )

    assert "260 applications: 130 in load-001 and 130 in 130 others of 280 cities" in place.said[2]
    assert (len(shares), sum(shares.values())) == (280, 300)
    assert (shares["load-001"], shares["load-002"], shares["load-022"], shares["load-280"]) == (150, 2, 1, 0)


def test_a_second_load_goes_on_counting_references(place):
    rows = place.ask(
        "SELECT a.reference FROM grants_application a JOIN cities_city c ON c.id = a.city_id "
        "WHERE c.slug = 'load-001' AND a.reference IS NOT NULL ORDER BY 1"
    )

    assert [int(reference[-4:]) for (reference,) in rows] == list(range(1, len(rows) + 1))


def test_a_load_has_file_rows_second_versions_and_search_words(place):
    ((files, objects),) = place.ask(
        f"SELECT count(*), count(DISTINCT file) FROM grants_attachment WHERE {IN_LOAD}"
    )

    assert files > 200
    assert objects == 2, "one stored picture per load"
    assert place.ask(f"SELECT count(*) FROM grants_answer WHERE {IN_LOAD} AND version = 2")[0][0] > 10
    assert place.ask(f"SELECT count(*) FROM grants_application WHERE {IN_LOAD} AND search IS NULL") == [(0,)]


def test_a_load_makes_about_as_many_postings_as_were_asked_for(place):
    ((postings, entries),) = place.ask(
        "SELECT count(*), count(DISTINCT p.entry_id) FROM grants_posting p JOIN grants_entry e ON e.id = p.entry_id "
        f"WHERE p.{IN_LOAD} AND e.kind NOT IN ('acceptance', 'receipt', 'allocation')"
    )

    # Two processes share the work; each may be an award's life off, in either load.
    assert 1_400 < postings < 2_000
    assert entries > 500


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        ("award", {"accepted", "completed"}),
        ("disbursement", {"approved", "paid"}),
        ("receipt", {"submitted", "accepted", "partly", "refused"}),
        ("review", {"assigned", "submitted"}),
    ],
)
def test_a_load_has_rows_in_many_states(place, table, wanted):
    found = {status for (status,) in place.ask(f"SELECT status FROM grants_{table} WHERE {IN_LOAD}")}

    assert wanted <= found


def test_load_applications_keep_the_mean_of_their_scores(place):
    kept = place.ask(
        "SELECT a.scored_count, a.assigned_count, a.score_mean, count(r.total), count(r.id), round(avg(r.total), 2) "
        "FROM grants_application a JOIN grants_review r ON r.application_id = a.id "
        f"WHERE a.{IN_LOAD} AND r.status IN ('assigned', 'submitted') GROUP BY a.id"
    )

    assert len(kept) > 50
    assert [
        row for row in kept if row[:2] != row[3:5] or abs((row[2] or 0) - (row[5] or 0)) > Decimal("0.01")
    ] == []


def test_a_city_that_is_loaded_twice_is_granted_twice(place):
    references = place.ask(
        "SELECT g.reference FROM grants_programgrant g JOIN cities_city c ON c.id = g.recipient_id WHERE c.slug = 'load-001' ORDER BY 1"
    )

    assert [reference[8:] for (reference,) in references] == ["-LOAD-001", "-LOAD-001-2"]


def test_all_history_is_sealed(place):
    assert place.ask("SELECT count(*) FROM cities_unsealed") == [(0,)]
    assert place.ask("SELECT count(*) FROM cities_event") == place.ask("SELECT count(*) FROM cities_seal")


def test_load_applications_say_what_their_answers_say(place):
    script = """
from cities.tenancy.models import City
from cities.tenancy.scopes import city_scope
from grants.applications.queries import FilledForm, digest_of, with_form
wrong, seen = [], 0
for city in City.objects.filter(slug__lt="load-030", slug__startswith="load"):
    with city_scope(city):
        for application in with_form():
            form, seen = FilledForm.of(application), seen + 1
            flat = form.flat_columns()
            wrong += [column for column in flat if getattr(application, column) != flat[column]]
            if application.status != "draft":
                wrong += [*form.missing(), *form.findings()]
                wrong += ["hash"] if digest_of(form) != application.answers_hash else []
print(seen, wrong)
"""

    assert place.manage("shell", "--no-imports", "-c", script).strip().endswith("198 []")


def test_what_was_seeded_passes_verify(place):
    assert "BROKEN" not in place.manage("verify")


def test_a_load_of_nothing_is_refused(place):
    with pytest.raises(AssertionError, match="takes a number from 1"):
        place.manage("seed", "load", "--applications", "0")
