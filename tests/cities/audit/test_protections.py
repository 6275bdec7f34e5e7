"""The catalog tests: the walls stand, and a hole in each is found."""

import pytest

from cities.audit.verification import check, run_checks
from cities.audit.verification.protections import conjunction, is_exempt
from cities.audit.verification.relations import GLOBAL_UNIQUES, tenant_models
from cities.tenancy.protection import OPEN_CITY
from tests.cities.audit.conftest import planted

pytestmark = pytest.mark.django_db(transaction=True)

WALLS = [
    "row-level security",
    "triggers",
    "roles",
    "privileges",
    "relations",
    "uniqueness",
    "definer functions",
    "views",
]
CITY_DOOR = "(SELECT current_setting('app.door', true)) = 'city'"
OWN = "city_id = (SELECT nullif(current_setting('app.city_id', true), '')::uuid)"


def breaks(name: str) -> list[str]:
    return [f"{found.place}: {found.sentence}" for findings in run_checks(name) for found in findings.breaks]


@pytest.mark.parametrize("name", WALLS)
def test_the_walls_stand(name):
    (findings,) = run_checks(name)

    assert findings.breaks == []
    assert findings.examined > 0 or name == "views"


def test_every_tenant_model_is_among_the_examined():
    assert {"cities_event", "grants_application", "grants_cohortmember"} <= {
        model._meta.db_table for model in tenant_models()
    }


HOLES = {
    "a table without row-level security": (
        "row-level security",
        "ALTER TABLE grants_note DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE grants_note ENABLE ROW LEVEL SECURITY",
        "grants_note: row-level security is off",
    ),
    "a table that its owner walks past": (
        "row-level security",
        "ALTER TABLE grants_note NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE grants_note FORCE ROW LEVEL SECURITY",
        "grants_note: row-level security is not forced, so its owner walks past it",
    ),
    "a dropped policy": (
        "row-level security",
        "DROP POLICY city ON grants_note",
        f"CREATE POLICY city ON grants_note TO lyb_city USING ({CITY_DOOR} AND {OWN}) WITH CHECK ({CITY_DOOR} AND {OWN})",
        "grants_note: the city's own policy is gone",
    ),
    "no policy for the owner": (
        "row-level security",
        "ALTER POLICY owner ON grants_note USING (id IS NOT NULL)",
        "ALTER POLICY owner ON grants_note USING (true)",
        "grants_note: the owner has no policy: data migrations would change nothing, silently",
    ),
    "a policy for everybody": (
        "row-level security",
        "CREATE POLICY hole ON grants_note USING (true)",
        "DROP POLICY hole ON grants_note",
        "grants_note, policy hole: is meant for public, not for one role that we know",
    ),
    "a policy without a door": (
        "row-level security",
        f"CREATE POLICY hole ON grants_note FOR SELECT TO lyb_city USING ({OWN})",
        "DROP POLICY hole ON grants_note",
        "grants_note, policy hole: does not begin with its door",
    ),
    "a policy that ORs its door away": (
        "row-level security",
        "CREATE POLICY hole ON grants_note FOR SELECT TO lyb_city USING ((SELECT current_setting('app.door', true)) = 'public' OR true)",
        "DROP POLICY hole ON grants_note",
        "grants_note, policy hole: does not begin with its door",
    ),
    "a door for the wrong role": (
        "row-level security",
        "CREATE POLICY hole ON grants_note FOR SELECT TO lyb_city USING ((SELECT current_setting('app.door', true)) = 'center')",
        "DROP POLICY hole ON grants_note",
        "grants_note, policy hole: opens the door “center” to lyb_city",
    ),
    "a person's door for the city's role": (
        "row-level security",
        "CREATE POLICY hole ON grants_note FOR SELECT TO lyb_city USING ((SELECT current_setting('app.door', true)) = 'person' AND author_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid))",
        "DROP POLICY hole ON grants_note",
        "grants_note, policy hole: opens the door “person” to lyb_city",
    ),
    "a city's own policy for the public's role": (
        "row-level security",
        f"CREATE POLICY hole ON grants_note FOR SELECT TO lyb_public USING (city_id = {OPEN_CITY})",
        "DROP POLICY hole ON grants_note",
        "grants_note, policy hole: opens the door “city” to lyb_public",
    ),
    "a city compared with another column": (
        "row-level security",
        f"CREATE POLICY hole ON grants_note FOR SELECT TO lyb_city USING (application_id = {OPEN_CITY})",
        "DROP POLICY hole ON grants_note",
        "grants_note, policy hole: does not compare the row's city with the open one",
    ),
    "a door that asks for no city": (
        "row-level security",
        "CREATE POLICY hole ON grants_note FOR SELECT TO lyb_city USING ((SELECT current_setting('app.door', true)) = 'city')",
        "DROP POLICY hole ON grants_note",
        "grants_note, policy hole: does not compare the row's city with the open one",
    ),
    "a door that asks for no person": (
        "row-level security",
        "CREATE POLICY hole ON grants_note FOR SELECT TO lyb_person USING ((SELECT current_setting('app.door', true)) = 'person' AND text > '')",
        "DROP POLICY hole ON grants_note",
        "grants_note, policy hole: does not compare the row's person with the one at the door",
    ),
    "a public that writes": (
        "row-level security",
        "CREATE POLICY hole ON grants_note FOR DELETE TO lyb_public USING ((SELECT current_setting('app.door', true)) = 'public')",
        "DROP POLICY hole ON grants_note",
        "grants_note, policy hole: lets the public write",
    ),
    "a policy on the owner's own table": (
        "row-level security",
        "CREATE POLICY hole ON cities_unsealed FOR SELECT TO lyb_city USING (true)",
        "DROP POLICY hole ON cities_unsealed",
        "cities_unsealed, policy hole: nobody but the owner may see this table",
    ),
    "a table on no list": (
        "row-level security",
        "CREATE TABLE strays (id uuid PRIMARY KEY)",
        "DROP TABLE strays",
        "strays: has no city and stands on no list of tables that need none",
    ),
    "a trigger switched off": (
        "triggers",
        "ALTER TABLE cities_event DISABLE TRIGGER append_only",
        "ALTER TABLE cities_event ENABLE TRIGGER append_only",
        "cities_event, trigger append_only: is switched off",
    ),
    "a trigger taken away": (
        "triggers",
        "ALTER TRIGGER append_only ON cities_seal RENAME TO something",
        "ALTER TRIGGER something ON cities_seal RENAME TO append_only",
        "cities_seal: the trigger append_only is gone",
    ),
    "truncate for the web role": (
        "privileges", "GRANT TRUNCATE ON grants_note TO lyb_city", "REVOKE TRUNCATE ON grants_note FROM lyb_city", "grants_note: lyb_city holds TRUNCATE",
    ),
    "rows for everybody": (
        "privileges", "GRANT SELECT ON grants_note TO PUBLIC", "REVOKE SELECT ON grants_note FROM PUBLIC", "grants_note: PUBLIC holds SELECT",
    ),
    "seals from the web role": (
        "privileges", "GRANT INSERT ON cities_seal TO lyb_city", "REVOKE INSERT ON cities_seal FROM lyb_city", "cities_seal: lyb_city holds INSERT",
    ),
    "changes to the trail": (
        "privileges", "GRANT UPDATE ON cities_event TO lyb_center", "REVOKE UPDATE ON cities_event FROM lyb_center", "cities_event: lyb_center holds UPDATE",
    ),
    "a backup that writes": (
        "privileges", "GRANT DELETE ON grants_note TO lyb_backup", "REVOKE DELETE ON grants_note FROM lyb_backup", "grants_note: lyb_backup holds DELETE",
    ),
    "tables made by the web role": (
        "roles", "GRANT CREATE ON SCHEMA public TO lyb_city", "REVOKE CREATE ON SCHEMA public FROM lyb_city", "roles: the web role may create tables",
    ),
    "a plain key between tenant tables": (
        "relations",
        "ALTER TABLE grants_note ADD CONSTRAINT plain FOREIGN KEY (application_id) REFERENCES grants_application (id)",
        "ALTER TABLE grants_note DROP CONSTRAINT plain",
        "grants_note, key plain: refers to grants_application without the city",
    ),
    "a relation without its composite key": (
        "relations",
        "ALTER TABLE grants_note DROP CONSTRAINT grants_note_application_same_city",
        "ALTER TABLE grants_note ADD CONSTRAINT grants_note_application_same_city FOREIGN KEY (city_id, application_id) "
        "REFERENCES grants_application (city_id, id) DEFERRABLE INITIALLY DEFERRED",
        "grants_note.application_id: nothing in the database keeps its grants_application in the same city",
    ),
    "uniqueness over all cities": (
        "uniqueness",
        "CREATE UNIQUE INDEX everywhere ON grants_cohort (name)",
        "DROP INDEX everywhere",
        "grants_cohort, index everywhere: is unique over all cities",
    ),
    "a definer function without a path": (
        "definer functions",
        "CREATE FUNCTION hole() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'; REVOKE ALL ON FUNCTION hole() FROM PUBLIC",
        "DROP FUNCTION hole()",
        "hole(): has no fixed search path, so its caller chooses what it calls",
    ),
    "a definer function for everybody": (
        "definer functions",
        "CREATE FUNCTION hole() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS 'SELECT 1'",
        "DROP FUNCTION hole()",
        "hole(): may be called by everybody",
    ),
    "a view with its owner's rights": (
        "views", "CREATE VIEW hole AS SELECT id FROM grants_note", "DROP VIEW hole", "hole: shows rows with its owner's rights",
    ),
    "a materialised view": (
        "views",
        "CREATE MATERIALIZED VIEW hole AS SELECT 1 AS id",
        "DROP MATERIALIZED VIEW hole",
        "hole: is materialised, so row-level security doesn't hold in it",
    ),
}  # fmt: skip


@pytest.mark.parametrize("hole", HOLES)
def test_a_planted_hole_is_named(hole):
    name, bug, undo, expected = HOLES[hole]

    with planted(bug, undo):
        assert expected in breaks(name)

    assert breaks(name) == []


def test_a_view_with_its_readers_rights_is_fine():
    with planted(
        "CREATE VIEW window_ WITH (security_invoker = true) AS SELECT id FROM grants_note",
        "DROP VIEW window_",
    ):
        assert breaks("views") == []


def test_no_unique_index_is_excused_from_carrying_the_city():
    assert GLOBAL_UNIQUES == {}


@pytest.mark.parametrize(
    ("condition", "terms"),
    [
        ("((a = 1) AND (b = 2))", ["(a = 1)", "(b = 2)"]),
        ("((a = 1) AND ((b = 2) OR (c = 3)))", ["(a = 1)", "((b = 2) OR (c = 3))"]),
        ("((a = 1) OR (b = 2))", ["((a = 1) OR (b = 2))"]),
        ("(((a = 1) AND (b = 2)) OR true)", ["(((a = 1) AND (b = 2)) OR true)"]),
        ("(a = 1)", ["(a = 1)"]),
    ],
)
def test_conditions_are_split_at_their_outermost_and(condition, terms):
    assert conjunction(condition) == terms


def test_a_prefix_excuses_whole_families_of_tables():
    assert is_exempt("django_session")
    assert not is_exempt("grants_stray")


def test_an_upper_floor_can_add_its_own_check():
    from cities.audit.verification import registry

    @check("planted check")
    def always_broken(findings):
        findings.broke("here", "always")

    try:
        assert breaks("planted check") == ["here: always"]
    finally:
        registry._checks.pop("planted check")
