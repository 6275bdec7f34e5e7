"""Queue notices from a process of its own, as the web role: ``python -m tests.faults.queue_notices COUNT NAME``."""

import sys

import django


def main(count: int, name: str) -> None:
    from django.db import connection

    from cities.outbox.letters import enqueue
    from cities.tenancy.scopes import CENTER_ID, city_scope

    with city_scope(CENTER_ID), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("lyb_city",)
        for n in range(count):
            enqueue(
                "invitation", key=f"{name}-{n}", address=f"{name}-{n}@example.org",
                city="Baltimore", inviter="Ana", roles=["staff"], path="/accounts/invitations/x/", days=14,
            )  # fmt: skip


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]), sys.argv[2])
