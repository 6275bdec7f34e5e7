#!/bin/sh
# Gives the three roles that log in the passwords that the environment names. Runs after 10-roles.sql.
set -eu
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\getenv owner LYB_OWNER_PASSWORD
\getenv city LYB_CITY_PASSWORD
\getenv backup LYB_BACKUP_PASSWORD
ALTER ROLE lyb_owner PASSWORD :'owner';
ALTER ROLE lyb_city PASSWORD :'city';
ALTER ROLE lyb_backup PASSWORD :'backup';
SQL
