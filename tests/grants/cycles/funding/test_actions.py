import pytest

from cities.audit.models import Event
from cities.tenancy.errors import RuleError
from cities.tenancy.models import new_id
from cities.tenancy.scopes import city_scope
from grants.cycles.funding.actions import allocate, deallocate
from grants.cycles.funding.errors import (
    CycleArchivedError,
    NotAvailableError,
    NotReceivedError,
    UnknownCycleError,
)
from grants.cycles.funding.queries import Standing, standings, unallocated_cents
from grants.cycles.models import Cycle
from grants.ledger.models import Entry
from tests.factories import CycleFactory, make_city
from tests.grants.programs.center import events, failing_at_the_last_write

pytestmark = pytest.mark.django_db


def test_a_manager_allocates_what_was_received(city, cycle, manager, tranche):
    with city_scope(city):
        entry = allocate(cycle.pk, amount_cents=3_000_000, actor=manager)

        assert unallocated_cents() == 1_000_000
        assert standings([cycle])[cycle.pk] == Standing(planned_cents=5_000_000, available_cents=3_000_000)
        assert standings([cycle])[cycle.pk].unfunded_cents == 2_000_000
        told = Event.objects.get(tag="cycle:allocate").data
    assert (entry.kind, entry.amount_cents, entry.subject_id, entry.actor) == (
        "allocation",
        3_000_000,
        cycle.pk,
        manager,
    )
    assert (told["name"], told["amount"], told["entry"]) == ("Spring", "$30,000.00", str(entry.pk))


def test_no_more_is_allocated_than_was_received(city, cycle, manager, tranche):
    with city_scope(city), pytest.raises(NotReceivedError) as refusal:
        allocate(cycle.pk, amount_cents=4_000_001, actor=manager)

    assert (str(refusal.value), refusal.value.field) == (
        "$40,000.00 is received and not allocated yet.",
        "amount_cents",
    )


def test_money_is_taken_back_as_far_as_it_is_not_awarded(city, cycle, manager, tranche):
    with city_scope(city):
        allocate(cycle.pk, amount_cents=3_000_000, actor=manager)
        deallocate(cycle.pk, amount_cents=1_000_000, actor=manager)

        assert (unallocated_cents(), standings([cycle])[cycle.pk].available_cents) == (2_000_000, 2_000_000)
        with pytest.raises(NotAvailableError, match=r"“Spring” has \$20,000.00"):
            deallocate(cycle.pk, amount_cents=2_000_001, actor=manager)
    assert events(city.pk)[-2:] == ["cycle:allocate", "cycle:deallocate"]


def test_the_same_amount_may_be_allocated_again(city, cycle, manager, tranche):
    with city_scope(city):
        for _time in range(2):
            allocate(cycle.pk, amount_cents=1_000_000, actor=manager)

        assert standings([cycle])[cycle.pk].available_cents == 2_000_000


@pytest.mark.parametrize("deed", [allocate, deallocate])
def test_nothing_and_less_is_not_moved(city, cycle, manager, tranche, deed):
    for cents in (0, -1):
        with city_scope(city), pytest.raises(RuleError, match="more than nothing"):
            deed(cycle.pk, amount_cents=cents, actor=manager)


def test_a_call_that_was_put_away_gets_no_money_but_gives_it_back(city, cycle, manager, tranche):
    with city_scope(city):
        allocate(cycle.pk, amount_cents=1_000_000, actor=manager)
        Cycle.objects.filter(pk=cycle.pk).update(status="archived")

        with pytest.raises(CycleArchivedError):
            allocate(cycle.pk, amount_cents=1, actor=manager)
        deallocate(cycle.pk, amount_cents=1_000_000, actor=manager)
        assert unallocated_cents() == 4_000_000


@pytest.mark.parametrize("deed", [allocate, deallocate])
def test_another_citys_call_is_not_there(city, manager, tranche, deed):
    with city_scope(make_city("dallas")):
        foreign = CycleFactory()

    for stranger in (foreign.pk, new_id()):
        with city_scope(city), pytest.raises(UnknownCycleError):
            deed(stranger, amount_cents=1, actor=manager)


@pytest.mark.parametrize("deed", [allocate, deallocate])
def test_a_move_that_fails_at_the_end_leaves_nothing(city, cycle, manager, tranche, deed):
    with city_scope(city):
        allocate(cycle.pk, amount_cents=1_000_000, actor=manager)
        before = Entry.objects.count()

        with failing_at_the_last_write(), pytest.raises(RuleError, match="The roof fell in"):
            deed(cycle.pk, amount_cents=1, actor=manager)

        assert (Entry.objects.count(), unallocated_cents()) == (before, 3_000_000)
