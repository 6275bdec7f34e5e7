"""``manage.py roles --sql`` on a fresh server, with psql, as an administrator would: ours of 18 and Debian's 15."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest

from cities.tenancy import roles
from config.embedded import postgres
from config.embedded.places import Place
from tests.config.test_settings import run
from tests.services import ROOT

pytestmark = pytest.mark.slow

DEBIAN = Path("/usr/lib/postgresql/15/bin")
SERVERS = [
    pytest.param("", id="embedded"),
    pytest.param(
        str(DEBIAN), id="debian-15", marks=pytest.mark.skipif(not DEBIAN.exists(), reason="not installed")
    ),
]
ROLES = """
SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolbypassrls
FROM pg_roles WHERE rolname LIKE 'lyb%' ORDER BY rolname
"""


@pytest.fixture(params=SERVERS)
def place(request, monkeypatch):
    """A server on which nobody has prepared anything, by this or that PostgreSQL."""
    monkeypatch.setenv(postgres.OTHERS_BINARIES, request.param)
    # Not tmp_path: pytest closes it to all others, also to PostgreSQL's account where we are root.
    place = Place(Path(tempfile.mkdtemp(prefix="lyb-roles-")), fast=True)
    place.data.chmod(0o711)
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, place.data)
        stack.callback(place.clear)
        place.make()
        server = postgres.start(place)
        stack.callback(postgres.stop, server)
        # Whoever we are: passwords are tried here, not the account's name.
        hba = "local all postgres peer map=lyb\nlocal all all scram-sha-256\n"
        (place.cluster / "pg_hba.conf").write_text(hba)
        with postgres.connect(place, "postgres") as admin:
            admin.execute("SELECT pg_reload_conf()")
            admin.execute("CREATE ROLE cloud_admin LOGIN CREATEROLE CREATEDB PASSWORD 'secret'")
        yield place


def psql(place: Place, script: str, user: str = "postgres") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [postgres.binaries(place) / "psql", "--no-psqlrc", "-h", place.postgres_sockets, "-U", user, "-d", "postgres"],
        input=script, env={**os.environ, "PGPASSWORD": "secret"}, cwd="/", capture_output=True, text=True, check=False,
    )  # fmt: skip


def ask(place: Place, statement: str) -> list:
    with postgres.connect(place, "lyb") as connection:
        return connection.execute(statement).fetchall()


def sign_in(place: Place, role: str, password: str) -> psycopg.Connection:
    address = place.database_url(role).replace(f"//{role}@", f"//{role}:{password}@")
    return psycopg.connect(address, autocommit=True)


def make_a_table(place: Place) -> None:
    """What a migration does first; the suite's own database has all of them, made by the same role."""
    with sign_in(place, "lyb_owner", "owner") as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS things (id bigserial PRIMARY KEY)")


def test_a_superuser_makes_all_that_the_migration_needs(place):
    script = run("manage.py", "roles", "--sql").stdout
    passwords = (
        (ROOT / "deploy/database/20-passwords.sh").read_text().split("<<'SQL'\n")[1].removesuffix("SQL\n")
    )
    given = "\\setenv LYB_OWNER_PASSWORD owner\n\\setenv LYB_CITY_PASSWORD city\n\\setenv LYB_BACKUP_PASSWORD backup\n"

    for _once_and_again in range(2):
        made = psql(place, script)
        assert (made.returncode, made.stderr.count("ERROR"), made.stderr.count("WARNING")) == (0, 0, 0), (
            made.stderr
        )
    assert psql(place, given + passwords).stderr == ""

    assert ask(place, ROLES) == [
        ("lyb_backup", False, True, False, False, True, True),
        ("lyb_center", False, True, False, False, False, False),
        ("lyb_city", False, False, False, False, True, False),
        ("lyb_owner", False, True, False, False, True, False),
        ("lyb_person", False, True, False, False, False, False),
        ("lyb_public", False, True, False, False, False, False),
    ]
    make_a_table(place)
    with sign_in(place, "lyb_city", "city") as city:
        city.execute("INSERT INTO things DEFAULT VALUES")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            city.execute("TRUNCATE things")
        assert city.execute("SELECT pg_has_role('lyb_center', 'USAGE')").fetchone() == (False,)
    with sign_in(place, "lyb_backup", "backup") as backup:
        assert backup.execute("SELECT count(*) FROM things").fetchone() == (1,)


def test_a_database_services_administrator_makes_them_too_and_is_told_about_the_backup(place):
    """No superuser, as with a managed service: only that may let a role bypass row-level security."""
    script = run("manage.py", "roles", "--sql").stdout

    for _once_and_again in range(2):
        made = psql(place, script, user="cloud_admin")
        assert (made.returncode, made.stderr.count("ERROR")) == (0, 0), made.stderr
        assert "lyb_backup may not bypass row-level security here" in made.stderr

    assert [row[0] for row in ask(place, ROLES)] == sorted(roles.ALL)
    passwords = "ALTER ROLE lyb_owner PASSWORD 'owner'; ALTER ROLE lyb_city PASSWORD 'city'"
    assert psql(place, passwords, "cloud_admin").stderr == ""
    make_a_table(place)
    with sign_in(place, "lyb_city", "city") as city:
        assert city.execute("SELECT count(*) FROM things").fetchone() == (0,)
