"""Count an attempt when sending begins, not when a message is queued; keep room between the two.

Counted at the claim, a backlog longer than a few leases used up every attempt of messages that
nobody had tried to send. Codes pass the limit of how many may be on their way at once.
"""

from django.db import migrations

from cities.tenancy.protection import definer_function

OLD_CLAIM = definer_function(
    "outbox_claim(p_limit integer, p_lease_seconds integer)",
    "TABLE (id uuid, city_id uuid, priority smallint)",
    """
    UPDATE cities_message m SET claimed_until = now() + make_interval(secs => p_lease_seconds), attempts = m.attempts + 1
    WHERE m.id IN (
        SELECT w.id FROM cities_message w
        WHERE w.sent_at IS NULL AND w.failed_at IS NULL AND (w.claimed_until IS NULL OR w.claimed_until < now()) AND w.attempts < 5
        ORDER BY w.priority, w.created_at LIMIT p_limit FOR UPDATE SKIP LOCKED
    )
    RETURNING m.id, m.city_id, m.priority
    """,
    language="sql",
)

DROP_OLD_CLAIM = migrations.RunSQL(OLD_CLAIM.reverse_sql, OLD_CLAIM.sql)

CLAIM = definer_function(
    "outbox_claim(p_limit integer, p_lease_seconds integer, p_on_their_way integer)",
    "TABLE (id uuid, city_id uuid, priority smallint, attempts smallint)",
    """
    WITH on_their_way AS (
        SELECT count(*) AS n FROM cities_message
        WHERE sent_at IS NULL AND failed_at IS NULL AND claimed_until > now() AND priority > 0
    ), waiting AS (
        SELECT w.id FROM cities_message w
        WHERE w.sent_at IS NULL AND w.failed_at IS NULL AND (w.claimed_until IS NULL OR w.claimed_until < now())
          AND w.attempts < 5 AND (w.priority = 0 OR (SELECT n FROM on_their_way) < p_on_their_way)
        ORDER BY w.priority, w.created_at LIMIT p_limit FOR UPDATE SKIP LOCKED
    )
    UPDATE cities_message m SET claimed_until = now() + make_interval(secs => p_lease_seconds)
    FROM waiting WHERE m.id = waiting.id
    RETURNING m.id, m.city_id, m.priority, m.attempts
    """,
    language="sql",
)


class Migration(migrations.Migration):
    dependencies = [("cities", "0003_seals_and_outbox")]

    operations = [DROP_OLD_CLAIM, CLAIM]
