"""Stored files, over the storage's own interface: a directory of this machine or an S3 store alike."""

import hashlib
from collections.abc import Iterator
from typing import Any

import psycopg
from django.apps import apps
from django.core.files.storage import Storage
from django.db import models
from psycopg import sql


def names(storage: Storage, directory: str = "") -> Iterator[str]:
    """Walk everything that is stored."""
    try:
        directories, files = storage.listdir(directory)
    except FileNotFoundError:  # nothing was ever stored
        return
    base = f"{directory}/" if directory else ""
    yield from (f"{base}{name}" for name in sorted(files) if name)
    for inner in sorted(directories):
        yield from names(storage, f"{base}{inner}")


def is_empty(storage: Storage) -> bool:
    return next(names(storage), None) is None


def digest(storage: Storage, name: str) -> str:
    with storage.open(name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def named_in_rows(connection: psycopg.Connection[Any]) -> set[str]:
    """Return the names of all files that rows speak of."""
    found: set[str] = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                statement = sql.SQL("SELECT DISTINCT {column} FROM {table} WHERE {column} <> ''").format(
                    column=sql.Identifier(str(field.column)), table=sql.Identifier(model._meta.db_table)
                )
                found.update(name for (name,) in connection.execute(statement))
    return found
