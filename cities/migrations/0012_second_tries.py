"""Letters are tried for two days, what waits for another try and what failed within the hour is counted, and who has no
inbox is forgotten; a report that is tried again waits from then on.

What may be on its way at once counts only what lies in the queue: letters that pause for hours after a try that failed
would else hold up all new ones. What kills each worker leaves no reason behind; it is parked after five tries as before.
"""

import django.utils.timezone
from django.db import migrations, models

from cities.tenancy.protection import definer_function


def replace(signature: str, returns: str, body: str, was: str, **options: str) -> migrations.RunSQL:
    """Give a function another body; backwards the one that it had."""
    new, old = (definer_function(signature, returns, text, **options) for text in (body, was))
    return migrations.RunSQL(new.sql, old.sql)


_CLAIM = """
WITH on_their_way AS (
    SELECT count(*) AS n FROM cities_message
    WHERE sent_at IS NULL AND failed_at IS NULL AND {queued} AND priority > 0
), waiting AS (
    SELECT w.id FROM cities_message w
    WHERE w.sent_at IS NULL AND w.failed_at IS NULL AND (w.claimed_until IS NULL OR w.claimed_until < now())
      AND {alive} AND (w.priority = 0 OR (SELECT n FROM on_their_way) < p_on_their_way)
    ORDER BY w.priority, w.created_at LIMIT p_limit FOR UPDATE SKIP LOCKED
)
UPDATE cities_message m SET claimed_until = now() + make_interval(secs => p_lease_seconds)
FROM waiting WHERE m.id = waiting.id
RETURNING m.id, m.city_id, m.priority, m.attempts
"""
CLAIM = replace(
    "outbox_claim(p_limit integer, p_lease_seconds integer, p_on_their_way integer)",
    "TABLE (id uuid, city_id uuid, priority smallint, attempts smallint)",
    _CLAIM.format(
        queued="claimed_until > now() AND claimed_until <= now() + make_interval(secs => p_lease_seconds)",
        alive="(w.attempts < 5 OR w.failure <> '')",
    ),
    _CLAIM.format(queued="claimed_until > now()", alive="w.attempts < 5"),
    language="sql",
)

_ERASE = """
WITH spent AS (
    UPDATE cities_message SET sealed_body = '', {more} failed_at = now(), failure = CASE WHEN failure = '' THEN 'gave up' ELSE failure END
    WHERE sent_at IS NULL AND failed_at IS NULL AND (
        expires_at < now() OR (attempts >= {most} AND claimed_until < now())
    )
    RETURNING 1
) SELECT count(*)::integer FROM spent
"""
ERASE = replace(
    "outbox_erase(p_max_attempts integer)",
    "integer",
    _ERASE.format(
        most="CASE WHEN failure = '' THEN 5 ELSE p_max_attempts END",
        more="address = CASE WHEN recipient_id IS NULL THEN '' ELSE address END,",
    ),
    _ERASE.format(most="p_max_attempts", more=""),
    language="sql",
)

# What the sweeper gave up before kept its address.
FORGET = migrations.RunSQL(
    "UPDATE cities_message SET address = '' WHERE recipient_id IS NULL AND address <> '' "
    "AND (sent_at IS NOT NULL OR failed_at IS NOT NULL)",
    migrations.RunSQL.noop,
)

# A report that is tried again years later has not waited for years.
ASKED = [
    migrations.AddField(
        model_name="document",
        name="asked_at",
        field=models.DateTimeField(default=django.utils.timezone.now),
    ),
    migrations.RunSQL("UPDATE cities_document SET asked_at = created_at", migrations.RunSQL.noop),
]

_FIGURES = """
SELECT jsonb_build_object(
    'counts', jsonb_build_object(
        'outbox_waiting', (SELECT count(*) FROM cities_message WHERE sent_at IS NULL AND failed_at IS NULL),
        'outbox_failed', (SELECT count(*) FROM cities_message WHERE failed_at IS NOT NULL),
        'outbox_failed_today', (SELECT count(*) FROM cities_message WHERE failed_at > now() - interval '1 day'),
        {more}
        'events_unsealed', (SELECT count(*) FROM cities_unsealed),
        'documents_waiting', (SELECT count(*) FROM cities_document WHERE status = 'waiting'),
        'documents_running', (SELECT count(*) FROM cities_document WHERE status = 'running'),
        'documents_failed', (SELECT count(*) FROM cities_document WHERE status = 'failed'),
        'documents_failed_today', (SELECT count(*) FROM cities_document WHERE status = 'failed' AND ended_at > now() - interval '1 day')
    ),
    'oldest', jsonb_build_object(
        'outbox', (SELECT min(created_at) FROM cities_message WHERE sent_at IS NULL AND failed_at IS NULL{untried}),
        'events', (SELECT min(created_at) FROM cities_unsealed),
        'documents', (SELECT min({since}) FROM cities_document WHERE status IN ('waiting', 'running'))
    ),
    'backups', (SELECT jsonb_agg(to_jsonb(newest)) FROM (
        SELECT DISTINCT ON (kind) kind, name, taken_at, checked_at, break_count, signature
        FROM cities_backupcheck ORDER BY kind, checked_at DESC
    ) newest)
)
"""
FIGURES = replace(
    "operations_figures()",
    "jsonb",
    _FIGURES.format(
        more="""
        'outbox_put_off', (SELECT count(*) FROM cities_message WHERE sent_at IS NULL AND failed_at IS NULL AND failure <> ''),
        'outbox_failed_lately', (SELECT count(*) FROM cities_message WHERE failed_at > now() - interval '1 hour'),""",
        untried=" AND failure = ''",
        since="asked_at",
    ),
    _FIGURES.format(more="", untried="", since="created_at"),
    language="sql",
    volatility="STABLE",
)


class Migration(migrations.Migration):
    dependencies = [("cities", "0011_rows_by_city")]

    operations = [CLAIM, ERASE, FORGET, *ASKED, FIGURES]
