"""Functions that run with the owner's rights, and views, which must not."""

from django.db import connection

from cities.tenancy.roles import OWNER

from .registry import Findings, check

SEARCH_PATH = "search_path=pg_catalog, public, pg_temp"

_DEFINERS = """
SELECT p.oid::regprocedure::text, pg_get_userbyid(p.proowner), p.proconfig,
       p.proacl IS NULL OR EXISTS (SELECT 1 FROM aclexplode(p.proacl) a WHERE a.grantee = 0)
FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef ORDER BY 1
"""
_VIEWS = """
SELECT c.relname, c.relkind, 'security_invoker=true' = ANY(coalesce(c.reloptions, '{}')) OR 'security_invoker=on' = ANY(coalesce(c.reloptions, '{}'))
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('v', 'm') ORDER BY 1
"""


@check("definer functions")
def definer_functions(findings: Findings) -> None:
    """A function with the owner's rights has a fixed search path, belongs to the owner, and isn't for everybody."""
    with connection.cursor() as cursor:
        cursor.execute(_DEFINERS)
        for name, owner, settings, is_for_everybody in cursor.fetchall():
            findings.examined += 1
            if owner != OWNER:
                findings.broke(name, f"belongs to {owner}, not to {OWNER}")
            if settings != [SEARCH_PATH]:
                findings.broke(name, "has no fixed search path, so its caller chooses what it calls")
            if is_for_everybody:
                findings.broke(name, "may be called by everybody")


@check("views")
def views(findings: Findings) -> None:
    """A view asks with its reader's rights; a materialised view can't, so there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_VIEWS)
        for name, kind, asks_as_reader in cursor.fetchall():
            findings.examined += 1
            if kind == "m":
                findings.broke(name, "is materialised, so row-level security doesn't hold in it")
            elif not asks_as_reader:
                findings.broke(name, "shows rows with its owner's rights")
