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
    from django.contrib.contenttypes.management import create_contenttypes
    from django.db import connection
    from django.db.backends.postgresql.operations import DatabaseOperations
    from django.db.models.signals import post_migrate

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

    # Transactional tests clear tables as the superuser: the web role may not. Types and permissions stay as they are.
    DatabaseOperations.execute_sql_flush = _flush_as_superuser
    post_migrate.disconnect(create_contenttypes)
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")


@pytest.fixture(autouse=True)
def _language_of_nobody():
    """Begin in the site's language: a page in Spanish leaves it behind in this thread, as a server's next one begins anew."""
    from django.utils import translation

    translation.deactivate()


def _flush_as_superuser(_operations, _sql_list) -> None:
    """Empty what holds rows. Truncating all tables takes three times as long."""
    import psycopg
    from django.apps import apps

    keep = {"cities_city", "django_migrations", "django_content_type", "auth_permission"}
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} - keep
    questions = [
        f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in {*tables, "cities_unsealed"}
    ]
    with psycopg.connect(servers.place.database_url("postgres", DATABASE)) as admin:
        # As a replica does: neither foreign keys nor our triggers are asked, and most tables are append-only.
        admin.execute("SET session_replication_role = replica")
        filled = [table for (table,) in admin.execute(" UNION ALL ".join(questions))]
        for table in [*filled, "cities_city WHERE kind = 'city'"]:
            admin.execute(f"DELETE FROM {table}")
