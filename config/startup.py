"""What production makes sure of before it serves a page."""

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection

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

    A database that is away can't be asked; a process that starts then is no stronger than those that run already.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute(_STRONG)
            (excesses,) = cursor.fetchone()
    except OperationalError:
        return
    finally:
        connection.close()
    if excesses:
        raise ImproperlyConfigured(
            f"DATABASE_URL must name the web role lyb_city: this one {', and '.join(excesses)}."
        )
