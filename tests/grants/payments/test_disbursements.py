from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from cities.audit.models import Event
from cities.outbox.models import Message
from cities.tenancy.errors import RuleError
from grants.applications.conflicts import ConflictOfInterestError
from grants.applications.models import Application, Conflict
from grants.awards.states import Status as AwardStatus
from grants.ledger.models import Entry
from grants.ledger.queries import balances_of
from grants.payments import seats, states
from grants.payments.actions import (
    approve_disbursement,
    complete_award,
    decide_receipt,
    record_payment,
    record_return,
    refuse_disbursement,
    void_disbursement,
)
from grants.payments.errors import (
    DayError,
    ReasonMissingError,
    SeatTakenError,
    TooMuchError,
    WrongStatusError,
)
from grants.payments.models import Disbursement
from grants.payments.states import Seat, Status
from grants.payments.table import who_may
from tests.factories import UserFactory
from tests.grants.payments.factories import make_award, paid, receipt_of, requested, yesterday


def record(disbursement, actor, **changes):
    fields = {"paid_on": yesterday(), "voucher_number": "CHK-1", **changes}
    return record_payment(disbursement.pk, actor=actor, **fields)


def books(award):
    return {
        kind: cents
        for kind, cents in balances_of([award.pk])[award.pk].items()
        if kind != "obligated" and cents
    }


# -- Requesting -----------------------------------------------------------------------------------
def test_a_request_names_payee_amount_and_method_and_moves_no_money(award, trio):
    disbursement = requested(award, trio[0], 60_000)

    assert (disbursement.status, disbursement.number, disbursement.reference) == (
        "requested",
        1,
        f"{award.reference}/1",
    )
    assert disbursement.currency == "USD"
    assert books(award) == {"committed": 185_300, "to_prove": 185_300}
    event = Event.objects.get(tag="disbursement:request")
    assert event.data["amount_cents"] == 60_000
    assert event.data["award"] == str(award.pk)


def test_no_more_is_requested_than_is_neither_paid_nor_under_way(award, trio):
    paid(award, trio, 100_000)
    requested(award, trio[0], 80_000)

    with pytest.raises(TooMuchError, match=r"At most \$53.00"):
        requested(award, trio[0], 5_301)

    assert requested(award, trio[0], 5_300).number == 3


def test_a_refused_request_frees_its_money(award, trio):
    first = requested(award, trio[0], 185_300)

    refuse_disbursement(first.pk, reason="Wrong payee", actor=trio[1])

    assert requested(award, trio[0], 185_300).number == 2


def test_money_that_came_back_is_not_paid_a_second_time(award, trio):
    paid(award, trio, 100_000)
    record_return(
        award.pk,
        amount_cents=20_000,
        returned_on=yesterday(),
        reference="R-1",
        reason="Unspent",
        actor=trio[0],
    )

    with pytest.raises(TooMuchError, match=r"At most \$853.00"):
        requested(award, trio[0], 85_301)


@pytest.mark.parametrize("status", [AwardStatus.OFFERED, AwardStatus.DECLINED, AwardStatus.RESCINDED])
def test_only_an_accepted_award_is_paid(in_city, trio, status):
    award = make_award(status=status)

    with pytest.raises(WrongStatusError, match="accepted awards only"):
        requested(award, trio[0])


@pytest.mark.parametrize("party", ["applicant", "payee", "signatory"])
def test_a_party_of_the_award_takes_no_seat(in_city, trio, insider, party):
    award = make_award(**{party: insider})
    disbursement = requested(award, trio[0])

    with pytest.raises(SeatTakenError, match="applicant, the payee or the signatory"):
        requested(award, insider)
    with pytest.raises(SeatTakenError, match="applicant, the payee or the signatory"):
        approve_disbursement(disbursement.pk, actor=insider)
    with pytest.raises(SeatTakenError, match="applicant, the payee or the signatory"):
        refuse_disbursement(disbursement.pk, reason="No", actor=insider)
    approve_disbursement(disbursement.pk, actor=trio[1])
    with pytest.raises(SeatTakenError, match="applicant, the payee or the signatory"):
        record(disbursement, insider)


SPELLINGS = ["Ana Ruíz", " ANA  RUIZ ", "ana\u200b ruiz", "ANA@example.org"]


@pytest.mark.parametrize("words", SPELLINGS)
@pytest.mark.parametrize("named_by", ["payment", "award"])
def test_nobody_takes_a_seat_where_the_payee_has_their_name(in_city, insider, trio, words, named_by):
    ana = insider
    ana.name, ana.email = "Ana Ruiz", "ana@example.org"
    ana.save()
    award = make_award(payee_name=words if named_by == "award" else "Riverbend CDC")
    payee = words if named_by == "payment" else "Marlow Hauling"
    row = requested(award, trio[0], payee_name=payee)

    with pytest.raises(SeatTakenError, match="your name"):
        requested(award, ana, payee_name=payee)
    with pytest.raises(SeatTakenError, match="your name"):
        approve_disbursement(row.pk, actor=ana)
    assert ana not in who_may(row, Seat.APPROVER)
    approve_disbursement(row.pk, actor=trio[1])
    with pytest.raises(SeatTakenError, match="your name"):
        record(row, ana)

    record(row, trio[2])
    assert Disbursement.objects.get(pk=row.pk).status == Status.PAID


def test_a_person_without_a_name_is_nobodys_namesake(award, trio):
    trio[0].name = award.payee_name = ""

    assert seats.why_not_request(award, trio[0]) == ""


def test_a_payment_of_nothing_is_refused(award, trio):
    with pytest.raises(RuleError, match="more than nothing"):
        requested(award, trio[0], 0)


def test_a_method_that_is_not_known_is_refused(award, trio):
    with pytest.raises(RuleError):
        requested(award, trio[0], method="gold")


def test_whoever_has_a_conflict_of_interest_does_nothing(award, trio, insider, staff):
    Conflict.objects.create(application=award.application, person=insider, kind="family", declared_by=insider)
    disbursement, receipt = requested(award, trio[0]), receipt_of(award, 100)
    deeds = [
        lambda: requested(award, insider),
        lambda: approve_disbursement(disbursement.pk, actor=insider),
        lambda: refuse_disbursement(disbursement.pk, reason="No", actor=insider),
        lambda: decide_receipt(receipt.pk, accepted_cents=100, actor=insider),
        lambda: complete_award(award.pk, actor=insider),
    ]

    for deed in deeds:
        with pytest.raises(ConflictOfInterestError):
            deed()


# -- Approving, refusing -----------------------------------------------------------------------------
def test_a_second_person_approves(award, trio):
    disbursement = approve_disbursement(requested(award, trio[0]).pk, actor=trio[1])

    assert (disbursement.status, disbursement.approved_by) == ("approved", trio[1])
    assert disbursement.approved_at is not None
    assert Event.objects.filter(tag="disbursement:approve", actor=trio[1]).count() == 1


def test_whoever_requested_does_not_approve(award, trio):
    with pytest.raises(SeatTakenError, match="You requested this payment"):
        approve_disbursement(requested(award, trio[0]).pk, actor=trio[0])


def test_a_refusal_says_why(award, trio):
    disbursement = requested(award, trio[0])

    with pytest.raises(ReasonMissingError, match="give a reason"):
        refuse_disbursement(disbursement.pk, reason="  ", actor=trio[1])
    refused = refuse_disbursement(disbursement.pk, reason="No invoice", actor=trio[1])

    assert (refused.status, refused.reason, refused.ended_by) == ("refused", "No invoice", trio[1])
    assert Event.objects.get(tag="disbursement:refuse").data["reason"] == "No invoice"


def test_an_approved_payment_can_still_be_refused(award, trio):
    disbursement = requested(award, trio[0])
    approve_disbursement(disbursement.pk, actor=trio[1])

    assert (
        refuse_disbursement(disbursement.pk, reason="Bank details changed", actor=trio[2]).status == "refused"
    )


# -- Recording ---------------------------------------------------------------------------------------
def test_a_third_person_records_and_the_books_move(award, trio):
    disbursement = paid(award, trio, 60_000)

    assert (disbursement.status, disbursement.voucher_number) == ("paid", "CHK-1001")
    assert books(award) == {"committed": 125_300, "to_prove": 185_300, "paid": 60_000}
    award.refresh_from_db()
    assert (award.paid_cents, Application.objects.get(pk=award.application_id).paid_cents) == (60_000, 60_000)
    entry = Entry.objects.get(kind="payment")
    assert (entry.subject_id, entry.occurred_on, entry.actor) == (disbursement.pk, yesterday(), trio[2])
    assert Event.objects.get(tag="disbursement:record-payment").data["entry"] == str(entry.pk)
    assert Message.objects.get(kind="payment-made").recipient == award.applicant


@pytest.mark.parametrize(
    ("seat", "sentence"), [(0, "You requested this payment"), (1, "You approved this payment")]
)
def test_nobody_records_what_they_requested_or_approved(award, trio, seat, sentence):
    disbursement = requested(award, trio[0])
    approve_disbursement(disbursement.pk, actor=trio[1])

    with pytest.raises(SeatTakenError, match=sentence):
        record(disbursement, trio[seat])


def test_a_payment_is_recorded_on_a_day_that_has_come(award, trio):
    disbursement = requested(award, trio[0])
    approve_disbursement(disbursement.pk, actor=trio[1])
    tomorrow = timezone.localdate(timezone=award.city.zone) + timedelta(days=1)

    with pytest.raises(DayError, match="still to come"):
        record(disbursement, trio[2], paid_on=tomorrow)
    with pytest.raises(DayError, match="A payment can’t be earlier"):
        record(disbursement, trio[2], paid_on=tomorrow - timedelta(days=60))
    assert record(disbursement, trio[2], paid_on=tomorrow - timedelta(days=1)).status == "paid"


def test_a_payment_needs_a_voucher_number(award, trio):
    disbursement = requested(award, trio[0])
    approve_disbursement(disbursement.pk, actor=trio[1])

    with pytest.raises(ReasonMissingError, match="voucher or check number"):
        record(disbursement, trio[2], voucher_number=" ")


# -- Voiding -------------------------------------------------------------------------------------------
def test_a_voided_payment_is_reversed_and_its_money_is_free(award, trio):
    disbursement = paid(award, trio, 185_300)

    voided = void_disbursement(disbursement.pk, reason="The check was lost", actor=trio[0])

    assert (voided.status, voided.ended_by, voided.recorded_by) == ("voided", trio[0], trio[2])
    assert books(award) == {"committed": 185_300, "to_prove": 185_300}
    award.refresh_from_db()
    assert award.paid_cents == 0
    assert Entry.objects.filter(kind="reversal", reverses__kind="payment").count() == 1
    assert Message.objects.get(kind="payment-voided").data["reason"] == "The check was lost"
    assert requested(award, trio[0], 185_300).number == 2


def test_voiding_needs_a_reason(award, trio):
    with pytest.raises(ReasonMissingError):
        void_disbursement(paid(award, trio).pk, reason="", actor=trio[0])


def test_a_payment_of_which_money_came_back_is_not_voided(award, trio):
    disbursement = paid(award, trio, 60_000)
    record_return(
        award.pk, amount_cents=100, returned_on=yesterday(), reference="R", reason="Rest", actor=trio[0]
    )

    with pytest.raises(TooMuchError, match="returned already"):
        void_disbursement(disbursement.pk, reason="Lost", actor=trio[0])


def test_payments_of_an_ended_award_stay(award, trio, manager):
    disbursement = paid(award, trio, 60_000)
    decide_receipt(receipt_of(award, 60_000).pk, accepted_cents=60_000, actor=trio[1])
    complete_award(award.pk, actor=manager)

    with pytest.raises(SeatTakenError, match="can’t be changed any more"):
        void_disbursement(disbursement.pk, reason="Lost", actor=trio[0])


# -- Every status and every deed -------------------------------------------------------------------------
DEEDS = {
    "approve": (states.CAN_APPROVE, lambda pk, who: approve_disbursement(pk, actor=who)),
    "refuse": (states.CAN_REFUSE, lambda pk, who: refuse_disbursement(pk, reason="No", actor=who)),
    "record": (
        states.CAN_RECORD,
        lambda pk, who: record_payment(pk, paid_on=yesterday(), voucher_number="1", actor=who),
    ),
    "void": (states.CAN_VOID, lambda pk, who: void_disbursement(pk, reason="Lost", actor=who)),
}


def in_status(award, trio, status):
    disbursement = requested(award, trio[0])
    if status in {Status.APPROVED, Status.PAID, Status.VOIDED}:
        approve_disbursement(disbursement.pk, actor=trio[1])
    if status in {Status.PAID, Status.VOIDED}:
        record(disbursement, trio[2])
    if status == Status.VOIDED:
        void_disbursement(disbursement.pk, reason="Lost", actor=trio[2])
    if status == Status.REFUSED:
        refuse_disbursement(disbursement.pk, reason="No", actor=trio[1])
    return disbursement


@pytest.mark.parametrize(("status", "deed"), list(product(Status, DEEDS)))
def test_each_deed_starts_from_the_statuses_it_may(award, city, trio, status, deed):
    allowed, act = DEEDS[deed]
    disbursement, fourth = in_status(award, trio, status), UserFactory()

    if status in allowed:
        act(disbursement.pk, fourth)
        assert Disbursement.objects.get(pk=disbursement.pk).status != status
    else:
        with pytest.raises(WrongStatusError, match="Somebody was faster"):
            act(disbursement.pk, fourth)
        assert Disbursement.objects.get(pk=disbursement.pk).status == status


# -- Every pair of seats held by one person ----------------------------------------------------------------
@pytest.mark.parametrize("pair", [(0, 1), (0, 2), (1, 2)])
def test_no_two_seats_are_taken_by_one_person(award, trio, pair):
    people = list(trio)
    people[pair[1]] = people[pair[0]]

    with pytest.raises(SeatTakenError):
        paid(award, tuple(people))

    assert Disbursement.objects.get().status != "paid"
