-- Roles and database of Love Your Block, for PostgreSQL 15 and later.
-- Run with psql as an administrator, as often as you like:
--   manage.py roles --sql | psql -d postgres
-- Then give the three that log in a password: \password lyb_owner, \password lyb_city, \password lyb_backup
\set ON_ERROR_STOP on

DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lyb_owner') THEN
    CREATE ROLE lyb_owner LOGIN;
  END IF;
END $$;

DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lyb_city') THEN
    CREATE ROLE lyb_city LOGIN NOINHERIT;
  END IF;
END $$;

DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lyb_center') THEN
    CREATE ROLE lyb_center NOLOGIN;
  END IF;
END $$;

DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lyb_person') THEN
    CREATE ROLE lyb_person NOLOGIN;
  END IF;
END $$;

DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lyb_public') THEN
    CREATE ROLE lyb_public NOLOGIN;
  END IF;
END $$;

DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lyb_backup') THEN
    CREATE ROLE lyb_backup LOGIN;
  END IF;
END $$;

DO $$ BEGIN
  IF NOT (SELECT rolbypassrls FROM pg_roles WHERE rolname = 'lyb_backup') THEN
    ALTER ROLE lyb_backup BYPASSRLS;
  END IF;
EXCEPTION WHEN insufficient_privilege THEN
  RAISE WARNING 'lyb_backup may not bypass row-level security here, which only a superuser can allow: '
    'use the backups of your database service.';
END $$;

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

SELECT 'CREATE DATABASE "lyb" OWNER lyb_owner ENCODING ''UTF8'' TEMPLATE template0'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'lyb')
\gexec
\connect "lyb"

REVOKE ALL ON DATABASE "lyb" FROM PUBLIC;
GRANT CONNECT ON DATABASE "lyb" TO lyb_city, lyb_backup;
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
