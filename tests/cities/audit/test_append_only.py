"""Not even the owner changes or deletes a row that is append-only: the web roles have no right to, he has a trigger."""

import psycopg
import pytest
from django.apps import apps

from cities.audit.verification.protections import append_only_tables
from tests.services import DATABASE, servers

pytestmark = pytest.mark.django_db

_CONSTRAINTS = """
SELECT format('ALTER TABLE %%I DROP CONSTRAINT IF EXISTS %%I CASCADE', relname, conname)
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE relname = %s AND contype NOT IN ('n', 't')
"""
_NOT_NULLS = """
SELECT format('ALTER TABLE %%I ALTER %%I DROP NOT NULL', relname, attname)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE relname = %s AND attnum > 0 AND attnotnull AND attidentity = ''
"""


def write_empty_row(owner, table):
    """Without what else the table asks of a row: all of this is taken back with the transaction."""
    for question in (_CONSTRAINTS, _NOT_NULLS):
        for (statement,) in owner.execute(question, [table]).fetchall():
            owner.execute(statement)
    owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    owner.execute(f"INSERT INTO {table} DEFAULT VALUES")
    owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER append_only")


@pytest.mark.parametrize("table", sorted(append_only_tables))
def test_what_is_append_only_is_neither_changed_nor_deleted_by_its_owner(table):
    (key,) = {model._meta.pk.column for model in apps.get_models() if model._meta.db_table == table}

    with psycopg.connect(servers.owner_url(DATABASE)) as owner:
        write_empty_row(owner, table)
        for statement in (f"UPDATE {table} SET {key} = {key}", f"DELETE FROM {table}"):
            with (
                pytest.raises(psycopg.errors.CheckViolation, match=f"^{table} is append-only"),
                owner.transaction(),
            ):
                owner.execute(statement)
        owner.rollback()
