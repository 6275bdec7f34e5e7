"""The second lock, as migration operations: row-level security, definer functions and triggers in plain SQL.

Not django-pgtrigger: any role can switch its triggers off by a setting.
"""

from django.db import migrations

DOOR = "(SELECT current_setting('app.door', true))"
CITY = "(SELECT nullif(current_setting('app.city_id', true), '')::uuid)"
USER = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)"
OPEN_CITY = "(SELECT CASE WHEN current_setting('app.door', true) = 'city' THEN nullif(current_setting('app.city_id', true), '')::uuid END)"
"""The open city, or NULL at any other door. One comparison, so that the planner knows how many rows are a city's: it takes
a term about the door alone for one row in two hundred, and sorts instead of following an index."""
AT_CENTER = "(SELECT current_setting('app.door', true) = 'center')"


def protect(
    table: str,
    *,
    city_column: str = "city_id",
    person: str = "",
    person_writes: bool = False,
    public: str = "",
    recipient: bool = False,
) -> migrations.RunSQL:
    """Switch on row-level security for ``table``, one policy per door, each for the door's own role.

    ``person`` and ``public`` are SQL conditions of rows readable through those doors; each policy names its door
    all the same, so that a role without its setting sees nothing. ``recipient`` lets the city that a row of the Center names as ``recipient_id`` read it.
    The owner needs a policy of its own: under FORCE a data migration would else change 0 rows, silently.
    """
    own = f"{city_column} = {CITY}"
    policies = [
        f"CREATE POLICY owner ON {table} TO lyb_owner USING (true) WITH CHECK (true)",
        f"CREATE POLICY city ON {table} TO lyb_city USING ({city_column} = {OPEN_CITY}) WITH CHECK ({city_column} = {OPEN_CITY})",
        f"CREATE POLICY center_read ON {table} FOR SELECT TO lyb_center USING ({AT_CENTER})",
        f"CREATE POLICY center_insert ON {table} FOR INSERT TO lyb_center WITH CHECK ({DOOR} = 'center' AND {own})",
        f"CREATE POLICY center_update ON {table} FOR UPDATE TO lyb_center USING ({DOOR} = 'center' AND {own}) WITH CHECK ({DOOR} = 'center' AND {own})",
        f"CREATE POLICY center_delete ON {table} FOR DELETE TO lyb_center USING ({DOOR} = 'center' AND {own})",
    ]
    if person:
        policies.append(
            f"CREATE POLICY person_read ON {table} FOR SELECT TO lyb_person USING ({DOOR} = 'person' AND {person} = {USER})"
        )
    if person and person_writes:
        policies.append(
            f"CREATE POLICY person_update ON {table} FOR UPDATE TO lyb_person "
            f"USING ({DOOR} = 'person' AND {person} = {USER}) WITH CHECK ({DOOR} = 'person' AND {person} = {USER})"
        )
    if public:
        policies.append(
            f"CREATE POLICY public_read ON {table} FOR SELECT TO lyb_public USING ({DOOR} = 'public' AND {public})"
        )
    if recipient:
        policies.append(
            f"CREATE POLICY recipient_read ON {table} FOR SELECT TO lyb_city USING ({DOOR} = 'city' AND recipient_id = {CITY})"
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
            f"REVOKE UPDATE, DELETE ON {table} FROM lyb_city, lyb_center, lyb_person",
        ],
        reverse_sql=[
            f"DROP TRIGGER append_only ON {table}",
            f"GRANT UPDATE, DELETE ON {table} TO lyb_city, lyb_center, lyb_person",
        ],
    )


REFUSE_CHANGE = definer_function(
    "refuse_change()",
    "trigger",
    "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation', CONSTRAINT = 'append_only'; END",
    callers="",
)


def never_deleted(table: str) -> migrations.RunSQL:
    """Take the right to delete rows of ``table`` from the web roles: money and decisions are corrected, not removed."""
    return migrations.RunSQL(
        f"REVOKE DELETE ON {table} FROM lyb_city, lyb_center, lyb_person",
        f"GRANT DELETE ON {table} TO lyb_city, lyb_center, lyb_person",
    )


def trigger(
    name: str,
    table: str,
    when: str,
    function: str,
    *,
    each: str = "ROW",
    deferred: bool = False,
    extra: str = "",
) -> migrations.RunSQL:
    """Create a trigger; ``deferred`` ones are constraint triggers that run when the outermost action ends, or at commit."""
    kind, timing = ("CONSTRAINT TRIGGER", "DEFERRABLE INITIALLY DEFERRED ") if deferred else ("TRIGGER", "")
    return migrations.RunSQL(
        f"CREATE {kind} {name} {when} ON {table} {extra}{timing}FOR EACH {each} EXECUTE FUNCTION {function}()",
        f"DROP TRIGGER {name} ON {table}",
    )
