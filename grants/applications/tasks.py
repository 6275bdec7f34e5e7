"""What runs by the clock: sweep the storage."""

from collections.abc import Iterator
from datetime import datetime, timedelta
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

    Asks the database by the batch, between the looks into the storage: no transaction waits for S3.
    """
    swept = 0
    stored = _stored_before(timezone.now() - GRACE)
    while keys := list(islice(stored, BATCH)):
        linked = _linked({main_key(key) for key in keys})
        for key in keys:
            if main_key(key) not in linked:
                default_storage.delete(key)
                swept += 1
    return swept


def _stored_before(moment: datetime) -> Iterator[str]:
    try:
        _folders, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return
    for name in names:
        key = f"{FOLDER}/{name}"
        if name and default_storage.get_modified_time(key) < moment:
            yield key


def _linked(keys: set[str]) -> set[str]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT linked_uploads(%s)", [list(keys)])
        return {name for (name,) in cursor.fetchall()}
