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
    """Composite foreign key ``(city_id, <relation>_id) → (city_id, id)``, checked at commit."""

    def __init__(self, relation: str, *, name: str | None = None) -> None:
        self.relation = relation
        super().__init__(name=name or f"%(app_label)s_%(class)s_{relation}_same_city")

    def _sql(self, model: type[models.Model], schema_editor: Any) -> str:
        field: Any = model._meta.get_field(self.relation)
        quote = schema_editor.quote_name
        return (
            f"ALTER TABLE {quote(model._meta.db_table)} ADD CONSTRAINT {quote(self.name)} "
            f"FOREIGN KEY ({quote('city_id')}, {quote(field.column)}) "
            f"REFERENCES {quote(field.remote_field.model._meta.db_table)} ({quote('city_id')}, {quote('id')}) "
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
            if related is not None and related.city_id != instance.city_id:
                raise ValidationError({self.relation: _("This belongs to another city.")})

    def deconstruct(self) -> Any:
        path, _args, kwargs = super().deconstruct()
        return path, (self.relation,), kwargs

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameCity) and (self.name, self.relation) == (other.name, other.relation)

    __hash__ = BaseConstraint.__hash__
