"""The roles' SQL, as an administrator would run it. (What row policies add is tested with tenancy.)"""

import psycopg
import pytest
from psycopg import sql

from cities.tenancy.roles import database_sql
from tests.services import servers

NAME = "lyb_roles_test"


@pytest.fixture(scope="module")
def database(worker_id):
    name = f"{NAME}_{worker_id}"
    servers.create_database(name)
    with psycopg.connect(servers.owner_url(name), autocommit=True) as owner:
        owner.execute("CREATE TABLE things (id bigserial PRIMARY KEY, name text)")
        owner.execute("INSERT INTO things (name) VALUES ('a lamp')")
    yield name
    servers.drop_database(name)


@pytest.fixture
def city(database):
    with psycopg.connect(servers.city_url(database)) as connection:
        yield connection


def allowed(connection, statement):
    try:
        connection.execute(statement)
    except psycopg.errors.InsufficientPrivilege:
        return False
    finally:
        connection.rollback()
    return True


def test_the_web_role_changes_rows_and_nothing_else(city):
    statements = {
        "SELECT * FROM things": True,
        "INSERT INTO things (name) VALUES ('a bench')": True,
        "UPDATE things SET name = 'a tree'": True,
        "DELETE FROM things": True,
        "TRUNCATE things": False,
        "DROP TABLE things": False,
        "ALTER TABLE things DISABLE TRIGGER ALL": False,
        "CREATE TABLE own (id int)": False,
        "CREATE TEMPORARY TABLE own (id int)": False,
        "CREATE ROLE somebody": False,
        "SET ROLE lyb_owner": False,
        "SET ROLE lyb_backup": False,
    }

    assert {statement: allowed(city, statement) for statement in statements} == statements


def test_the_centers_role_is_reached_by_asking_only_and_left_at_the_end(city):
    has_it = "SELECT pg_has_role('lyb_center', 'USAGE'), pg_has_role('lyb_center', 'MEMBER'), current_user"
    assert city.execute(has_it).fetchone() == (False, True, "lyb_city")

    city.execute("SET LOCAL ROLE lyb_center")
    assert city.execute("SELECT current_user, count(*) FROM things").fetchone() == ("lyb_center", 1)
    assert not allowed(city, "SET LOCAL ROLE lyb_center; TRUNCATE things")

    city.rollback()
    assert city.execute("SELECT current_user").fetchone() == ("lyb_city",)


def test_the_centers_role_cannot_log_in(database):
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        psycopg.connect(servers.place.database_url("lyb_center", database))


def test_the_backup_role_reads_past_row_policies_and_writes_nothing(database):
    with psycopg.connect(servers.place.database_url("lyb_backup", database)) as backup:
        assert backup.execute(
            "SELECT rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone() == (True,)
        assert allowed(backup, "SELECT * FROM things")
        assert allowed(backup, "SELECT last_value FROM things_id_seq")
        assert not allowed(backup, "DELETE FROM things")
        assert not allowed(backup, "INSERT INTO things DEFAULT VALUES")


def test_no_role_of_ours_is_a_superuser_or_makes_others(city):
    found = city.execute(
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'lyb%' AND (rolsuper OR rolcreaterole OR rolreplication)"
    ).fetchall()

    assert found == []


def test_the_privileges_may_be_granted_again(database):
    with psycopg.connect(servers.admin_url(database), autocommit=True) as connection:
        connection.execute(database_sql(database))


def test_a_cloned_database_keeps_the_privileges(database):
    clone = f"{database}_clone"
    servers.create_database(clone, template=database)

    try:
        with psycopg.connect(servers.owner_url(clone), autocommit=True) as owner:
            owner.execute("CREATE TABLE later (id int)")
        with psycopg.connect(servers.city_url(clone)) as city:
            assert allowed(city, "INSERT INTO later VALUES (1)")
            assert allowed(city, "DELETE FROM things")
            assert not allowed(city, "TRUNCATE later")
    finally:
        servers.drop_database(clone)


def test_the_tests_administrator_is_no_superuser():
    with psycopg.connect(servers.admin_url(), autocommit=True) as connection:
        assert connection.execute(
            "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
        ).fetchone() == (False,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(sql.SQL("ALTER ROLE lyb_city BYPASSRLS"))
