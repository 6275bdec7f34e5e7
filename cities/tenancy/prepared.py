"""Statements that nearly every request asks, put together once."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection
from django.db.models.query import get_related_populators

from .scopes import current_city_id, current_scope

_KEY = UUID("01900000-0000-7000-8000-00000000000f")
_TEXT_KEY = "01900000-0000-7000-8000-00000000000f"
_CITY = UUID("01900000-0000-7000-8000-0000000000f0")
"""Where the key and the open city go in."""


def kept_cursor() -> Any:
    """Return a cursor that sends values apart from the statement; else it is as Django's.

    PostgreSQL reads and plans the statement once in a connection, then (``prepare_threshold``). Its plan knows neither
    city nor key, so this is for single rows found by a key; behind another role it is made anew.
    """
    if connection.queries_logged:  # the log is to name the values
        return connection.cursor()
    connection.ensure_connection()
    return connection._prepare_cursor(psycopg.Cursor(connection.connection))  # type: ignore[attr-defined]  # with Django's errors


class Prepared:
    """A query about one key in the open city, as ``rows(key)`` writes it for the ORM.

    The ORM puts the same statement together for each key anew: with four tables joined that takes longer than
    PostgreSQL takes to answer. Here it is done once in a process; key and city are filled in. At any other door than
    a city's the ORM asks as ever.

    ``of_city=False`` is for rows of no tenant, which are the same at every door; their key is a text.
    """

    def __init__(self, rows: Callable[[Any], Any], *, of_city: bool = True) -> None:
        self.rows, self.of_city = rows, of_city
        self.statement: _Statement | None = None

    def first(self, key: UUID | str) -> Any:
        """Return the first row as the model's, or ``None``."""
        return next(iter(self.all(key)), None)

    def get(self, key: UUID) -> Any:
        """Return the row as the model's. Raises its ``DoesNotExist``."""
        row = self.first(key)
        if row is None:
            raise self.rows(key).model.DoesNotExist
        return row

    def all(self, key: UUID | str) -> list[Any]:
        """Return all rows as the model's."""
        if self.of_city and current_scope().door != "city":
            return list(self.rows(key))
        statement = self._statement()
        return [statement.as_model(row) for row in statement.ask(key)]

    def tuples(self, key: UUID) -> list[Any]:
        """Return all rows, as the columns that ``values_list`` names."""
        if current_scope().door != "city":
            return list(self.rows(key))
        return self._statement().ask(key)

    def _statement(self) -> "_Statement":
        if self.statement is None:
            self.statement = (
                _Statement(self.rows(_KEY), current_city_id())
                if self.of_city
                else _Statement(self.rows(_TEXT_KEY), None)
            )
        return self.statement


class _Statement:
    """What the ORM has made of a query: the SQL, where key and city go, and how a row becomes the model's."""

    def __init__(self, rows: Any, city_id: UUID | None) -> None:
        compiler = rows.query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        self.model = rows.model
        self.sql = sql
        self.city_id = city_id
        self.parameters = [_CITY if city_id and value == city_id else value for value in parameters]
        selected = [column for column, *_rest in compiler.select]
        self.converters = list(compiler.get_converters(selected).items())
        self.annotations = compiler.annotation_col_map or {}
        if compiler.klass_info is not None:
            columns = compiler.klass_info["select_fields"]
            self.own = slice(columns[0], columns[-1] + 1)
            self.names = [column.target.attname for column in selected[self.own]]
            self.related = get_related_populators(compiler.klass_info, compiler.select, connection.alias)  # type: ignore[call-arg]  # of Django 6

    def ask(self, key: UUID | str) -> list[Any]:
        filled: dict[Any, Any] = {_KEY: key, _CITY: current_city_id()} if self.city_id else {_TEXT_KEY: key}
        with kept_cursor() as cursor:
            cursor.execute(
                self.sql,
                [
                    filled.get(value, value) if isinstance(value, UUID | str) else value
                    for value in self.parameters
                ],
            )
            return [self._converted(list(row)) for row in cursor.fetchall()]

    def as_model(self, row: list[Any]) -> Any:
        made = self.model.from_db(connection.alias, self.names, row[self.own])
        for related in self.related:
            related.populate(row, made)
        for name, place in self.annotations.items():
            setattr(made, name, row[place])
        return made

    def _converted(self, row: list[Any]) -> list[Any]:
        for place, (converters, expression) in self.converters:
            for convert in converters:
                row[place] = convert(row[place], expression, connection)
        return row
