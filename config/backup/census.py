"""What a database holds, in numbers and digests that can be compared: rows per tenant, books, chains, walls.

Everything is read through one connection, so in one snapshot if it is in one. Nothing of it tells who somebody is.
"""

from typing import Any

import psycopg
from psycopg import sql

from cities.tenancy import roles

Census = dict[str, Any]

TOTAL = "-"
"""Stands for the tenant of tables that have none."""

_SETTINGS = (
    "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, MDY'; SET LOCAL intervalstyle = 'postgres'; "
    "SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL search_path = public"
)
_TABLES = """
SELECT c.relname, EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'city_id' AND NOT a.attisdropped)
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY 1
"""
# A sum does not depend on the order of rows; of each row's hash 60 bits count.
_ROWS = """
SELECT {tenant}, count(*), coalesce(sum(('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint), 0)::text
FROM {table} t GROUP BY 1 ORDER BY 1
"""
_MIGRATIONS = "SELECT app, max(name) FROM django_migrations GROUP BY app ORDER BY app"
_BOOKS = """
SELECT city_id::text, sum(postings)::bigint, sum(posted)::bigint, sum(accounts)::bigint, sum(balance)::bigint FROM (
    SELECT city_id, count(*) AS postings, sum(cents) AS posted, 0 AS accounts, 0 AS balance FROM grants_posting GROUP BY 1
    UNION ALL SELECT city_id, 0, 0, count(*), sum(cents) FROM grants_balance GROUP BY 1
) both_sides GROUP BY 1 ORDER BY 1
"""
_UNBALANCED = (
    "SELECT count(*) FROM (SELECT FROM grants_posting GROUP BY city_id, entry_id HAVING sum(cents) <> 0) e"
)
_SEALS = "SELECT DISTINCT ON (city_id) city_id::text, seq, hash FROM cities_seal ORDER BY city_id, seq DESC"
_SIGNED = """
SELECT DISTINCT ON (chain_of_id) chain_of_id::text, seq, hash, signature FROM cities_signedhead ORDER BY chain_of_id, seq DESC
"""
# PostgreSQL writes the same condition with other casts and parentheses once it has read what it wrote before.
_CASTS = r"'::(character varying|text)(\[\])?|[()]'"
_WALLS = """
SELECT 'policy ' || tablename || '.' || policyname, md5(concat_ws('|', permissive, roles::text, cmd, qual, with_check))
FROM pg_policies WHERE schemaname = 'public'
UNION ALL SELECT 'row security of ' || c.relname, concat(c.relrowsecurity, '/', c.relforcerowsecurity)
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
UNION ALL SELECT 'trigger ' || c.relname || '.' || t.tgname, md5(t.tgenabled::text || pg_get_triggerdef(t.oid))
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal
UNION ALL SELECT 'function ' || p.oid::regprocedure::text,
                 md5(concat_ws('|', p.prosrc, p.prosecdef, p.proconfig::text, pg_get_userbyid(p.proowner),
                     (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(p.proacl) a)))
FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
UNION ALL SELECT 'constraint ' || c.relname || '.' || n.conname, md5(regexp_replace(pg_get_constraintdef(n.oid), {casts}, '', 'g'))
FROM pg_constraint n JOIN pg_class c ON c.oid = n.conrelid
WHERE n.connamespace = 'public'::regnamespace AND n.contype <> 'n'
UNION ALL SELECT 'index ' || indexname, md5(regexp_replace(indexdef, {casts}, '', 'g')) FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'privileges on ' || c.relname,
                 md5(pg_get_userbyid(c.relowner) || (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(c.relacl) a))
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'S')
ORDER BY 1
""".replace("{casts}", _CASTS)
_ROLES = """
SELECT r.rolname, concat_ws(' ', CASE WHEN rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END, CASE WHEN rolsuper THEN 'SUPERUSER' END,
       CASE WHEN rolbypassrls THEN 'BYPASSRLS' END, CASE WHEN NOT rolinherit THEN 'NOINHERIT' END,
       CASE WHEN rolcreatedb THEN 'CREATEDB' END, CASE WHEN rolcreaterole THEN 'CREATEROLE' END,
       (SELECT 'IN ' || string_agg(g.rolname, ', ' ORDER BY g.rolname)
        FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid))
FROM pg_roles r WHERE r.rolname = ANY(%s) ORDER BY 1
"""


def take(connection: psycopg.Connection[Any]) -> Census:
    """Read everything, in the transaction that is open or in one of its own."""
    with connection.transaction():
        connection.execute(_SETTINGS)
        return {
            "server": connection.info.server_version,
            "migrations": dict(_read(connection, _MIGRATIONS)),
            "roles": dict(_read(connection, _ROLES, [list(roles.ALL)])),
            "tables": _tables(connection),
            "books": _books(connection),
            "seals": {city: [seq, head] for city, seq, head in _read(connection, _SEALS)},
            "signed": {city: list(head) for city, *head in _read(connection, _SIGNED)},
            "walls": dict(_read(connection, _WALLS)),
        }


def _tables(connection: psycopg.Connection[Any]) -> dict[str, dict[str, list[Any]]]:
    """Return, by table and tenant, how many rows there are and what they add up to."""
    found = {}
    for table, has_city in _read(connection, _TABLES):
        tenant = sql.SQL("city_id::text") if has_city else sql.Literal(TOTAL)
        statement = sql.SQL(_ROWS).format(tenant=tenant, table=sql.Identifier(table))
        found[table] = {city: [rows, digest] for city, rows, digest in _read(connection, statement)}
    return found


def _books(connection: psycopg.Connection[Any]) -> dict[str, Any]:
    """Return postings, their sum, accounts and the sum of balances of each tenant, and entries that don't sum to zero."""
    ((unbalanced,),) = _read(connection, _UNBALANCED)
    return {"unbalanced": unbalanced, **{city: list(sums) for city, *sums in _read(connection, _BOOKS)}}


def _read(
    connection: psycopg.Connection[Any], statement: Any, parameters: Any = None
) -> list[tuple[Any, ...]]:
    return connection.execute(statement, parameters).fetchall()


SAYS = {
    "migrations": "migrations of {}",
    "roles": "role {}",
    "books": "books of {}",
    "seals": "chain of {}",
    "signed": "signed head of {}",
    "walls": "{}",
}


def differences(kept: Census, found: Census) -> list[str]:
    """Say, one sentence each, what two censuses disagree on. Versions of the server may differ."""
    told = []
    for part, words in SAYS.items():
        for name, old, new in _unlike(kept[part], found[part]):
            told.append(f"{words.format(name)}: {_compared(old, new)}")
    for table, old_rows, new_rows in _unlike(kept["tables"], found["tables"]):
        for city, old, new in _unlike(old_rows or {}, new_rows or {}):
            told.append(f"{table}{_of(city)}: {_counted(old, new)}")
        if old_rows is None or new_rows is None:
            told.append(f"{table}: {_compared(old_rows, new_rows)}")
    return told


def _unlike(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    names = sorted(old.keys() | new.keys())
    return [(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]


def _compared(old: Any, new: Any) -> str:
    if new is None:
        return "is missing"
    return "was not there" if old is None else "is not what it was"


def _counted(old: list[Any] | None, new: list[Any] | None) -> str:
    before, now = (old or [0])[0], (new or [0])[0]
    return f"{before} rows, now {now}" if before != now else f"{now} rows, but not the same"


def _of(city: str) -> str:
    return "" if city == TOTAL else f" of tenant {city}"
