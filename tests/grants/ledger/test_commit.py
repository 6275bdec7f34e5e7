"""What the deferred triggers see when the scope is gone, another one is open, or the role was switched before commit."""

import pytest
from django.db import IntegrityError, connection, transaction

from cities.audit.verification import run_checks
from cities.tenancy.scopes import city_scope
from grants.ledger.models import Balance, Entry
from grants.ledger.states import AccountKind
from tests.cities.audit.conftest import planted
from tests.grants.ledger.books import account, fund, raw_entry, raw_posting, raw_together, run

pytestmark = pytest.mark.django_db(transaction=True)

DOOR = "SELECT set_config('app.door', %s, true), set_config('app.city_id', %s, true)"
TRIGGERED = ("open_balance", "move_balances", "stamp_entry", "require_own_transaction", "require_zero_sum")


def nothing_more(_dallas):
    """The scope is closed: its settings are cleared before the commit."""


def another_city(dallas):
    run(DOOR, "city", str(dallas.pk))


def the_centers_role(_dallas):
    run("SET LOCAL ROLE lyb_center")
    run(DOOR, "center", "")


BEFORE_COMMIT = [nothing_more, another_city, the_centers_role]
WRONG = {"a single posting": [100], "two that don't match": [100, -99], "no posting": []}


def write(city, cycle, sides):
    with city_scope(city):
        onto = [account(AccountKind.AVAILABLE, cycle.pk), account(AccountKind.FUNDING, cycle.pk)]
        entry = raw_entry()
        for key, cents in zip(onto, sides, strict=False):
            raw_posting(entry, key, cents)


@pytest.mark.parametrize("before_commit", BEFORE_COMMIT)
@pytest.mark.parametrize("sides", WRONG.values(), ids=WRONG)
def test_a_wrong_entry_is_refused_at_commit_whatever_is_open_then(city, dallas, cycle, before_commit, sides):
    with pytest.raises(IntegrityError, match="postings that sum"), transaction.atomic():
        write(city, cycle, sides)
        before_commit(dallas)

    with city_scope(city):
        assert (Entry.objects.count(), Balance.objects.filter(cents__gt=0).count()) == (0, 0)


@pytest.mark.parametrize("before_commit", BEFORE_COMMIT)
def test_a_good_entry_is_committed_whatever_is_open_then(city, dallas, cycle, before_commit):
    with transaction.atomic():
        write(city, cycle, [100, -100])
        before_commit(dallas)

    with city_scope(city):
        assert Entry.objects.count() == 1


@pytest.mark.parametrize("before_commit", BEFORE_COMMIT)
def test_as_its_invoker_the_trigger_would_be_blind(city, dallas, cycle, before_commit):
    """Planted once: it sees no posting at all, and can't tell a good entry from a wrong one."""
    if before_commit is the_centers_role and connection.pg_version < 18_00_00:
        pytest.skip("Before 18 the trigger ran in the role of the commit; the Center's reads every city.")
    with (
        planted(
            "ALTER FUNCTION require_zero_sum() SECURITY INVOKER",
            "ALTER FUNCTION require_zero_sum() SECURITY DEFINER",
        ),
        pytest.raises(IntegrityError, match="has 0 postings"),
        transaction.atomic(),
    ):
        write(city, cycle, [100, -100])
        before_commit(dallas)


def test_what_the_triggers_call_runs_as_the_owner_with_a_fixed_path():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname, p.prosecdef, p.proowner::regrole::text, p.proconfig FROM pg_proc p WHERE p.proname = ANY (%s)",
            [list(TRIGGERED)],
        )
        found = {name: tuple(rest) for name, *rest in cursor.fetchall()}

    assert found == dict.fromkeys(TRIGGERED, (True, "lyb_owner", ["search_path=pg_catalog, public, pg_temp"]))


def test_verify_finds_the_trigger_when_it_is_gone():
    with planted(
        "ALTER TABLE grants_posting DISABLE TRIGGER zero_sum",
        "ALTER TABLE grants_posting ENABLE TRIGGER zero_sum",
    ):
        broken = [found.place for findings in run_checks("triggers") for found in findings.breaks]

    assert [place for place in broken if "grants_posting" in place]


# -- Postings join their entry in its own transaction ------------------------------------------------


def test_a_posting_does_not_join_an_entry_of_an_earlier_transaction(city, cycle):
    with city_scope(city):
        entry = fund(cycle, 100).pk

    with pytest.raises(IntegrityError, match="own transaction"), city_scope(city):
        raw_posting(entry, account(AccountKind.COMMITTED, cycle.pk), 100)


def test_nor_does_it_in_a_savepoint(city, cycle):
    with city_scope(city):
        entry = fund(cycle, 100).pk

    with pytest.raises(IntegrityError, match="own transaction"), city_scope(city), transaction.atomic():
        raw_posting(entry, account(AccountKind.COMMITTED, cycle.pk), 100)


def test_an_entry_of_a_savepoint_takes_postings_after_it(city, cycle):
    with city_scope(city):
        with transaction.atomic():
            entry = raw_entry()
        raw_posting(entry, account(AccountKind.FUNDING, cycle.pk), -100)
        with transaction.atomic():
            raw_posting(entry, account(AccountKind.AVAILABLE, cycle.pk), 100)

    with city_scope(city):
        assert Entry.objects.get().postings.count() == 2


def test_a_forged_transaction_number_is_overwritten(city, cycle):
    with city_scope(city):
        entry = fund(cycle, 100).pk
        forged = Entry.objects.get(pk=entry).transaction_id

    with city_scope(city):
        later = Entry.objects.get(pk=fund(cycle, 100, key="later").pk)
        assert later.transaction_id > forged


# -- An entry and its postings in one statement are summed once ----------------------------------------


def both(cycle):
    return [account(AccountKind.AVAILABLE, cycle.pk), account(AccountKind.FUNDING, cycle.pk)]


@pytest.mark.parametrize("sides", WRONG.values(), ids=WRONG)
def test_a_wrong_entry_in_one_statement_is_refused(city, cycle, sides):
    with pytest.raises(IntegrityError, match="postings that sum"), city_scope(city):
        raw_together(both(cycle), sides)


def test_so_is_one_of_two_currencies(city, cycle):
    with pytest.raises(IntegrityError, match="mixes currencies"), city_scope(city):
        accounts = [account(AccountKind.AVAILABLE, cycle.pk), account(AccountKind.FUNDING, cycle.pk, "EUR")]
        raw_together(accounts, [100, -100])


@pytest.mark.parametrize("checked_between", [False, True])
def test_a_posting_of_a_later_statement_has_the_entry_summed_again(city, cycle, checked_between):
    with pytest.raises(IntegrityError, match="3 postings that sum to 50"), city_scope(city):
        entry = raw_together(both(cycle), [100, -100])
        if checked_between:
            run("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        raw_posting(entry, account(AccountKind.COMMITTED, cycle.pk), 50)


def test_even_in_a_savepoint_of_its_own(city, cycle):
    with pytest.raises(IntegrityError, match="3 postings that sum to 50"), city_scope(city):
        with transaction.atomic():
            entry = raw_together(both(cycle), [100, -100])
            run("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        with transaction.atomic():
            raw_posting(entry, account(AccountKind.COMMITTED, cycle.pk), 50)


def test_a_good_one_is_committed(city, cycle):
    with city_scope(city):
        entry = raw_together(both(cycle), [100, -100])

    with city_scope(city):
        assert Entry.objects.get(pk=entry).postings.count() == 2
