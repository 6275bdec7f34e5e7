"""What runs by the clock: sweep the storage."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from celery import shared_task
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from .uploads.keeping import FOLDER, main_key

GRACE = timedelta(hours=1)
"""An upload that is under way lies unlinked for seconds; younger objects are let alone."""

BATCH = 500


@shared_task
def sweep_uploads() -> int:
    """Delete stored files that no answer was ever linked to, or that were removed a month ago. Returns how many.

    Asks the database by the batch, between the looks into the storage: no transaction waits for S3. The storage is
    asked for the age of those alone that no row names: S3 answers each such question by a call of its own.
    """
    swept, before = 0, timezone.now() - GRACE
    stored = _stored()
    while keys := list(islice(stored, BATCH)):
        linked = _linked({main_key(key) for key in keys})
        for key in keys:
            if main_key(key) not in linked and default_storage.get_modified_time(key) < before:
                default_storage.delete(key)
                swept += 1
    return swept


def _stored() -> Iterator[str]:
    try:
        _folders, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return
    yield from (f"{FOLDER}/{name}" for name in names if name)


def _linked(keys: set[str]) -> set[str]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT linked_uploads(%s)", [list(keys)])
        return {name for (name,) in cursor.fetchall()}
