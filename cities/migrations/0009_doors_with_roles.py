"""The person's and the public door act in roles of their own, so that a city's policy stands alone on each table.

Roles are an administrator's: ``manage.py roles --sql`` makes them (the embedded server does so as it starts). Policies
made by migrations before this one are changed in place; those made later come right from ``protect``.
"""

from django.db import migrations

from cities.tenancy.protection import AT_CENTER, CITY, DOOR, OPEN_CITY

_GRANTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO lyb_person;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO lyb_person;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO lyb_public;
REVOKE ALL ON cities_unsealed FROM lyb_person, lyb_public;
REVOKE INSERT ON cities_seal FROM lyb_person;
DO $$ DECLARE found record; BEGIN
  FOR found IN SELECT tgrelid::regclass AS name FROM pg_trigger WHERE tgname = 'append_only' LOOP
    EXECUTE format('REVOKE UPDATE, DELETE ON %s FROM lyb_person', found.name);
  END LOOP;
END $$;
"""

_ALTERED = """
DO $$ DECLARE found record; BEGIN
  FOR found IN SELECT format('%%I ON %%I', policyname, tablename) AS named, policyname AS name, cmd FROM pg_policies
               WHERE schemaname = 'public' AND tablename <> 'cities_city' LOOP
    IF found.name IN ('person_read', 'person_update') THEN
      EXECUTE format('ALTER POLICY %%s TO {person}', found.named);
    ELSIF found.name = 'public_read' THEN
      EXECUTE format('ALTER POLICY %%s TO {public}', found.named);
    ELSIF found.name = 'center_read' THEN
      EXECUTE format('ALTER POLICY %%s USING (%%s)', found.named, {at_center});
    ELSIF found.name = 'city' AND found.cmd = 'ALL' THEN
      EXECUTE format('ALTER POLICY %%1$s USING (%%2$s) WITH CHECK (%%2$s)', found.named, {own});
    END IF;
  END LOOP;
END $$;
""".replace("%%", "%")


def literal(sql: str) -> str:
    return "'" + sql.replace("'", "''") + "'"


FORWARD = _ALTERED.format(
    person="lyb_person",
    public="lyb_public",
    at_center=literal(AT_CENTER),
    own=literal(f"city_id = {OPEN_CITY}"),
)
BACK = _ALTERED.format(
    person="lyb_city",
    public="lyb_city",
    at_center=literal(f"{DOOR} = 'center'"),
    own=literal(f"{DOOR} = 'city' AND city_id = {CITY}"),
)


class Migration(migrations.Migration):
    # Behind every migration that protects tables: what this one finds, it changes.
    dependencies = [
        ("cities", "0008_factor_resets"),
        ("grants", "0009_scores_fit_what_was_sent"),
        ("projects", "0002_protection"),
    ]

    operations = [
        migrations.RunSQL(
            _GRANTS,
            "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM lyb_person, lyb_public; "
            "REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM lyb_person",
        ),
        migrations.RunSQL(FORWARD, BACK),
        migrations.RunSQL(
            "ALTER POLICY everybody_reads ON cities_city TO lyb_city, lyb_center, lyb_person, lyb_public",
            "ALTER POLICY everybody_reads ON cities_city TO lyb_city, lyb_center",
        ),
    ]
