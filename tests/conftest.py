"""The suite runs as the web role against an embedded PostgreSQL and Valkey of its own (:mod:`tests.services`)."""

import hashlib
import os
import subprocess
import sys

import pytest

from tests.browser import chromium  # noqa: F401 - every room may ask for it
from tests.objects import endpoint, production_settings, s3  # noqa: F401 - files on a real S3 API
from tests.prepared import prepared_as_built  # noqa: F401
from tests.services import DATABASE, ROOT, SPACE, servers
from tests.shared import module_rows, own_rows  # noqa: F401


def _migrations_hash() -> str:
    digest = hashlib.sha256()
    for path in sorted(
        [
            *ROOT.glob("*/migrations/*.py"),
            ROOT / "cities/tenancy/protection.py",
            ROOT / "cities/tenancy/roles.py",
        ]
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _template() -> str:
    """Migrate from zero into a template once per state of the migrations; databases are cloned from it."""
    import fcntl

    import psycopg

    name = f"lyb_template_{_migrations_hash()}"
    with (ROOT / ".data" / "test-template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with psycopg.connect(servers.admin_url("postgres"), autocommit=True) as admin:
            done = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if done is None:
            building = f"{name}_building"
            servers.create_database(building)
            environment = {
                **os.environ,
                "DATABASE_URL": servers.city_url(building),
                "DATABASE_OWNER_URL": servers.owner_url(building),
                "LYB_DATABASE_ROLE": "owner",
            }
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "--verbosity=0"],
                cwd=ROOT,
                env=environment,
                check=True,
            )
            servers.create_database(name, template=building)
            servers.drop_database(building)
    return name


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    servers.create_database(DATABASE, template=_template())
    servers.forget(SPACE)
    from django.db import connection
    from django.db.backends.postgresql.operations import DatabaseOperations

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls, (SELECT count(*) FROM pg_class WHERE relowner = r.oid AND relkind = 'r') "
            "FROM pg_roles r WHERE rolname = current_user"
        )
        role, is_super, bypasses, owned = cursor.fetchone()
    if role != "lyb_city" or is_super or bypasses or owned:
        pytest.exit(
            f"Tests must run as the plain web role, not {role}: they would prove nothing about row-level security.",
            3,
        )

    # Transactional tests clear tables as the owner: the web role never gets TRUNCATE.
    DatabaseOperations.execute_sql_flush = _flush_as_owner


@pytest.fixture(autouse=True)
def _language_of_nobody():
    """Begin in the site's language: a page in Spanish leaves it behind in this thread, as a server's next one begins anew."""
    from django.utils import translation

    translation.deactivate()


def _flush_as_owner(_operations, _sql_list) -> None:
    """Empty what holds rows. Truncating all tables takes three times as long."""
    import psycopg
    from django.apps import apps

    keep = {"cities_city", "django_migrations", "django_content_type", "auth_permission"}
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} - keep
    questions = [
        f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in {*tables, "cities_unsealed"}
    ]
    with psycopg.connect(servers.owner_url(DATABASE)) as owner:
        filled = [table for (table,) in owner.execute(" UNION ALL ".join(questions))]
        owner.execute("SET CONSTRAINTS ALL DEFERRED")
        _each(owner, filled, "ALTER TABLE {} DISABLE TRIGGER USER")  # most are append-only
        _each(owner, [*filled, "cities_city WHERE kind = 'city'"], "DELETE FROM {}")
        owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _each(owner, filled, "ALTER TABLE {} ENABLE TRIGGER USER")


def _each(owner, tables, statement) -> None:
    for table in tables:
        owner.execute(statement.format(table))
