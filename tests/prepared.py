"""Each statement that was put together once is what the ORM would put together now, whatever a test asks."""

from uuid import UUID

import pytest
from django.core.exceptions import EmptyResultSet
from django.db import connection

from cities.tenancy import prepared
from tests.proving import SHARE


def compare(statement, rows, values):
    """Fail if the queryset of this moment says anything that the statement doesn't."""
    connection.ensure_connection()  # which knows how constants are written
    with prepared._marked():
        sql, marked = rows().query.get_compiler(connection=connection).as_sql()
    fresh = prepared._with_constants(sql, marked, values)
    assert (statement.sql, statement.slots) == fresh, "the shape misses what changed here"
    for value in marked:
        if isinstance(value, prepared._Mark):
            assert value.value == values[value.name], f"{value.name} is filled in with another value"
        elif isinstance(value, UUID):
            assert value in values.values()


@pytest.fixture(autouse=True)
def prepared_as_built(monkeypatch):
    if SHARE:  # `make prove` asks the same again and again, and is to be quick
        return
    kept = prepared.statement_of

    def statement_of(key, rows, values):
        statement = kept(key, rows, values)
        if statement is None:
            return None
        try:
            compare(statement, rows, values)
        except EmptyResultSet:
            pytest.fail(f"nothing is to be found here, and a kept statement would look: {statement.sql}")
        return statement

    monkeypatch.setattr(prepared, "statement_of", statement_of)
