"""``manage.py seed`` as an operator runs it: in a process of its own, as the owner, on a database of its own."""

import os
import subprocess
import sys
from uuid import uuid4

import psycopg
import pytest

from tests.conftest import _template
from tests.services import ROOT, servers

pytestmark = pytest.mark.slow

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
            table: self.ask(f"SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM {table} t")[0]
            for (table,) in self.ask(_TABLES)
        }


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """The demo, the demo once more, then a load of 260 and one of 40."""
    name = f"lyb_seed_{uuid4().hex[:8]}"
    servers.create_database(name, template=_template())
    place = Place(name, tmp_path_factory.mktemp("data"))
    place.said = [place.manage("seed", "demo")]
    place.after_first = (place.fingerprints(), place.stored())
    place.said.append(place.manage("seed", "demo"))
    place.after_second = (place.fingerprints(), place.stored())
    place.said.append(place.manage("seed", "load", "--applications", "260"))
    place.said.append(place.manage("seed", "load", "--applications", "40"))
    yield place
    servers.drop_database(name)


def test_a_second_run_of_the_demo_changes_not_one_row_and_no_file(place):
    assert "The demo has 16 new cities with 32 calls" in place.said[0]
    assert place.said[1] == ""
    assert place.after_second == place.after_first


def test_every_photo_of_the_demo_is_stored_with_its_small_twin(place):
    keys = {key for (key,) in place.ask("SELECT file FROM grants_attachment") if key}

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
    in_load = "city_id IN (SELECT id FROM cities_city WHERE slug LIKE 'load-%')"
    ((files, objects),) = place.ask(f"SELECT count(*), count(DISTINCT file) FROM grants_attachment WHERE {in_load}")

    assert files > 200
    assert objects == 2, "one stored picture per load"
    assert place.ask(f"SELECT count(*) FROM grants_answer WHERE {in_load} AND version = 2")[0][0] > 10
    assert place.ask(f"SELECT count(*) FROM grants_application WHERE {in_load} AND search IS NULL") == [(0,)]


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
