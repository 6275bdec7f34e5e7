"""The SQL that makes the database's roles, for the embedded server and for an administrator.

Holds on PostgreSQL 15 and later, and may run again at any time. Nothing here imports Django.
"""

OWNER = "lyb_owner"
CITY = "lyb_city"
CENTER = "lyb_center"
PERSON = "lyb_person"
PUBLIC = "lyb_public"
BACKUP = "lyb_backup"
ALL = (OWNER, CITY, CENTER, PERSON, PUBLIC, BACKUP)

_CREATE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
    CREATE ROLE {role} {attributes};
  END IF;
END $$;
"""

# Row policies hold for whoever can't bypass them, and pg_dump refuses to read through them.
_BYPASS = """
DO $$ BEGIN
  IF NOT (SELECT rolbypassrls FROM pg_roles WHERE rolname = 'lyb_backup') THEN
    ALTER ROLE lyb_backup BYPASSRLS;
  END IF;
EXCEPTION WHEN insufficient_privilege THEN
  RAISE WARNING 'lyb_backup may not bypass row-level security here, which only a superuser can allow: '
    'use the backups of your database service.';
END $$;
"""

_MEMBERSHIP = """
ALTER ROLE lyb_city LOGIN NOINHERIT;
ALTER ROLE lyb_center NOLOGIN;
ALTER ROLE lyb_person NOLOGIN;
ALTER ROLE lyb_public NOLOGIN;
DO $$ BEGIN
  -- Without inheritance another door's policies apply only after SET LOCAL ROLE, never to a city's request.
  IF current_setting('server_version_num')::int >= 160000 THEN
    EXECUTE 'GRANT lyb_center, lyb_person, lyb_public TO lyb_city WITH INHERIT FALSE, SET TRUE';
  ELSE
    GRANT lyb_center, lyb_person, lyb_public TO lyb_city;
  END IF;
  -- A managed service's administrator is no superuser and must belong to a role to act for it.
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    EXECUTE format('GRANT lyb_owner TO %I', current_user);
  END IF;
END $$;
"""

_DATABASE = """
REVOKE ALL ON DATABASE "{database}" FROM PUBLIC;
GRANT CONNECT ON DATABASE "{database}" TO lyb_city, lyb_backup;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO lyb_owner;
GRANT USAGE ON SCHEMA public TO lyb_city, lyb_center, lyb_person, lyb_public, lyb_backup;
ALTER DEFAULT PRIVILEGES FOR ROLE lyb_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO lyb_city, lyb_center, lyb_person;
ALTER DEFAULT PRIVILEGES FOR ROLE lyb_owner IN SCHEMA public
  GRANT SELECT ON TABLES TO lyb_public, lyb_backup;
ALTER DEFAULT PRIVILEGES FOR ROLE lyb_owner IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO lyb_city, lyb_center, lyb_person;
ALTER DEFAULT PRIVILEGES FOR ROLE lyb_owner IN SCHEMA public
  GRANT SELECT ON SEQUENCES TO lyb_backup;
"""

_SCRIPT = r"""-- Roles and database of Love Your Block, for PostgreSQL 15 and later.
-- Run with psql as an administrator, as often as you like:
--   manage.py roles --sql | psql -d postgres
-- Then give the three that log in a password: \password {owner}, \password {city}, \password {backup}
\set ON_ERROR_STOP on
{roles}
SELECT 'CREATE DATABASE "{database}" OWNER {owner} ENCODING ''UTF8'' TEMPLATE template0'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{database}')
\gexec
\connect "{database}"
{privileges}"""


def role_sql() -> str:
    """Return the statements that make the roles; they belong to the whole server."""
    attributes = {
        OWNER: "LOGIN",
        CITY: "LOGIN NOINHERIT",
        CENTER: "NOLOGIN",
        PERSON: "NOLOGIN",
        PUBLIC: "NOLOGIN",
        BACKUP: "LOGIN",
    }
    made = "".join(_CREATE.format(role=role, attributes=words) for role, words in attributes.items())
    return made + _BYPASS + _MEMBERSHIP


def database_sql(database: str) -> str:
    """Return the statements for one database: who may connect, and what tables made later grant.

    Tables belong to ``lyb_owner``. The web roles get rows, never TRUNCATE; row policies narrow them.
    """
    return _DATABASE.format(database=database)


def script(database: str = "lyb") -> str:
    """Return the whole as a psql script for an administrator."""
    return _SCRIPT.format(
        owner=OWNER,
        city=CITY,
        backup=BACKUP,
        database=database,
        roles=role_sql(),
        privileges=database_sql(database),
    )


def test_administrator_sql() -> str:
    """Return the statements that make the tests' administrator: it makes databases, and is no superuser."""
    return _CREATE.format(role="lyb_test", attributes="LOGIN CREATEDB IN ROLE lyb_owner")
