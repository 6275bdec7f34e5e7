"""``manage.py verify`` over the books: entries sum to zero, balances repeat postings, the trail knows each entry's hash."""

import hashlib
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import connection

from cities.audit.verification import Findings, append_only_tables, check, required_triggers
from cities.tenancy.models import City
from cities.tenancy.scopes import city_scope

from .models import Entry
from .queries import entry_text
from .states import SOURCES

append_only_tables |= {
    f"grants_{table}"
    for table in (
        "account",
        "entry",
        "posting",
        "moneycall",
        "tranche",
        "grantacceptance",
        "tranchereceipt",
        "return",
    )
}
required_triggers |= {
    ("grants_account", "open_balance"),
    ("grants_posting", "move_balances"),
    ("grants_posting", "own_transaction"),
    ("grants_posting", "zero_sum"),
    ("grants_entry", "stamp_entry"),
    ("grants_entry", "zero_sum"),
    ("grants_disbursement", "guard_disbursement"),
    ("grants_disbursement", "paid_in_ledger"),
    ("grants_receipt", "guard_proof"),
    ("grants_receipt", "receipt_in_ledger"),
    ("grants_return", "guard_proof"),
    ("grants_return", "guard_return"),
    ("grants_return", "return_in_ledger"),
    ("grants_award", "guard_parties"),
    ("grants_award", "guard_award"),
    ("grants_award", "award_in_ledger"),
}

_SUMS = """
SELECT e.id, count(p.id), coalesce(sum(p.cents), 0), coalesce(max(p.cents), 0), e.amount_cents,
       e.currency, coalesce(string_agg(DISTINCT a.currency, ', '), '')
FROM grants_entry e LEFT JOIN grants_posting p ON p.city_id = e.city_id AND p.entry_id = e.id
LEFT JOIN grants_account a ON a.city_id = p.city_id AND a.id = p.account_id
WHERE e.city_id = %s GROUP BY e.id, e.amount_cents, e.currency
HAVING count(p.id) < 2 OR coalesce(sum(p.cents), 0) <> 0 OR coalesce(max(p.cents), 0) <> e.amount_cents
    OR string_agg(DISTINCT a.currency, ', ') IS DISTINCT FROM e.currency
"""
_BALANCES = """
SELECT a.id, a.kind, b.cents, b.may_be_negative, coalesce(p.cents, 0), (b.kind, b.pool_id) IS NOT DISTINCT FROM (a.kind, a.pool_id)
FROM grants_account a LEFT JOIN grants_balance b ON b.city_id = a.city_id AND b.account_id = a.id
LEFT JOIN (SELECT account_id, sum(cents) AS cents FROM grants_posting WHERE city_id = %s GROUP BY account_id) p ON p.account_id = a.id
WHERE a.city_id = %s
"""
_TOLD = """
SELECT data->>'entry', data->>'entry_hash' FROM cities_event WHERE city_id = %s AND data ? 'entry_hash'
UNION ALL
SELECT told->>'entry', told->>'entry_hash' FROM cities_event, jsonb_array_elements(data->'entries') told
WHERE city_id = %s AND jsonb_typeof(data->'entries') = 'array'
"""
_SIDES = "SELECT entry_id, account_id, cents FROM grants_posting WHERE city_id = %s ORDER BY entry_id"


@check("ledger sums")
def ledger_sums(findings: Findings) -> None:
    """Every entry has at least two postings in its currency; they sum to zero and move what it says."""
    for city, name in _tenants():
        with city_scope(city), connection.cursor() as cursor:
            findings.examined += Entry.objects.count()
            cursor.execute(_SUMS, [city])
            for entry, sides, total, moved, amount, currency, found in cursor.fetchall():
                place = f"{name}, entry {entry}"
                if sides < 2 or total:  # noqa: PLR2004
                    findings.broke(place, f"has {sides} postings that sum to {total}")
                elif moved != amount:
                    findings.broke(place, f"says {amount}, its postings move {moved}")
                else:
                    findings.broke(place, f"is in {currency}, its accounts in {found}")


@check("ledger balances")
def ledger_balances(findings: Findings) -> None:
    """Every balance is the sum of its postings, and falls below zero only where money comes from."""
    for city, name in _tenants():
        with city_scope(city), connection.cursor() as cursor:
            cursor.execute(_BALANCES, [city, city])
            for account, kind, cents, may_be_negative, posted, is_alike in cursor.fetchall():
                findings.examined += 1
                place = f"{name}, account {account} ({kind})"
                if cents != posted:
                    findings.broke(place, f"says {cents}, its postings say {posted}")
                if not is_alike and cents is not None:
                    findings.broke(place, "its balance is filed under another kind or pool")
                if may_be_negative != (kind in SOURCES):
                    findings.broke(place, "may fall below zero, or may not, against its kind")
                if posted < 0 and kind not in SOURCES:
                    findings.broke(place, f"fell below zero: {posted}")


@check("ledger in the trail")
def ledger_in_trail(findings: Findings) -> None:
    """Every entry stands in the audit trail with its hash, and the hash is what its rows give today."""
    for city, name in _tenants():
        with city_scope(city), connection.cursor() as cursor:
            cursor.execute(_TOLD, [city, city])
            told: dict[str, str] = dict(cursor.fetchall())
            cursor.execute(_SIDES, [city])
            sides: dict[UUID, list[tuple[UUID, int]]] = {}
            for entry_id, account_id, cents in cursor.fetchall():
                sides.setdefault(entry_id, []).append((account_id, cents))
            for entry in Entry.objects.order_by("id").iterator():
                findings.examined += 1
                digest = hashlib.sha256(entry_text(entry, sides.get(entry.pk, [])).encode()).hexdigest()
                _compare(findings, f"{name}, entry {entry.pk}", told.pop(str(entry.pk), None), digest)
        for entry_id in told:
            findings.broke(f"{name}, entry {entry_id}", "stands in the audit trail and not in the books")


def _compare(findings: Findings, place: str, told: str | None, digest: str) -> None:
    if told is None:
        findings.broke(place, "no audit event tells of it")
    elif told != digest:
        findings.broke(place, "is not what the audit trail says was posted")


def _tenants() -> Iterator[tuple[Any, str]]:
    for city in City.objects.order_by("slug"):
        yield city.pk, city.slug or "the Center"
