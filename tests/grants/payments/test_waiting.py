import pytest

from cities.access.models import Role
from cities.interface.waiting import waiting_for
from cities.tenancy.scopes import city_scope
from grants.applications.models import Conflict
from grants.payments.actions import approve_disbursement, decide_receipt, nominate_deputy
from tests.factories import make_member
from tests.grants.payments.factories import make_award, receipt_of, requested
from tests.queries import count_statements

ROOM = {
    "Payments to approve",
    "Payments to record as paid",
    "Receipts to decide about",
    "Deputies that wait for the Center",
}


def waits(user, city):
    user.__dict__.pop("_roles", None)
    with city_scope(city):
        return {
            item.label: (item.count, item.cents) for item in waiting_for(user, city) if item.label in ROOM
        }


@pytest.fixture
def award(city, trio, manager, staff):
    with city_scope(city):
        return make_award()


def test_everybody_is_told_what_they_may_do_next(city, award, trio, manager, staff):
    viewer = make_member(city, Role.VIEWER)
    with city_scope(city):
        requested(award, trio[0], 5_000)
        approve_disbursement(requested(award, trio[0], 7_000).pk, actor=trio[1])
        receipt_of(award, 900)
        nominate_deputy(person_id=viewer.pk, seat="finance", reason="Few", actor=manager)

    assert waits(trio[0], city) == {"Receipts to decide about": (1, 900)}
    assert waits(trio[1], city) == {"Payments to approve": (1, 5_000)}
    assert waits(trio[2], city) == {
        "Payments to record as paid": (1, 7_000),
        "Receipts to decide about": (1, 900),
    }
    assert waits(staff, city) == {"Receipts to decide about": (1, 900)}
    assert waits(manager, city) == {
        "Payments to approve": (1, 5_000),
        "Receipts to decide about": (1, 900),
        "Deputies that wait for the Center": (1, None),
    }
    assert waits(viewer, city) == {}


def test_nothing_of_an_award_with_a_conflict_or_of_ones_own_waits(city, trio, insider):
    with city_scope(city):
        hidden, own = make_award(), make_award(signatory=insider)
        for award in (hidden, own):
            requested(award, trio[0], 5_000)
            receipt_of(award, 900)
        Conflict.objects.create(
            application=hidden.application, person=insider, kind="family", declared_by=insider
        )

    assert waits(insider, city) == {}


def test_what_is_done_waits_no_more(city, award, staff):
    with city_scope(city):
        receipt = receipt_of(award, 900)
        decide_receipt(receipt.pk, accepted_cents=900, actor=staff)

    assert waits(staff, city) == {}


@pytest.mark.parametrize("rows", [1, 3])
def test_it_costs_the_same_whatever_waits(city, award, trio, insider, rows):
    with city_scope(city):
        for _row in range(rows):
            requested(award, trio[0], 100)
            receipt_of(award, 100)
        from grants.payments.waiting import deputies_waiting, payments_waiting, receipts_waiting

        insider.__dict__.pop("_roles", None)
        with count_statements() as found:
            for waiter in (payments_waiting, receipts_waiting, deputies_waiting):
                list(waiter(insider, city))
    assert len(found) == 5
