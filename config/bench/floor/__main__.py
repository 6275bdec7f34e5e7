"""Make the floor's tables, rows and session as their owner, and print the session's key. A process of its own."""

import os

import django
from django.db import connection

ROWS = 12_000
CALLS = 4

_FILL = """
INSERT INTO floor_row (call, reference, title, applicant, "group", neighborhood, status, requested_cents, submitted_at)
SELECT n %% %s, 'FLR-2026-' || n, 'A garden on the corner of block number ' || n, 'Somebody Named ' || n, 'Neighbors of ' || n,
       'Old Town', 'submitted', 25000 + n, now() - n * interval '1 minute'
FROM generate_series(1, %s) AS n
"""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.bench.floor.settings")
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 -- after setup, as all of these

    from .settings import SCHEMA  # noqa: PLC0415

    call_command("migrate", run_syncdb=True, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(_FILL, [CALLS, ROWS * CALLS])
        cursor.execute("ANALYZE floor_row")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {SCHEMA} TO lyb_city")
        cursor.execute(f"GRANT USAGE ON SCHEMA {SCHEMA} TO lyb_city")
    print(sign_in())  # noqa: T201 -- what the caller waits for


def sign_in() -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415

    user = User.objects.create_user("floor")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


main()
