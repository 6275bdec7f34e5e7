"""Database functions that work across cities: sealing the audit chains, claiming the outbox.

Each is SECURITY DEFINER with a fixed search_path and gives back ids only.
"""

from django.db import migrations

from cities.tenancy.protection import definer_function

# Which events are still to be sealed, so that nobody has to look for them among a million.
PENDING = migrations.RunSQL(
    sql=[
        "CREATE TABLE cities_unsealed (event_id uuid PRIMARY KEY, city_id uuid NOT NULL, created_at timestamptz NOT NULL DEFAULT now())",
        "CREATE INDEX cities_unsealed_city ON cities_unsealed (city_id, created_at)",
        "ALTER TABLE cities_unsealed ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE cities_unsealed FORCE ROW LEVEL SECURITY",
        "CREATE POLICY owner ON cities_unsealed TO lyb_owner USING (true) WITH CHECK (true)",
        "REVOKE ALL ON cities_unsealed FROM lyb_city, lyb_center",
        "REVOKE INSERT ON cities_seal FROM lyb_city, lyb_center",
    ],
    reverse_sql=["DROP TABLE cities_unsealed", "GRANT INSERT ON cities_seal TO lyb_city, lyb_center"],
)

NOTE_UNSEALED = definer_function(
    "note_unsealed()",
    "trigger",
    "BEGIN INSERT INTO cities_unsealed (event_id, city_id) VALUES (NEW.id, NEW.city_id); RETURN NULL; END",
    callers="",
)

NOTE_UNSEALED_TRIGGER = migrations.RunSQL(
    "CREATE TRIGGER note_unsealed AFTER INSERT ON cities_event FOR EACH ROW EXECUTE FUNCTION note_unsealed()",
    "DROP TRIGGER note_unsealed ON cities_event",
)

# The canonical text of an event; cities/audit/verification.py rebuilds it independently.
CANONICAL = migrations.RunSQL(
    sql="""
    CREATE FUNCTION event_text(e cities_event) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
        SELECT concat_ws(chr(31), e.id, e.city_id, e.tag, coalesce(e.actor_id::text, ''), e.actor_name, e.subject_type, e.subject_id,
                         (extract(epoch FROM e.created_at) * 1000000)::bigint, e.data::text)
    $$
    """,
    reverse_sql="DROP FUNCTION event_text(cities_event)",
)

SEAL = definer_function(
    "seal(p_city uuid)",
    "integer",
    """
    DECLARE
        waiting record; link text; head text; place bigint; sealed integer := 0;
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtextextended('seal:' || p_city::text, 0));
        SELECT seq, hash INTO place, head FROM cities_seal WHERE city_id = p_city ORDER BY seq DESC LIMIT 1;
        place := coalesce(place, 0);
        head := coalesce(head, repeat('0', 64));
        FOR waiting IN
            SELECT e.id, event_text(e) AS text FROM cities_unsealed u JOIN cities_event e ON e.id = u.event_id
            WHERE u.city_id = p_city ORDER BY e.created_at, e.id LIMIT 5000
        LOOP
            link := encode(sha256(convert_to(head || waiting.text, 'UTF8')), 'hex');
            place := place + 1;
            INSERT INTO cities_seal (id, city_id, seq, event_id, hash, previous, sealed_at)
            VALUES (gen_random_uuid(), p_city, place, waiting.id, link, head, clock_timestamp());
            DELETE FROM cities_unsealed WHERE event_id = waiting.id;
            head := link;
            sealed := sealed + 1;
        END LOOP;
        RETURN sealed;
    END
    """,
)

UNSEALED_CITIES = definer_function(
    "unsealed_cities()",
    "TABLE (city_id uuid, oldest timestamptz)",
    "SELECT u.city_id, min(u.created_at) FROM cities_unsealed u GROUP BY u.city_id",
    language="sql",
    volatility="STABLE",
)

CLAIM = definer_function(
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

ERASE = definer_function(
    "outbox_erase(p_max_attempts integer)",
    "integer",
    """
    WITH spent AS (
        UPDATE cities_message SET sealed_body = '', failed_at = now(), failure = CASE WHEN failure = '' THEN 'gave up' ELSE failure END
        WHERE sent_at IS NULL AND failed_at IS NULL AND (
            expires_at < now() OR (attempts >= p_max_attempts AND claimed_until < now())
        )
        RETURNING 1
    ) SELECT count(*)::integer FROM spent
    """,
    language="sql",
)


class Migration(migrations.Migration):
    dependencies = [("cities", "0002_protection")]

    operations = [
        PENDING,
        NOTE_UNSEALED,
        NOTE_UNSEALED_TRIGGER,
        CANONICAL,
        SEAL,
        UNSEALED_CITIES,
        CLAIM,
        ERASE,
    ]
