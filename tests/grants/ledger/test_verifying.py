"""``verify`` over the books: each of its checks finds the bug that it is there for, planted as the database's owner."""

from contextlib import contextmanager

import pytest
from django.db import connection

from cities.audit import trail as audit
from cities.audit.trail import SEEDER
from cities.audit.verification import append_only_tables, required_triggers, run_checks
from cities.tenancy.actions import action
from cities.tenancy.scopes import city_scope
from grants.ledger.models import Entry
from grants.ledger.posting import reverse_entry
from grants.ledger.queries import told
from grants.ledger.states import AccountKind
from tests.cities.audit.conftest import as_owner
from tests.grants.ledger.books import account, fund

pytestmark = pytest.mark.django_db(transaction=True)


def breaks(name=""):
    return [f"{found.place}: {found.sentence}" for findings in run_checks(name) for found in findings.breaks]


@pytest.fixture
def entry(city, cycle):
    with city_scope(city):
        return fund(cycle, 5_000)


@contextmanager
def triggers_off(*tables):
    """What only the owner could do: write past every trigger of the books."""
    as_owner(*(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables))
    try:
        yield
    finally:
        as_owner(*(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables))


def tampered(*statements):
    with triggers_off("grants_entry", "grants_posting", "grants_account"):
        as_owner(*statements)


def accounts(city, cycle):
    with city_scope(city):
        return account(AccountKind.AVAILABLE, cycle.pk), account(AccountKind.FUNDING, city.pk)


def test_clean_books_break_nothing_and_are_read(entry):
    found = {findings.name: (findings.examined, findings.breaks) for findings in run_checks("ledger")}

    assert found == {"ledger sums": (1, []), "ledger balances": (2, []), "ledger in the trail": (1, [])}


# -- Sums --------------------------------------------------------------------------------------------


def test_a_posting_slipped_in_is_found(city, cycle, entry):
    other = accounts(city, cycle)[0]
    with city_scope(city):
        committed = account(AccountKind.COMMITTED, cycle.pk)
    assert other != committed

    tampered(
        f"INSERT INTO grants_posting (id, city_id, entry_id, account_id, cents) VALUES (gen_random_uuid(), '{city.pk}', '{entry.pk}', '{committed}', 7)"
    )

    assert breaks("ledger sums") == [f"baltimore, entry {entry.pk}: has 3 postings that sum to 7"]


def test_an_entry_without_postings_is_found(entry):
    tampered("DELETE FROM grants_posting")

    assert breaks("ledger sums") == [f"baltimore, entry {entry.pk}: has 0 postings that sum to 0"]


def test_an_amount_that_its_postings_do_not_move_is_found(entry):
    tampered("UPDATE grants_entry SET amount_cents = 9000")

    assert breaks("ledger sums") == [f"baltimore, entry {entry.pk}: says 9000, its postings move 5000"]


def test_a_mix_of_currencies_is_found(entry):
    tampered("UPDATE grants_account SET currency = 'CAD' WHERE kind = 'available'")

    assert breaks("ledger sums") == [f"baltimore, entry {entry.pk}: is in USD, its accounts in CAD, USD"]


# -- Balances ----------------------------------------------------------------------------------------


def test_a_balance_that_its_postings_do_not_give_is_found(city, cycle, entry):
    pool, _source = accounts(city, cycle)

    as_owner(f"UPDATE grants_balance SET cents = cents + 1 WHERE account_id = '{pool}'")

    assert breaks("ledger balances") == [
        f"baltimore, account {pool} (available): says 5001, its postings say 5000"
    ]


def test_a_balance_that_is_gone_is_found(city, cycle, entry):
    pool, _source = accounts(city, cycle)

    as_owner(f"DELETE FROM grants_balance WHERE account_id = '{pool}'")

    assert f"baltimore, account {pool} (available): says None, its postings say 5000" in breaks(
        "ledger balances"
    )


@pytest.mark.parametrize("change", ["kind = 'paid'", "pool_id = NULL"])
def test_a_balance_that_is_filed_elsewhere_is_found(city, cycle, entry, change):
    pool, _source = accounts(city, cycle)

    as_owner(f"UPDATE grants_balance SET {change} WHERE account_id = '{pool}'")

    assert breaks("ledger balances") == [
        f"baltimore, account {pool} (available): its balance is filed under another kind or pool"
    ]


def test_a_leave_to_fall_below_zero_is_found_and_so_is_the_fall(city, cycle, entry):
    pool, _source = accounts(city, cycle)
    place = f"baltimore, account {pool} (available)"

    as_owner(f"UPDATE grants_balance SET may_be_negative = true WHERE account_id = '{pool}'")
    assert breaks("ledger balances") == [f"{place}: may fall below zero, or may not, against its kind"]

    as_owner("UPDATE grants_balance SET cents = -cents")
    tampered("UPDATE grants_posting SET cents = -cents")
    assert f"{place}: fell below zero: -5000" in breaks("ledger balances")


# -- The trail ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE grants_entry SET occurred_on = occurred_on - 1",
        "UPDATE grants_entry SET key = 'other'",
        "UPDATE grants_entry SET actor_name = 'somebody'",
        "UPDATE grants_entry SET amount_cents = 6000; UPDATE grants_posting SET cents = cents / 5 * 6",
        "UPDATE grants_posting SET account_id = (SELECT id FROM grants_account WHERE kind = 'committed') WHERE cents > 0",
    ],
)
def test_an_entry_changed_afterwards_is_found(city, cycle, entry, change):
    with city_scope(city):
        account(AccountKind.COMMITTED, cycle.pk)

    tampered(*change.split("; "))

    assert breaks("ledger in the trail") == [
        f"baltimore, entry {entry.pk}: is not what the audit trail says was posted"
    ]


def test_an_entry_that_no_event_tells_of_is_found(city, cycle, entry):
    with city_scope(city):
        silent = action(reverse_entry)(entry, key="undo", subject=cycle, actor=SEEDER)

    assert breaks("ledger in the trail") == [f"baltimore, entry {silent.pk}: no audit event tells of it"]


def test_an_entry_that_vanished_is_found(entry):
    tampered("DELETE FROM grants_posting", "DELETE FROM grants_entry")

    assert breaks("ledger in the trail") == [
        f"baltimore, entry {entry.pk}: stands in the audit trail and not in the books"
    ]


def test_an_event_may_tell_of_several_entries(city, cycle):
    @action
    def two_at_once():
        first = fund(cycle, 100, key="one")
        undone = reverse_entry(first, key="undo", subject=cycle, actor=SEEDER)
        audit.record("test:both", actor=SEEDER, subject=cycle, entries=[told(first), told(undone)])

    with city_scope(city):
        two_at_once()
        assert Entry.objects.count() == 2

    assert breaks("ledger") == []


def test_every_trigger_on_the_money_is_one_that_verify_asks_for(city):
    sql = """
    SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND c.relname LIKE 'grants\\_%' AND t.tgname NOT LIKE 'index\\_%'
    """
    with connection.cursor() as cursor:
        cursor.execute(sql)
        there = set(cursor.fetchall())

    assert there - required_triggers - {(table, "append_only") for table in append_only_tables} == set()
