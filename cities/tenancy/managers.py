"""The first lock: the ORM adds the city filter, and raises when a query runs without a scope.

The filter is an expression that is resolved when the SQL is compiled, so it holds for whatever a
queryset ends up doing (``exists``, ``update``, ``aggregate``, ``iterator`` and their async forms),
however long ago the queryset was built. What compiles no WHERE (``INSERT``, ``raw``) is checked apart.
"""

from collections.abc import Collection
from typing import Any, Self, TypeVar
from uuid import UUID

from django.db import models
from django.db.models.sql.compiler import SQLCompiler

from .errors import ScopeError
from .scopes import current_scope

M = TypeVar("M", bound=models.Model)


class InScope(models.Expression):
    """``city_id`` equals the open city; at the other doors: may this model be read at all?"""

    conditional = True
    output_field = models.BooleanField()

    def __init__(self, column: Any = None) -> None:
        super().__init__()
        self.column: Any = column or models.F("city_id")

    def get_source_expressions(self) -> list[Any]:
        return [self.column]

    def set_source_expressions(self, exprs: Any) -> None:
        (self.column,) = exprs

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        scope = current_scope()
        if scope.door == "city":
            sql, params = compiler.compile(self.column)
            return f"{sql} = %s", [*params, scope.city_id]
        if scope.door in {"person", "public"}:
            _check_door(scope.door, compiler.query)
        return "TRUE", []


def _check_door(door: str, query: Any) -> None:
    """Raise on a table that this door does not serve: a join to it would silently drop rows."""
    from django.apps import apps  # noqa: PLC0415

    joined = {alias.table_name for alias in query.alias_map.values()}
    for model in apps.get_models():
        doors = getattr(model, "doors", None)
        if doors is not None and model._meta.db_table in joined and door not in doors:
            raise ScopeError(f"{model.__name__} is not served through the {door} door.")


def refuse_foreign(row: Any, city_id: UUID) -> None:
    """Raise ``ScopeError`` if a row isn't the open tenant's and its model isn't written across them."""
    if row.city_id != city_id and not getattr(row, "written_across_tenants", False):
        raise ScopeError(f"A {type(row).__name__} of another city can't be written in this scope.")


class TenantQuerySet(models.QuerySet[M]):
    """Base of all tenant querysets."""

    def _insert(self, objs: Collection[M], *args: Any, **kwargs: Any) -> Any:
        scope = current_scope()
        if scope.city_id is None:
            raise ScopeError(f"Nothing is written through the {scope.door} door.")
        for row in objs:
            refuse_foreign(row, scope.city_id)
        return super()._insert(objs, *args, **kwargs)  # type: ignore[misc]

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        current_scope()
        return super().raw(*args, **kwargs)

    @classmethod
    def as_tenant_manager(cls) -> Any:
        return TenantManager.from_queryset(cls)()


class TenantManager(models.Manager[M]):
    """Manager of tenant rows; ``use_in_migrations`` stays off: migrations run as the owner, unscoped."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(InScope())

    def in_city(self, city_id: UUID) -> Any:
        """Rows of one named city, for code that handles several (row-level security still applies)."""
        return super().get_queryset().filter(city_id=city_id)

    def __class_getitem__(cls, *_args: Any) -> type[Self]:
        return cls


class RecipientManager(models.Manager[M]):
    """Rows of the Center that name the open city as their ``recipient``. A city reads them, and writes none."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(InScope(models.F("recipient_id")))

    def __class_getitem__(cls, *_args: Any) -> type[Self]:
        return cls
