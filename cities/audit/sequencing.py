"""Append waiting events to their city's chain, by the database functions that alone may do it."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction


def waiting_cities() -> dict[UUID, datetime]:
    """Return the cities with unsealed events, and when the oldest of each was written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT city_id, oldest FROM unsealed_cities()")
        return dict(cursor.fetchall())


def seal_city(city_id: UUID) -> int:
    """Seal what waits in one city, in transactions of a few thousand events. Returns how many."""
    total = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT seal(%s)", [city_id])
            (sealed,) = cursor.fetchone()
        total += int(sealed)
        if not sealed:
            return total
