"""What the database refuses about the books, asked by raw writes of the web role."""

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from cities.tenancy.actions import action
from cities.tenancy.errors import RuleError
from cities.tenancy.models import new_id
from cities.tenancy.scopes import center_scope, city_scope, person_scope, public_scope
from grants.ledger.models import Account, Balance, Entry, MoneyCall, Posting
from grants.ledger.states import AccountKind
from tests.factories import UserFactory, make_officer
from tests.grants.ledger.books import account, fund, raw_entry, raw_posting, refused, run, settle

pytestmark = pytest.mark.django_db

SIDES = (AccountKind.FUNDING, AccountKind.AVAILABLE)


def two_accounts(cycle, currency="USD"):
    return [account(kind, cycle.pk, currency) for kind in SIDES]


# -- Every entry is whole ----------------------------------------------------------------------------


def test_a_raw_entry_that_sums_to_zero_is_accepted(city, cycle):
    with city_scope(city):
        source, pool = two_accounts(cycle)
        entry = raw_entry()
        raw_posting(entry, source, -100)
        raw_posting(entry, pool, 100)
        settle()

        assert dict(Balance.objects.values_list("account_id", "cents")) == {source: -100, pool: 100}


@pytest.mark.parametrize(
    "sides", [[], [100], [100, -99], [100, -101]], ids=["no posting", "one", "too little", "too much"]
)
def test_an_entry_that_is_not_whole_is_refused(city, cycle, sides):
    with city_scope(city):
        accounts = two_accounts(cycle)[::-1]
        with refused("entry_sums_to_zero"):
            entry = raw_entry()
            for onto, cents in zip(accounts, sides, strict=False):
                raw_posting(entry, onto, cents)
            settle()

        assert Entry.objects.count() == 0


def test_currencies_are_not_mixed_in_one_entry(city, cycle):
    with city_scope(city):
        source, foreign = account(SIDES[0], cycle.pk), account(SIDES[1], cycle.pk, "CAD")
        with refused("entry_one_currency"):
            entry = raw_entry()
            raw_posting(entry, source, -100)
            raw_posting(entry, foreign, 100)
            settle()


def test_accounts_of_another_currency_than_the_entrys_are_refused(city, cycle):
    with city_scope(city):
        source, pool = two_accounts(cycle, "CAD")
        with refused("entry_one_currency"):
            entry = raw_entry(currency="USD")
            raw_posting(entry, source, -100)
            raw_posting(entry, pool, 100)
            settle()


REVERSAL = """
INSERT INTO grants_entry (id, city_id, kind, key, subject_type, subject_id, amount_cents, currency, occurred_on, memo,
                          actor_name, posted_at, transaction_id, reverses_id)
SELECT gen_random_uuid(), city_id, 'reversal', 'undo', 'x', id, 100, currency, now(), '', 'a test', now(), 0, id
FROM grants_entry WHERE key = 'fund' RETURNING id
"""


@pytest.mark.parametrize("onto", [AccountKind.AVAILABLE, AccountKind.UNALLOCATED], ids=["again", "elsewhere"])
def test_a_reversal_that_mirrors_nothing_is_refused(city, cycle, onto):
    with city_scope(city):
        fund(cycle, 100)
        source, target = account(SIDES[0], city.pk), account(onto, cycle.pk)
        with refused("reversal_mirrors_entry"):
            with connection.cursor() as cursor:
                cursor.execute(REVERSAL)
                entry = cursor.fetchone()[0]
            raw_posting(entry, source, -100)
            raw_posting(entry, target, 100)
            settle()


def test_another_citys_account_takes_no_posting(city, dallas, cycle):
    with city_scope(dallas):
        foreign = account(AccountKind.AVAILABLE, cycle.pk)

    with city_scope(city):
        source = account(AccountKind.FUNDING, cycle.pk)
        with refused("posting_account_known"):
            entry = raw_entry()
            raw_posting(entry, source, -100)
            raw_posting(entry, foreign, 100)
    with city_scope(dallas):
        assert Balance.objects.get().cents == 0


def test_an_account_that_nobody_opened_takes_no_posting(city):
    with city_scope(city), refused("posting_account_known"):
        raw_posting(raw_entry(), new_id(), 100)


def test_the_trigger_stamps_the_entry_whatever_was_written(city, cycle):
    with city_scope(city):
        entry = fund(cycle, 100)
        entry.refresh_from_db()

        assert entry.transaction_id > 0


# -- What may not be ---------------------------------------------------------------------------------


def test_no_account_but_a_source_falls_below_zero_by_raw_writes_either(city, cycle):
    with city_scope(city):
        fund(cycle, 100)
        source, pool = account(SIDES[0], city.pk), account(SIDES[1], cycle.pk)
        with refused("balance_not_negative"):
            entry = raw_entry()
            raw_posting(entry, source, 101)
            raw_posting(entry, pool, -101)


def test_an_entry_is_reversed_once_by_raw_writes_either(city, cycle):
    reverse = """
    INSERT INTO grants_entry (id, city_id, kind, key, subject_type, subject_id, amount_cents, currency, occurred_on, memo,
                              actor_name, posted_at, transaction_id, reverses_id)
    SELECT gen_random_uuid(), city_id, 'reversal', %s, 'x', id, 100, currency, now(), '', 'a test', now(), 0, id
    FROM grants_entry WHERE key = 'fund'
    """
    with city_scope(city):
        fund(cycle, 100)
        with refused("entry_reversed_once"):
            run(reverse, "first")
            run(reverse, "second")


def test_a_key_and_an_account_are_there_once(city, cycle):
    with city_scope(city):
        fund(cycle, 100)
        with refused("entry_key_once"):
            raw_entry("fund")
        with refused("account_once"):
            run(
                "INSERT INTO grants_account (id, city_id, kind, subject_id, currency, created_at) "
                "SELECT gen_random_uuid(), city_id, kind, subject_id, currency, now() FROM grants_account"
            )


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("kind = 'gift'", "entry_kind_known"),
        ("amount_cents = 0", "entry_amount_positive"),
        ("actor_name = ''", "entry_has_actor"),
        ("kind = 'reversal'", "entry_reversal_names_entry"),
        ("reverses_id = id", "entry_reverses_another"),
    ],
)
def test_an_entry_says_what_when_and_by_whom(city, cycle, change, name):
    column, _equals, value = change.partition(" = ")
    columns = {
        "id": "gen_random_uuid()", "city_id": "city_id", "kind": "kind", "key": "'new'", "subject_type": "subject_type",
        "subject_id": "subject_id", "amount_cents": "amount_cents", "currency": "currency", "occurred_on": "occurred_on",
        "memo": "''", "actor_name": "actor_name", "posted_at": "now()", "transaction_id": "0", "reverses_id": "NULL",
    }  # fmt: skip
    columns[column] = value
    if column == "reverses_id":
        columns |= {
            "id": "'01900000-0000-7000-8000-00000000aaaa'",
            column: "'01900000-0000-7000-8000-00000000aaaa'",
        }
        columns["kind"] = "'reversal'"
    with city_scope(city):
        fund(cycle, 100)
        with refused(name):
            run(
                f"INSERT INTO grants_entry ({', '.join(columns)}) SELECT {', '.join(columns.values())} FROM grants_entry"
            )


def test_a_posting_of_nothing_and_one_account_twice_are_refused(city, cycle):
    with city_scope(city):
        source, _pool = two_accounts(cycle)
        entry = raw_entry()
        with refused("posting_not_zero"):
            raw_posting(entry, source, 0)
        raw_posting(entry, source, -100)
        with refused("posting_account_once"):
            raw_posting(entry, source, 100)
        transaction.set_rollback(True)


# -- What nobody may change --------------------------------------------------------------------------


@pytest.fixture
def books(city, cycle):
    with city_scope(city):
        fund(cycle, 100)
        MoneyCall.objects.create(
            key="k", actor=UserFactory(), deed="x", body_hash="0" * 64, status=200, answer={}
        )


@pytest.mark.parametrize("table", ["account", "entry", "posting", "moneycall"])
@pytest.mark.parametrize(
    "deed", ["UPDATE grants_{} SET city_id = city_id", "DELETE FROM grants_{}", "TRUNCATE grants_{} CASCADE"]
)
def test_the_books_are_never_changed(city, books, table, deed):
    with city_scope(city), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        run(deed.format(table))


@pytest.mark.parametrize("table", ["account", "entry", "posting", "moneycall"])
def test_the_centers_role_does_not_change_them_either(books, table):
    with (
        center_scope(make_officer()),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        run(f"DELETE FROM grants_{table}")


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE grants_balance SET cents = 10",
        "UPDATE grants_balance SET may_be_negative = true",
        "DELETE FROM grants_balance",
        "TRUNCATE grants_balance",
        "INSERT INTO grants_balance (id, city_id, account_id, cents, may_be_negative) "
        "SELECT gen_random_uuid(), city_id, gen_random_uuid(), 100, true FROM grants_account",
    ],
)
def test_balances_are_only_read(city, books, deed):
    with city_scope(city), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        run(deed)


@pytest.mark.parametrize("function", ["open_balance", "move_balances", "stamp_entry", "require_zero_sum"])
def test_the_functions_behind_the_triggers_are_called_by_nobody(city, function):
    with city_scope(city), pytest.raises(ProgrammingError), transaction.atomic():
        run(f"SELECT {function}()")


# -- Locks -------------------------------------------------------------------------------------------


def locked(ids):
    return run("SELECT * FROM lock_accounts(%s)", ids)


def test_accounts_are_locked_within_the_open_city_only(city, dallas, cycle):
    with city_scope(city):
        fund(cycle, 100)
        ours = [row.pk for row in Account.objects.all()]
        assert locked(ours) == 2
    officer = make_officer()

    for door in (city_scope(dallas), center_scope(officer), person_scope(officer), public_scope()):
        with door, transaction.atomic():
            try:
                assert locked(ours) == 0
            except ProgrammingError:
                transaction.set_rollback(True)


def test_another_citys_books_are_not_seen(city, dallas, books):
    with city_scope(dallas):
        assert [model.objects.count() for model in (Account, Balance, Entry, Posting, MoneyCall)] == [0] * 5
    with city_scope(city):
        assert [model.objects.count() for model in (Account, Balance, Entry, Posting, MoneyCall)] == [
            2,
            2,
            1,
            2,
            1,
        ]


# -- As a person reads it ----------------------------------------------------------------------------


@action
def write_unbalanced(cycle):
    raw_posting(raw_entry(), account(AccountKind.AVAILABLE, cycle.pk), 100)


def test_an_action_answers_the_databases_refusal_in_a_sentence(city, cycle):
    with city_scope(city), pytest.raises(RuleError, match="two sides of this entry don’t match"):
        write_unbalanced(cycle)
