"""What production makes sure of before it serves a page."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.db.backends.signals import connection_created

_STRONG = """
SELECT array_remove(ARRAY[
    CASE WHEN r.rolsuper THEN 'is a superuser' END,
    CASE WHEN r.rolbypassrls THEN 'bypasses row-level security' END,
    CASE WHEN EXISTS (SELECT 1 FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND pg_has_role(r.oid, c.relowner, 'MEMBER'))
         THEN 'owns the tables, or may act for who does' END
], NULL) FROM pg_roles r WHERE r.rolname = current_user
"""


def refuse_a_strong_role() -> None:
    """Raise ``ImproperlyConfigured`` if no policy would hold for the role that serves the pages.

    A database that is away can't be asked: then the first connection that opens is held to it.
    """
    try:
        _ask(connection)
    except OperationalError:
        connection_created.connect(_ask_at_last)
    finally:
        connection.close()


def _ask_at_last(*, connection: Any, **_sender: Any) -> None:
    try:
        _ask(connection)
    except ImproperlyConfigured:
        # Left open, it would serve whoever asks next.
        connection.close()
        raise
    connection_created.disconnect(_ask_at_last)


def _ask(connection: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_STRONG)
        (excesses,) = cursor.fetchone()
    if excesses:
        raise ImproperlyConfigured(
            f"DATABASE_URL must name the web role lyb_city: this one {', and '.join(excesses)}."
        )
