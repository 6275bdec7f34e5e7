import pytest

from cities.access.models import Role
from cities.interface.waiting import waiting_for
from cities.tenancy.scopes import city_scope
from grants.applications.models import Conflict
from grants.payments.actions import (
    approve_disbursement,
    decide_receipt,
    nominate_deputy,
    refuse_disbursement,
)
from grants.payments.queries import Tally
from grants.payments.waiting import (
    deputies_waiting,
    payments_waiting,
    receipts_waiting,
    requests_waiting,
)
from tests.factories import make_member
from tests.grants.payments.factories import make_award, paid, receipt_of, requested
from tests.grants.payments.visiting import visit
from tests.queries import count_statements

ROOM = {
    "Awards that wait for a payment",
    "Payments to approve",
    "Payments to approve or to record as paid",
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


@pytest.mark.parametrize("words", ["Ines", "INES", "ines@example.org"])
def test_what_waits_is_what_its_tab_lists_and_what_the_reader_may_do(city, trio, insider, words):
    insider.email = "ines@example.org"
    insider.save()
    with city_scope(city):
        award = make_award()
        requested(award, insider, 1)
        requested(award, trio[0], 2, payee_name=words)
        may = requested(award, trio[0], 8)
        approve_disbursement(requested(award, trio[0], 16).pk, actor=insider)
        may_too = approve_disbursement(requested(award, trio[0], 32).pk, actor=trio[1])

    page = visit(insider, "/tilden/staff/payments/?tab=mine")

    assert waits(insider, city) == {"Payments to approve or to record as paid": (2, 40)}
    assert {row["id"] for row in page.context["rows"]} == {may.pk, may_too.pk}
    assert page.context["queue"].total == Tally(2, 40)


@pytest.mark.parametrize("seat", [1, 2])
def test_each_line_of_payments_leads_to_the_tab_of_what_it_counts(city, award, trio, seat):
    with city_scope(city):
        requested(award, trio[0])
        approve_disbursement(requested(award, trio[0]).pk, actor=trio[1])
        (line,) = payments_waiting(trio[seat], city)

    assert visit(trio[seat], line.url).context["queue"].total == Tally(line.count, line.cents)


def wait_for_payment(person, city):
    return waits(person, city).get("Awards that wait for a payment")


def listed(person):
    page = visit(person, "/tilden/staff/payments/new/?tab=waiting")
    return {award.pk for award in page.context["choice"].rows}


def test_an_award_waits_for_its_first_payment_and_again_once_that_is_refused(city, award, trio):
    before = wait_for_payment(trio[0], city)
    with city_scope(city):
        row = requested(award, trio[0])
    while_under_way = wait_for_payment(trio[0], city), listed(trio[0])
    with city_scope(city):
        refuse_disbursement(row.pk, reason="Wrong payee", actor=trio[1])

    assert before == wait_for_payment(trio[2], city) == (1, 185_300)
    assert while_under_way == (None, set())
    assert listed(trio[0]) == {award.pk}
    assert wait_for_payment(trio[1], city) is None


def test_what_is_proved_and_not_paid_waits_and_what_is_still_to_be_proved_does_not(city, trio, staff):
    with city_scope(city):
        proved, advanced, buying = make_award(), make_award(), make_award(payment_mode="reimbursement")
        paid(proved, trio, 100)
        paid(advanced, trio, 100)
        decide_receipt(receipt_of(proved, 900).pk, accepted_cents=900, actor=staff)
        receipt = receipt_of(buying, 700)

    assert wait_for_payment(trio[0], city) == (1, 185_200)
    assert listed(trio[0]) == {proved.pk}
    with city_scope(city):
        decide_receipt(receipt.pk, accepted_cents=700, actor=staff)

    assert wait_for_payment(trio[0], city) == (2, 370_500)
    assert listed(trio[0]) == {proved.pk, buying.pk}


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
        insider.__dict__.pop("_roles", None)
        with count_statements() as found:
            for waiter in (payments_waiting, requests_waiting, receipts_waiting, deputies_waiting):
                list(waiter(insider, city))
    assert len(found) == 6
