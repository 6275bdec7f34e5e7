"""The second lock: row-level security on every table of a city, and policies that begin with their door."""

import re
from dataclasses import dataclass
from itertools import groupby

from django.db import connection

from .registry import Findings, append_only_tables, check, required_triggers, without_city

append_only_tables |= {"cities_event", "cities_reading", "cities_seal", "cities_signedhead"}
required_triggers.add(("cities_event", "note_unsealed"))
without_city |= {
    "cities_city": "a tenant is its own city; its policies name its id",
    "cities_user": "a person has no city",
    "account_*": "sign-in belongs to the person",
    "mfa_*": "second factors belong to the person",
    "auth_*": "Django's own, empty",
    "django_*": "Django's own: sessions, migrations, content types",
}
OWNER_ONLY = frozenset({"cities_unsealed"})
"""Tables of which the web role may see nothing at all: only the owner's policy stands there."""

DELIBERATE = {
    ("cities_reading", "city"): "a city reads the log of looks into it and writes nothing there",
    (
        "cities_reading",
        "city_reads_centers",
    ): "what the Center read of all cities is there for each of them to read",
    ("cities_reading", "center_insert"): "the Center's look into a city is written down in that city",
}
"""Policies that differ from the general ones, each with the reason; their own tests hold what they let through."""

_TABLES = """
SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
       EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'city_id' AND NOT a.attisdropped)
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY c.relname
"""
_POLICIES = """
SELECT tablename, policyname, permissive, roles::text[], cmd, qual, with_check
FROM pg_policies WHERE schemaname = 'public' ORDER BY tablename, policyname
"""
_TRIGGERS = """
SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT tgisinternal AND c.relnamespace = 'public'::regnamespace ORDER BY 1, 2
"""

_DOOR = re.compile(
    r"\( SELECT current_setting\('app\.door'::text, true\) AS current_setting\) = '(\w+)'::text\)"
)
_OWN = r"\(({columns}) = \( SELECT \(NULLIF\(current_setting\('app\.{setting}'::text, true\), ''::text\)\)::uuid AS \"nullif\"\)\)"
_DOOR_OF_ROLE = {"lyb_city": "city", "lyb_center": "center", "lyb_person": "person", "lyb_public": "public"}
# The forms in which PostgreSQL writes back what protect() says in one term.
_OWN_AT_DOOR = re.compile(
    r"\((\w+) = \( SELECT CASE WHEN \(current_setting\('app\.door'::text, true\) = 'city'::text\) "
    r"THEN \(NULLIF\(current_setting\('app\.city_id'::text, true\), ''::text\)\)::uuid ELSE NULL::uuid END AS \"case\"\)\)"
)
_AT_CENTER = "( SELECT (current_setting('app.door'::text, true) = 'center'::text))"


@dataclass(frozen=True, slots=True)
class Policy:
    """A row of ``pg_policies``."""

    table: str
    name: str
    permissive: str
    roles: list[str]
    command: str
    using: str | None
    with_check: str | None


@check("row-level security")
def row_level_security(findings: Findings) -> None:
    """Every table with a city is protected, forced, and has only policies that begin with a door."""
    tables, policies = _read()
    for table, enabled, forced, has_city in tables:
        findings.examined += 1
        if not has_city and table != "cities_city":
            if not is_exempt(table):
                findings.broke(table, "has no city and stands on no list of tables that need none")
            continue
        if not enabled:
            findings.broke(table, "row-level security is off")
        if not forced:
            findings.broke(table, "row-level security is not forced, so its owner walks past it")
        _judge_table(findings, table, policies.get(table, []))


def _read() -> tuple[list[tuple[str, bool, bool, bool]], dict[str, list[Policy]]]:
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        tables = cursor.fetchall()
        cursor.execute(_POLICIES)
        rows = [Policy(*row) for row in cursor.fetchall()]
    return tables, {table: list(found) for table, found in groupby(rows, key=lambda policy: policy.table)}


def is_exempt(table: str) -> bool:
    """Say whether the table stands on the list of tables without a city, by name or by prefix."""
    return any(table.startswith(name[:-1]) if name.endswith("*") else table == name for name in without_city)


def _judge_table(findings: Findings, table: str, policies: list[Policy]) -> None:
    if not any(_is_owners(policy) for policy in policies):
        findings.broke(table, "the owner has no policy: data migrations would change nothing, silently")
    others = [policy for policy in policies if not _is_owners(policy)]
    if table in OWNER_ONLY:
        for policy in others:
            findings.broke(f"{table}, policy {policy.name}", "nobody but the owner may see this table")
        return
    if table != "cities_city" and not any(_is_citys(policy) for policy in others):
        findings.broke(table, "the city's own policy is gone")
    for policy in others:
        if (policy.table, policy.name) in DELIBERATE:
            continue
        for fault in faults(policy):
            findings.broke(f"{table}, policy {policy.name}", fault)


def _is_citys(policy: Policy) -> bool:
    is_deliberate = (policy.table, policy.name) in DELIBERATE and policy.name == "city"
    return policy.roles == ["lyb_city"] and (policy.command == "ALL" or is_deliberate)


def _is_owners(policy: Policy) -> bool:
    return (
        policy.roles == ["lyb_owner"]
        and policy.command == "ALL"
        and policy.using == policy.with_check == "true"
    )


def faults(policy: Policy) -> list[str]:
    """Say what is wrong with one policy of a tenant table."""
    if policy.table == "cities_city" and policy.command == "SELECT" and policy.using == "true":
        return []  # which cities take part is public
    if policy.permissive != "PERMISSIVE" or len(policy.roles) != 1 or policy.roles[0] not in _DOOR_OF_ROLE:
        return [f"is meant for {', '.join(policy.roles)}, not for one role that we know"]
    found = []
    if policy.command in {"ALL", "UPDATE", "SELECT", "DELETE"}:
        found += _judge_condition(policy, policy.using or "")
    if policy.command in {"ALL", "UPDATE", "INSERT"}:
        found += _judge_condition(policy, policy.with_check or "")
    return found


def _judge_condition(policy: Policy, condition: str) -> list[str]:
    condition = " ".join(condition.split())
    if own := _OWN_AT_DOOR.fullmatch(condition):
        return _judge_own(policy, own[1])
    if policy.roles == ["lyb_center"] and policy.command == "SELECT" and condition == _AT_CENTER:
        return []
    return _judge_terms(policy, *conjunction(condition))


def _judge_terms(policy: Policy, first: str, whose: str = "", *_others: str) -> list[str]:
    door = _DOOR.fullmatch(first.removeprefix("("))
    if door is None or not first.startswith("("):
        return ["does not begin with its door"]
    if door[1] != _DOOR_OF_ROLE[policy.roles[0]]:
        return [f"opens the door “{door[1]}” to {policy.roles[0]}"]
    reads = policy.command == "SELECT"
    if door[1] in {"city", "center"} and not (reads and door[1] == "center"):
        column = "id" if policy.table == "cities_city" else ("city_id|recipient_id" if reads else "city_id")
        if not re.fullmatch(_OWN.format(columns=column, setting="city_id"), whose):
            return ["does not compare the row's city with the open one"]
    if door[1] == "person" and not re.fullmatch(_OWN.format(columns=r"\w+", setting="user_id"), whose):
        return ["does not compare the row's person with the one at the door"]
    if door[1] == "public" and not reads:
        return ["lets the public write"]
    return []


def _judge_own(policy: Policy, column: str) -> list[str]:
    if policy.roles != ["lyb_city"]:
        return [f"opens the door “city” to {policy.roles[0]}"]
    return [] if column == "city_id" else ["does not compare the row's city with the open one"]


def conjunction(condition: str) -> list[str]:
    """Split ``(a AND b)`` into its terms; what is ORed at that level comes back whole, as one term."""
    inner = condition[1:-1] if condition.startswith("(") and _closes_at_end(condition) else condition
    terms, depth, start = [], 0, 0
    for at, character in enumerate(inner):
        depth += (character == "(") - (character == ")")
        if depth == 0 and inner.startswith(" OR ", at):
            return [condition]
        if depth == 0 and inner.startswith(" AND ", at):
            terms.append(inner[start:at])
            start = at + len(" AND ")
    return [*terms, inner[start:]] if terms else [condition]


def _closes_at_end(condition: str) -> bool:
    depth = 0
    for at, character in enumerate(condition):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return at == len(condition) - 1
    return False


@check("triggers")
def triggers(findings: Findings) -> None:
    """No trigger is switched off, and what is append-only refuses changes."""
    with connection.cursor() as cursor:
        cursor.execute(_TRIGGERS)
        found = cursor.fetchall()
    for table, name, state in found:
        findings.examined += 1
        if state != "O":
            findings.broke(f"{table}, trigger {name}", "is switched off")
    present = {(table, name) for table, name, _state in found}
    wanted = {(table, "append_only") for table in append_only_tables} | required_triggers
    for table, name in sorted(wanted - present):
        findings.broke(table, f"the trigger {name} is gone")
