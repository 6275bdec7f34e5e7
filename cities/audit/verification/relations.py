"""The third lock: relations between tenant tables, and uniqueness, carry the city."""

from django.apps import apps
from django.db import connection, models

from cities.tenancy.models import TenantModel

from .registry import Findings, check

TENANT_COLUMNS = frozenset({"city_id", "recipient_id"})
GLOBAL_UNIQUES: dict[str, str] = {}
"""Unique indexes of tenant tables that may ignore the city, each with the reason. None so far."""

_KEYS = """
SELECT k.conrelid::regclass::text, k.conname, k.confrelid::regclass::text, k.convalidated,
       ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u(n, i)
             JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n ORDER BY i),
       ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY u(n, i)
             JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.n ORDER BY i)
FROM pg_constraint k WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace ORDER BY 1, 2
"""
_UNIQUES = """
SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, i.indisprimary,
       ARRAY(SELECT a.attname::text FROM unnest(i.indkey) u(n) JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.n)
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace AND EXISTS (
    SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'city_id' AND NOT a.attisdropped)
ORDER BY 1, 2
"""


def tenant_models() -> list[type[models.Model]]:
    """Return every model whose rows belong to a city."""
    return [model for model in apps.get_models(include_auto_created=True) if issubclass(model, TenantModel)]


@check("relations")
def relations(findings: Findings) -> None:
    """Every relation between tenant tables is a composite key that holds the city, in the database."""
    tables = {model._meta.db_table for model in tenant_models()}
    with connection.cursor() as cursor:
        cursor.execute(_KEYS)
        keys = cursor.fetchall()
    composite: set[tuple[str, str, str]] = set()
    for table, name, target, validated, columns, target_columns in keys:
        if table not in tables or target not in tables:
            continue
        findings.examined += 1
        if columns[0] not in TENANT_COLUMNS or target_columns[0] not in TENANT_COLUMNS:
            findings.broke(f"{table}, key {name}", f"refers to {target} without the city")
        elif not validated:
            findings.broke(f"{table}, key {name}", "was never validated")
        else:
            composite.update((table, column, target) for column in columns[1:])
    for table, column, target in sorted(_wanted() - composite):
        findings.broke(f"{table}.{column}", f"nothing in the database keeps its {target} in the same city")


def _wanted() -> set[tuple[str, str, str]]:
    return {
        (model._meta.db_table, field.column, field.related_model._meta.db_table)
        for model in tenant_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and isinstance(field.related_model, type)
        and issubclass(field.related_model, TenantModel)
    }


@check("uniqueness")
def uniqueness(findings: Findings) -> None:
    """No unique index of a tenant table ignores the city: its refusal would tell strangers what exists."""
    with connection.cursor() as cursor:
        cursor.execute(_UNIQUES)
        for table, index, is_primary, columns in cursor.fetchall():
            findings.examined += 1
            is_by_id = is_primary and len(columns) == 1  # a random UUID tells nothing
            if not is_by_id and not TENANT_COLUMNS & set(columns) and index not in GLOBAL_UNIQUES:
                findings.broke(f"{table}, index {index}", "is unique over all cities")
