"""Row-level security on documents and the read log, and the claim of documents across cities."""

from django.db import migrations

from cities.tenancy.protection import CITY, DOOR, append_only, definer_function, protect
from cities.tenancy.scopes import CENTER_ID

# The Center's look into a city is written down in that city, which the general policy of the Center forbids; what it
# saw of all of them stands in its own tenant, for all of them to read.
READ_LOG = migrations.RunSQL(
    sql=[
        "DROP POLICY center_insert ON cities_reading",
        "DROP POLICY city ON cities_reading",
        f"CREATE POLICY center_insert ON cities_reading FOR INSERT TO lyb_center WITH CHECK ({DOOR} = 'center')",
        f"CREATE POLICY city ON cities_reading FOR SELECT TO lyb_city USING ({DOOR} = 'city' AND city_id = {CITY})",
        f"CREATE POLICY city_reads_centers ON cities_reading FOR SELECT TO lyb_city USING ({DOOR} = 'city' AND city_id = '{CENTER_ID}')",
        "REVOKE INSERT ON cities_reading FROM lyb_city",
    ],
    reverse_sql=[
        "GRANT INSERT ON cities_reading TO lyb_city",
        "DROP POLICY city_reads_centers ON cities_reading",
    ],
)

CLAIM = definer_function(
    "document_claim(p_limit integer, p_lease_seconds integer)",
    "TABLE (id uuid, city_id uuid, attempts smallint)",
    """
    WITH waiting AS (
        SELECT d.id FROM cities_document d
        WHERE d.status IN ('waiting', 'running') AND (d.claimed_until IS NULL OR d.claimed_until < now())
        ORDER BY d.created_at LIMIT p_limit FOR UPDATE SKIP LOCKED
    )
    UPDATE cities_document d SET claimed_until = now() + make_interval(secs => p_lease_seconds)
    FROM waiting WHERE d.id = waiting.id
    RETURNING d.id, d.city_id, d.attempts
    """,
    language="sql",
)


class Migration(migrations.Migration):
    dependencies = [("cities", "0005_documents_and_readings")]

    operations = [
        protect("cities_document"),
        protect("cities_reading"),
        READ_LOG,
        append_only("cities_reading"),
        CLAIM,
    ]
