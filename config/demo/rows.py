"""Write many rows of one model with one statement, with times of the past.

``bulk_create`` would stamp every ``auto_now_add`` field with this moment, and an audit event can't be
corrected afterwards.
"""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, models

from cities.tenancy.models import TenantModel
from cities.tenancy.scopes import current_scope

ROWS_PER_STATEMENT = 2_000


def insert(rows: Sequence[models.Model]) -> None:
    """Insert unsaved instances of one model as they are. Tenant rows must belong to the open city."""
    if not rows:
        return
    model = type(rows[0])
    if issubclass(model, TenantModel):
        city_id = current_scope().city_id
        if any(getattr(row, "city_id", None) != city_id for row in rows):
            raise ValueError(f"A {model.__name__} of another city can't be written in this scope.")
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    statement = f"INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)"  # noqa: S608
    with connection.cursor() as cursor:
        for start in range(0, len(rows), ROWS_PER_STATEMENT):
            part = rows[start : start + ROWS_PER_STATEMENT]
            cursor.execute(statement, [json.dumps([_columns(row, fields) for row in part], default=plain)])


def _columns(row: models.Model, fields: Sequence[Any]) -> dict[str, Any]:
    return {field.column: _value(getattr(row, field.attname)) for field in fields}


def _value(value: Any) -> Any:
    return value.name or "" if isinstance(value, models.fields.files.FieldFile) else value


def plain(value: Any) -> str:
    """Write ids, times and exact numbers as JSON’s text."""
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"Not a column's value: {value!r}")
