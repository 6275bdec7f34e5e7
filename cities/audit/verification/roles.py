"""What the database's roles are and may do."""

from django.db import connection

from cities.tenancy.roles import BACKUP, CENTER, CITY, OWNER, PERSON, PUBLIC

from .registry import Findings, append_only_tables, check

_ATTRIBUTES = """
SELECT rolname, array_remove(ARRAY[
    CASE WHEN rolsuper THEN 'is a superuser, so no policy holds for it' END,
    CASE WHEN rolbypassrls AND rolname <> 'lyb_backup' THEN 'bypasses row-level security' END,
    CASE WHEN rolcreaterole OR rolcreatedb OR rolreplication THEN 'may make roles, databases or replicas' END
], NULL) FROM pg_roles WHERE rolname = ANY(%s) ORDER BY rolname
"""
_OWNED = """
SELECT c.relname, pg_get_userbyid(c.relowner) FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') ORDER BY 1
"""
_PRIVILEGES = """
SELECT c.relname, coalesce(r.rolname, 'PUBLIC'), array_agg(a.privilege_type ORDER BY a.privilege_type)::text[]
FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') GROUP BY 1, 2 ORDER BY 1, 2
"""
_ROWS = {"SELECT", "INSERT", "UPDATE", "DELETE"}
_MEMBERSHIPS = {
    "the web role inherits the Center's policies": "pg_has_role('lyb_city', 'lyb_center', 'USAGE')",
    "the web role inherits the person's policies": "pg_has_role('lyb_city', 'lyb_person', 'USAGE')",
    "the web role inherits the public's policies": "pg_has_role('lyb_city', 'lyb_public', 'USAGE')",
    "the web role may act as the owner": "pg_has_role('lyb_city', 'lyb_owner', 'MEMBER')",
    "the Center's role may act as the owner": "pg_has_role('lyb_center', 'lyb_owner', 'MEMBER')",
    "the web role may create tables": "has_schema_privilege('lyb_city', 'public', 'CREATE')",
}


@check("roles")
def roles(findings: Findings) -> None:
    """The web role is plain, owns nothing and inherits nothing; everything belongs to the owner."""
    with connection.cursor() as cursor:
        cursor.execute(_ATTRIBUTES, [[OWNER, CITY, CENTER, PERSON, PUBLIC, BACKUP]])
        for name, excesses in cursor.fetchall():
            findings.examined += 1
            for sentence in excesses:
                findings.broke(name, sentence)
        cursor.execute(_OWNED)
        for table, owner in cursor.fetchall():
            if owner != OWNER:
                findings.broke(table, f"belongs to {owner}, not to {OWNER}")
        for sentence, condition in _MEMBERSHIPS.items():
            cursor.execute(f"SELECT {condition}")
            if cursor.fetchone()[0]:
                findings.broke("roles", sentence)


@check("privileges")
def privileges(findings: Findings) -> None:
    """The web roles handle rows and nothing else; what is append-only they can't change; backup only reads."""
    with connection.cursor() as cursor:
        cursor.execute(_PRIVILEGES)
        for table, grantee, granted in cursor.fetchall():
            findings.examined += 1
            allowed = _allowed(table, grantee)
            for excess in sorted(set(granted) - allowed):
                findings.broke(table, f"{grantee} holds {excess}")


def _allowed(table: str, grantee: str) -> set[str]:
    if grantee == OWNER:
        return {*_ROWS, "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"}
    if grantee == BACKUP:
        return {"SELECT"}
    if grantee not in {CITY, CENTER, PERSON, PUBLIC} or table == "cities_unsealed":
        return set()
    if grantee == PUBLIC:
        return {"SELECT"}
    if table == "cities_seal":
        return {"SELECT"}
    return {"SELECT", "INSERT"} if table in append_only_tables else _ROWS
