import pytest
from django.db import transaction

from cities.audit.trail import SEEDER
from cities.tenancy.actions import action
from cities.tenancy.errors import RuleError
from cities.tenancy.scopes import city_scope
from grants.ledger.models import Balance, Entry
from grants.ledger.posting import Deed, Line, lock_accounts, post, reverse_entry
from grants.ledger.queries import balance_of
from grants.ledger.states import AccountKind, EntryKind
from tests.factories import CycleFactory
from tests.grants.ledger.books import fund

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle(city):
    with city_scope(city):
        yield CycleFactory()


def test_an_entry_moves_the_balances_of_its_accounts(cycle):
    fund(cycle, 5_000)

    assert balance_of(AccountKind.AVAILABLE, cycle.pk) == 5_000
    assert balance_of(AccountKind.FUNDING, cycle.city_id) == -5_000


def test_a_reversal_mirrors_its_entry_and_happens_once(cycle):
    entry = fund(cycle, 5_000)

    action(reverse_entry)(entry, key="undo", subject=cycle, actor=SEEDER)

    assert balance_of(AccountKind.AVAILABLE, cycle.pk) == 0
    with pytest.raises(RuleError, match="reversed already"):
        action(reverse_entry)(entry, key="undo again", subject=cycle, actor=SEEDER)


def test_no_account_but_a_source_falls_below_zero(cycle):
    fund(cycle, 5_000)

    with pytest.raises(RuleError, match="not enough money"):
        fund(cycle, -5_001, key="too much")

    assert balance_of(AccountKind.AVAILABLE, cycle.pk) == 5_000


def test_the_same_key_posts_once(cycle):
    fund(cycle, 5_000)

    with pytest.raises(RuleError):
        fund(cycle, 5_000)

    assert Entry.objects.count() == 1


def test_locked_accounts_say_what_they_hold(cycle):
    fund(cycle, 5_000)
    line = Line(AccountKind.AVAILABLE, cycle.pk, -1)

    assert lock_accounts([line]) == {(AccountKind.AVAILABLE, cycle.pk): 5_000}


def test_the_web_role_cannot_write_a_balance(cycle):
    fund(cycle, 5_000)

    for deed in (lambda: Balance.objects.update(cents=1), lambda: Balance.objects.all().delete()):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            deed()


def test_an_entry_is_about_its_largest_posting_since_an_awards_money_stands_twice(cycle):
    fund(cycle, 5_000)
    sides = [
        (AccountKind.AVAILABLE, cycle.pk, -1_200),
        (AccountKind.COMMITTED, cycle.city_id, 1_200),
        (AccountKind.OBLIGATED, cycle.city_id, -1_200),
        (AccountKind.TO_PROVE, cycle.city_id, 1_200),
    ]

    entry = action(post)(
        Deed(EntryKind.COMMITMENT, "promise", cycle, SEEDER), [Line(*side) for side in sides]
    )

    assert entry.amount_cents == 1_200
