"""Single rows as deeds write them, by statements put together once: the ORM puts one together for each row."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import DatabaseError, connection, models

from .managers import refuse_foreign
from .prepared import kept_cursor
from .scopes import current_city_id


class Insertion:
    """The INSERT of one row of a model.

    With ``once_by``, the columns of a unique constraint, a second row of the same key is left out.
    """

    def __init__(self, model: type[models.Model], *, once_by: Sequence[str] = ()) -> None:
        self.fields: tuple[Any, ...] = tuple(model._meta.local_concrete_fields)
        columns, places = (
            ", ".join(field.column for field in self.fields),
            ", ".join("%s" for _ in self.fields),
        )
        conflict = f" ON CONFLICT ({', '.join(once_by)}) DO NOTHING" if once_by else ""
        self.sql = f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({places}){conflict}"  # noqa: S608  our own names

    def values(self, row: Any) -> list[Any]:
        """Return what is written of a row. Raises ``ScopeError`` if it isn't the open tenant's."""
        refuse_foreign(row, current_city_id())
        return [field.get_db_prep_save(field.pre_save(row, True), connection) for field in self.fields]

    def write(self, row: Any) -> bool:
        """Write the row, and say whether it was written."""
        values = self.values(row)
        with kept_cursor() as cursor:
            cursor.execute(self.sql, values)
            is_new = cursor.rowcount == 1
        row._state.adding, row._state.db = not is_new, connection.alias
        return bool(is_new)


def update(row: models.Model, *names: str) -> None:
    """Write these columns of a row of the open tenant, as ``save(update_fields=names)`` does.

    Raises ``DatabaseError`` if there is no such row.
    """
    sql, fields = _update(type(row), names)
    values = [field.get_db_prep_save(field.pre_save(row, False), connection) for field in fields]
    with kept_cursor() as cursor:
        cursor.execute(sql, [*values, row.pk, current_city_id()])
        if cursor.rowcount != 1:
            raise DatabaseError(f"There is no such {type(row).__name__} in the open city.")


@cache
def _update(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    fields: tuple[Any, ...] = tuple(model._meta.get_field(name) for name in names)
    changes = ", ".join(f"{field.column} = %s" for field in fields)
    return f"UPDATE {model._meta.db_table} SET {changes} WHERE id = %s AND city_id = %s", fields  # noqa: S608  our own names
