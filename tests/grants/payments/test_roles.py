"""Whatever two roles one person holds: no two seats at one payment, and nothing about one's own award."""

from itertools import combinations

import pytest

from cities.access.models import Role
from cities.tenancy.scopes import city_scope
from grants.payments.actions import approve_disbursement, decide_receipt, record_payment
from grants.payments.errors import SeatTakenError
from grants.payments.permissions import can_approve, can_decide, can_record, can_request
from tests.factories import make_member
from tests.grants.payments.factories import make_award, receipt_of, requested, yesterday

ROLES = (Role.MANAGER, Role.STAFF, Role.FINANCE, Role.APPROVER, Role.REVIEWER, Role.VIEWER)
PAIRS = list(combinations(ROLES, 2))


def record(disbursement, actor):
    return record_payment(disbursement.pk, paid_on=yesterday(), voucher_number="1", actor=actor)


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_two_roles_make_no_two_seats(city, trio, pair):
    person = make_member(city, *pair)
    with city_scope(city):
        award = make_award()
        other = requested(award, trio[0], 100)
        seats = (can_request(person, award), can_approve(person, other), can_record(person, other))
        if seats[0]:
            own = requested(award, person, 100)
            with pytest.raises(SeatTakenError):
                approve_disbursement(own.pk, actor=person)
            approve_disbursement(own.pk, actor=trio[1])
            with pytest.raises(SeatTakenError):
                record(own, person)
        if seats[1]:
            approve_disbursement(other.pk, actor=person)
            with pytest.raises(SeatTakenError):
                record(other, person)

    assert seats[0] == seats[2] == (Role.FINANCE in pair)
    assert seats[1] == bool({Role.APPROVER, Role.MANAGER} & set(pair))


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_two_roles_decide_nothing_about_ones_own_award(city, trio, pair):
    person = make_member(city, *pair)
    with city_scope(city):
        award = make_award(applicant=person)
        payment, receipt = requested(award, trio[0], 100), receipt_of(award, 100, actor=trio[2])
        deeds = [
            (can_request(person, award), lambda: requested(award, person)),
            (can_approve(person, payment), lambda: approve_disbursement(payment.pk, actor=person)),
            (
                can_decide(person, receipt),
                lambda: decide_receipt(receipt.pk, accepted_cents=100, actor=person),
            ),
        ]
        for may, deed in deeds:
            if may:
                with pytest.raises(SeatTakenError):
                    deed()
