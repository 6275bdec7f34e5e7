"""Statements that requests ask again and again, put together once in a process, and where it pays planned once."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Value
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesIterable,
    get_related_populators,
)
from psycopg.sql import Literal

from .scopes import open_scope

MOST_STATEMENTS = 1000
OPEN_CITY = "the open city"

_marking: ContextVar[bool] = ContextVar("marking", default=False)


def kept_cursor() -> Any:
    """Return a cursor that sends values apart from the statement; else it is as Django's.

    PostgreSQL reads and plans the statement once in a connection, then (``prepare_threshold``); behind another role it
    plans anew.
    """
    if connection.queries_logged:  # the log is to name the values
        return connection.cursor()
    connection.ensure_connection()
    return connection._prepare_cursor(psycopg.Cursor(connection.connection))  # type: ignore[attr-defined]  # with Django's errors


class Slot(Value):
    """A value that differs each time a statement is asked. To the ORM it is a value like any other."""

    def __init__(self, name: str, value: Any) -> None:
        super().__init__(value)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        if _marking.get():
            return "%s", [_Mark(self.name, self.value)]
        return super().as_sql(compiler, connection)


def ask(
    shape: Hashable, rows: Callable[[], Any], values: Mapping[str, Any], *, keep_plan: bool = False
) -> list[Any]:
    """Ask what ``rows()`` asks. The queryset is built and compiled for the first of a shape only.

    The ORM puts the same statement together anew each time: with four tables joined that takes longer than PostgreSQL
    takes to answer. ``shape`` is all that changes the statement. Whatever differs else is in ``values``, and stands in
    the queryset as a :class:`Slot` of that name; an id may stand there as it is. So may the open city.

    With ``keep_plan`` PostgreSQL plans it once in a connection too. That is for what is found by a key, or read along an
    index: a plan that knows no value guesses how many rows a filter leaves.

    Anything else in the queryset counts as the same for ever. The tests' ``prepared_as_built`` compares each statement
    with the one that would be built.
    """
    scope = open_scope()
    filled = {**values, OPEN_CITY: scope.city_id} if scope and scope.city_id else values
    statement = statement_of((scope.door if scope else "", shape), rows, filled)
    return list(rows()) if statement is None else statement.ask(filled, keep_plan=keep_plan)


def statement_of(
    key: Hashable, rows: Callable[[], Any], values: Mapping[str, Any]
) -> "PreparedStatement | None":
    """Return the statement of a shape; ``None`` where the ORM has to ask: nothing can be found, or which id it is can't be told."""
    statement = _STATEMENTS.get(key)
    if statement is not None:
        return statement
    try:
        statement = PreparedStatement(rows(), values)
    except (EmptyResultSet, AmbiguousError):
        return None
    if len(_STATEMENTS) >= MOST_STATEMENTS:
        _STATEMENTS.clear()
    _STATEMENTS[key] = statement
    return statement


class AmbiguousError(Exception):
    """Two of the values are the same id, which stands in the queryset as it is."""


class Prepared:
    """A query about one key, as ``rows(key)`` writes it for the ORM."""

    def __init__(self, rows: Callable[[Any], Any]) -> None:
        self.rows = rows

    def first(self, key: UUID | str) -> Any:
        """Return the first row, or ``None``."""
        return next(iter(self.all(key)), None)

    def get(self, key: UUID | str) -> Any:
        """Return the row. Raises its model's ``DoesNotExist``."""
        row = self.first(key)
        if row is None:
            raise self.rows(key).model.DoesNotExist
        return row

    def all(self, key: UUID | str) -> list[Any]:
        """Return all rows: models, dictionaries or tuples, as the ORM would."""
        return ask(self, lambda: self.rows(Slot("key", key)), {"key": key}, keep_plan=True)


class PreparedStatement:
    """What the ORM has made of a queryset: the SQL, which values go where, and how a row becomes what it would return."""

    def __init__(self, rows: Any, values: Mapping[str, Any]) -> None:
        connection.ensure_connection()  # which knows how constants are written
        compiler = rows.query.get_compiler(connection=connection)
        with _marked():
            sql, parameters = compiler.as_sql()
        self.sql, self.slots = _with_constants(sql, parameters, values)
        selected = [column for column, *_rest in compiler.select]
        self.converters = list(compiler.get_converters(selected).items())
        self.made = _maker(rows, compiler, selected)

    def ask(self, values: Mapping[str, Any], *, keep_plan: bool) -> list[Any]:
        with kept_cursor() if keep_plan else connection.cursor() as cursor:
            cursor.execute(self.sql, [values[name] for name in self.slots])
            return [self.made(self._converted(row)) for row in cursor.fetchall()]

    def _converted(self, row: tuple[Any, ...]) -> Sequence[Any]:
        if not self.converters:
            return row
        changed = list(row)
        for place, (converters, expression) in self.converters:
            for convert in converters:
                changed[place] = convert(changed[place], expression, connection)
        return changed


def _with_constants(sql: str, parameters: Iterable[Any], values: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Write what never differs into the statement, and return it with the names of the rest in order.

    A constant tells the planner more than a parameter, and PostgreSQL knows its type. Raises ``TypeError`` for an id
    or an instant that has no name: it would be that of whoever asked first.
    """
    written, slots = [], []
    for value in parameters:
        if isinstance(value, _Mark):
            slots.append(value.name)
        elif isinstance(value, UUID):
            slots.append(_name_of(value, values))
        elif isinstance(value, datetime):
            raise TypeError(f"{value!r} in a prepared statement needs a name.")
        else:
            written.append(Literal(value).as_string(connection.connection).replace("%", "%%"))
            continue
        written.append("%s")
    return sql.replace("%%", "%%%%") % tuple(written), slots


def _name_of(value: UUID, values: Mapping[str, Any]) -> str:
    names = [name for name, each in values.items() if each == value]
    if not names:
        raise TypeError(f"{value!r} in a prepared statement needs a name.")
    if len(names) > 1:
        raise AmbiguousError
    return names[0]


def _maker(rows: Any, compiler: Any, selected: list[Any]) -> Callable[[Sequence[Any]], Any]:
    """Return what makes of a row what the queryset would return."""
    kind, query = rows._iterable_class, rows.query
    if issubclass(kind, ModelIterable):
        return _model_maker(rows.model, compiler, selected)
    if issubclass(kind, ValuesIterable):
        names = tuple(query.selected or (*query.values_select, *query.annotation_select))
        return lambda row: dict(zip(names, row, strict=True))
    if issubclass(kind, FlatValuesListIterable):
        return lambda row: row[0]
    return tuple


def _model_maker(model: Any, compiler: Any, selected: list[Any]) -> Callable[[Sequence[Any]], Any]:
    columns = compiler.klass_info["select_fields"]
    own = slice(columns[0], columns[-1] + 1)
    names = [column.target.attname for column in selected[own]]
    related = get_related_populators(compiler.klass_info, compiler.select, connection.alias)  # type: ignore[call-arg]  # of Django 6
    annotations = list((compiler.annotation_col_map or {}).items())

    def made(row: Sequence[Any]) -> Any:
        found = model.from_db(connection.alias, names, row[own])
        for each in related:
            each.populate(row, found)
        for name, place in annotations:
            setattr(found, name, row[place])
        return found

    return made


@dataclass(frozen=True, slots=True)
class _Mark:
    """Where a slot stood, and what it would have been filled with."""

    name: str
    value: Any


@contextmanager
def _marked() -> Iterator[None]:
    token = _marking.set(True)
    try:
        yield
    finally:
        _marking.reset(token)


_STATEMENTS: dict[Hashable, PreparedStatement] = {}
