"""Row-level security on every tenant table of the ground floor, and the Center's own tenant row."""

from django.db import migrations

from cities.tenancy.protection import CITY, DOOR, REFUSE_CHANGE, append_only, protect
from cities.tenancy.scopes import CENTER_ID

CITY_TABLE = migrations.RunSQL(
    sql=[
        "ALTER TABLE cities_city ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE cities_city FORCE ROW LEVEL SECURITY",
        "CREATE POLICY owner ON cities_city TO lyb_owner USING (true) WITH CHECK (true)",
        # Which cities take part is public; only its own scope writes a row, the founding one included.
        "CREATE POLICY everybody_reads ON cities_city FOR SELECT TO lyb_city, lyb_center USING (true)",
        f"CREATE POLICY city_founds ON cities_city FOR INSERT TO lyb_city WITH CHECK ({DOOR} = 'city' AND id = {CITY})",
        f"CREATE POLICY city_changes ON cities_city FOR UPDATE TO lyb_city USING ({DOOR} = 'city' AND id = {CITY}) WITH CHECK ({DOOR} = 'city' AND id = {CITY})",
        f"CREATE POLICY center_changes ON cities_city FOR UPDATE TO lyb_center USING ({DOOR} = 'center' AND id = {CITY}) WITH CHECK ({DOOR} = 'center' AND id = {CITY})",
    ],
    reverse_sql=[
        *[
            f"DROP POLICY {name} ON cities_city"
            for name in ("owner", "everybody_reads", "city_founds", "city_changes", "center_changes")
        ],
        "ALTER TABLE cities_city NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE cities_city DISABLE ROW LEVEL SECURITY",
    ],
)

THE_CENTER = migrations.RunSQL(
    sql=[
        (
            "INSERT INTO cities_city (id, kind, slug, name, region, country, timezone, currency, languages, fiscal_year_starts_month, "
            "contact_name, contact_email, contact_phone, contact_address, logo, accent_color, is_demo, created_at) "
            "VALUES (%s, 'center', NULL, 'Bloomberg Center for Public Innovation', 'MD', 'US', 'America/New_York', 'USD', '{en}', 7, "
            "'', '', '', '', '', '#005ea2', false, now())",
            [str(CENTER_ID)],
        )
    ],
    reverse_sql=[("DELETE FROM cities_city WHERE id = %s", [str(CENTER_ID)])],
)


class Migration(migrations.Migration):
    dependencies = [("cities", "0001_ground")]

    operations = [
        REFUSE_CHANGE,
        CITY_TABLE,
        THE_CENTER,
        protect("cities_membership", person="user_id"),
        protect("cities_invitation"),
        protect("cities_event"),
        protect("cities_seal"),
        protect("cities_signedhead"),
        protect("cities_message", person="recipient_id", person_writes=True),
        protect("cities_area", public="true"),
        append_only("cities_event"),
        append_only("cities_seal"),
        append_only("cities_signedhead"),
    ]
