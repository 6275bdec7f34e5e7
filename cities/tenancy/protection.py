"""The second lock, as migration operations: row-level security, definer functions and triggers in plain SQL.

Not django-pgtrigger: any role can switch its triggers off by a setting.
"""

from django.db import migrations

DOOR = "(SELECT current_setting('app.door', true))"
CITY = "(SELECT nullif(current_setting('app.city_id', true), '')::uuid)"
USER = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)"


def protect(
    table: str,
    *,
    city_column: str = "city_id",
    person: str = "",
    person_writes: bool = False,
    public: str = "",
) -> migrations.RunSQL:
    """Switch on row-level security for ``table``, one policy per door.

    ``person`` and ``public`` are SQL conditions of rows readable through those doors; each policy
    begins with its door, since permissive policies are ORed and would leak into each other.
    The owner needs a policy of its own: under FORCE a data migration would else change 0 rows, silently.
    """
    own = f"{city_column} = {CITY}"
    policies = [
        f"CREATE POLICY owner ON {table} TO lyb_owner USING (true) WITH CHECK (true)",
        f"CREATE POLICY city ON {table} TO lyb_city USING ({DOOR} = 'city' AND {own}) WITH CHECK ({DOOR} = 'city' AND {own})",
        f"CREATE POLICY center_read ON {table} FOR SELECT TO lyb_center USING ({DOOR} = 'center')",
        f"CREATE POLICY center_insert ON {table} FOR INSERT TO lyb_center WITH CHECK ({DOOR} = 'center' AND {own})",
        f"CREATE POLICY center_update ON {table} FOR UPDATE TO lyb_center USING ({DOOR} = 'center' AND {own}) WITH CHECK ({DOOR} = 'center' AND {own})",
        f"CREATE POLICY center_delete ON {table} FOR DELETE TO lyb_center USING ({DOOR} = 'center' AND {own})",
    ]
    if person:
        policies.append(
            f"CREATE POLICY person_read ON {table} FOR SELECT TO lyb_city USING ({DOOR} = 'person' AND {person} = {USER})"
        )
    if person and person_writes:
        policies.append(
            f"CREATE POLICY person_update ON {table} FOR UPDATE TO lyb_city "
            f"USING ({DOOR} = 'person' AND {person} = {USER}) WITH CHECK ({DOOR} = 'person' AND {person} = {USER})"
        )
    if public:
        policies.append(
            f"CREATE POLICY public_read ON {table} FOR SELECT TO lyb_city USING ({DOOR} = 'public' AND {public})"
        )
    names = [policy.split()[2] for policy in policies]
    return migrations.RunSQL(
        sql=[
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            *policies,
        ],
        reverse_sql=[
            *[f"DROP POLICY {name} ON {table}" for name in names],
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ],
    )


def definer_function(
    signature: str,
    returns: str,
    body: str,
    *,
    language: str = "plpgsql",
    volatility: str = "VOLATILE",
    callers: str = "lyb_city",
) -> migrations.RunSQL:
    """Create a ``SECURITY DEFINER`` function owned by the migrating role (``lyb_owner``).

    ``search_path`` is fixed, and only ``callers`` may execute it (nobody directly, for triggers).
    """
    grants = [f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC"]
    if callers:
        grants.append(f"GRANT EXECUTE ON FUNCTION {_types(signature)} TO {callers}")
    return migrations.RunSQL(
        sql=[
            f"CREATE OR REPLACE FUNCTION {signature} RETURNS {returns} LANGUAGE {language} {volatility} "
            f"SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$ {body} $body$",
            grants[0].replace(signature, _types(signature)),
            *grants[1:],
        ],
        reverse_sql=[f"DROP FUNCTION {_types(signature)}"],
    )


def _types(signature: str) -> str:
    """``f(a int, b text)`` → ``f(int, text)``."""
    name, _, arguments = signature.partition("(")
    types = [
        argument.strip().split(" ", 1)[1] for argument in arguments.rstrip(")").split(",") if argument.strip()
    ]
    return f"{name}({', '.join(types)})"


def append_only(table: str) -> migrations.RunSQL:
    """Refuse UPDATE and DELETE of ``table`` to everybody, its owner included; TRUNCATE nobody has."""
    return migrations.RunSQL(
        sql=[
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
            f"REVOKE UPDATE, DELETE ON {table} FROM lyb_city, lyb_center",
        ],
        reverse_sql=[
            f"DROP TRIGGER append_only ON {table}",
            f"GRANT UPDATE, DELETE ON {table} TO lyb_city, lyb_center",
        ],
    )


REFUSE_CHANGE = definer_function(
    "refuse_change()",
    "trigger",
    "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation', CONSTRAINT = 'append_only'; END",
    callers="",
)
