"""Money for the tests of the books: entries by the ledger's own hand, and rows that go around it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from cities.audit import trail as audit
from cities.audit.trail import SEEDER
from cities.tenancy.actions import action
from cities.tenancy.scopes import current_city_id
from grants.ledger.models import Entry
from grants.ledger.posting import Deed, Line, open_accounts, post
from grants.ledger.queries import told
from grants.ledger.states import AccountKind, EntryKind

ENTRY = """
INSERT INTO grants_entry (id, city_id, kind, key, subject_type, subject_id, amount_cents, currency, occurred_on, memo, actor_name, posted_at, transaction_id)
VALUES (gen_random_uuid(), %s, 'allocation', %s, 'x', gen_random_uuid(), 100, %s, now(), '', 'a test', now(), 0) RETURNING id
"""
POSTING = "INSERT INTO grants_posting (id, city_id, entry_id, account_id, cents) VALUES (gen_random_uuid(), %s, %s, %s, %s)"


@action
def fund(cycle: Any, cents: int, key: str = "fund") -> Entry:
    """Money from a source into a cycle's pool, told in the trail as the rooms above do."""
    entry = post(
        Deed(EntryKind.ALLOCATION, key, cycle, SEEDER),
        [
            Line(AccountKind.FUNDING, cycle.city_id, -cents),
            Line(AccountKind.AVAILABLE, cycle.pk, cents, pool_id=cycle.pk),
        ],
    )
    audit.record("test:fund", actor=SEEDER, subject=cycle, **told(entry))
    return entry


def account(kind: AccountKind, subject: UUID, currency: str = "USD") -> UUID:
    """Return the id of an account in the open city, opening it."""
    return open_accounts([Line(kind, subject, 1)], currency)[kind, subject]


def raw_entry(key: str = "raw", currency: str = "USD") -> UUID:
    """Write an entry past the ledger's code, without postings."""
    with connection.cursor() as cursor:
        cursor.execute(ENTRY, [current_city_id(), key, currency])
        return cursor.fetchone()[0]


def raw_posting(entry: UUID, onto: UUID, cents: int) -> None:
    run(POSTING, current_city_id(), entry, onto, cents)


def run(statement: str, *values: Any) -> int:
    """Run one statement as whoever is at the door now; return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.rowcount


def settle() -> None:
    """Let the deferred triggers judge now, as the outermost action does."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def refused(constraint: str) -> Iterator[None]:
    """Expect that the database refuses, by this constraint's name; in a savepoint, so that the test goes on."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        yield
    assert refusal.value.__cause__.diag.constraint_name == constraint


TOGETHER = f"""
WITH entry AS ({ENTRY}, city_id)
INSERT INTO grants_posting (id, city_id, entry_id, account_id, cents)
SELECT gen_random_uuid(), entry.city_id, entry.id, side.account_id, side.cents
FROM entry, unnest(%s::uuid[], %s::bigint[]) AS side(account_id, cents) RETURNING entry_id
"""


def raw_together(accounts: list[UUID], sides: list[int]) -> UUID | None:
    """Write an entry with its postings in one statement, as the ledger does, past its code."""
    with connection.cursor() as cursor:
        cursor.execute(TOGETHER, [current_city_id(), "raw", "USD", accounts[: len(sides)], sides])
        written = cursor.fetchone()
    return written[0] if written else None
