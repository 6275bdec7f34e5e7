"""The third lock: relations between tenant tables carry the tenant.

A plain foreign key would accept another city's row, because foreign-key checks bypass row-level
security. ``SameCity("x")`` stands beside ``ForeignKey("x", db_constraint=False)``.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _


class SameCity(BaseConstraint):
    """Composite foreign key ``(city_id, <relation>_id) → (city_id, id)``, checked at commit.

    What the Center keeps about a city names it as ``recipient``: ``of="recipient"`` refers to such a row from the
    recipient's own tenant, and with ``by="recipient"`` from another such row.
    """

    def __init__(self, relation: str, *, by: str = "city", of: str = "city", name: str | None = None) -> None:
        self.relation, self.by, self.of = relation, by, of
        super().__init__(name=name or f"%(app_label)s_%(class)s_{relation}_same_{of}")

    def _sql(self, model: type[models.Model], schema_editor: Any) -> str:
        field: Any = model._meta.get_field(self.relation)
        quote = schema_editor.quote_name
        return (
            f"ALTER TABLE {quote(model._meta.db_table)} ADD CONSTRAINT {quote(self.name)} "
            f"FOREIGN KEY ({quote(self.by + '_id')}, {quote(field.column)}) "
            f"REFERENCES {quote(field.remote_field.model._meta.db_table)} ({quote(self.of + '_id')}, {quote('id')}) "
            "DEFERRABLE INITIALLY DEFERRED"
        )

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        # Run at the end of the migration, when the target's UNIQUE (city_id, id) is there.
        schema_editor.deferred_sql.append(self._sql(model, schema_editor))

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        return self._sql(model, schema_editor)

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        quote = schema_editor.quote_name
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "default") -> None:
        if exclude and self.relation in exclude:
            return
        field = model._meta.get_field(self.relation)
        if field.is_cached(instance):
            related = field.get_cached_value(instance)
            if related is not None and self._tenant(related, self.of) != self._tenant(instance, self.by):
                raise ValidationError({self.relation: _("This belongs to another city.")})

    @staticmethod
    def _tenant(row: models.Model, column: str) -> Any:
        return getattr(row, f"{column}_id")

    def deconstruct(self) -> Any:
        path, _args, kwargs = super().deconstruct()
        sides = {side: column for side, column in (("by", self.by), ("of", self.of)) if column != "city"}
        return path, (self.relation,), {**sides, **kwargs}

    def __eq__(self, other: object) -> bool:
        mine = (self.name, self.relation, self.by, self.of)
        return isinstance(other, SameCity) and mine == (other.name, other.relation, other.by, other.of)

    __hash__ = BaseConstraint.__hash__
