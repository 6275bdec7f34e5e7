from datetime import date, timedelta
from itertools import product

import pytest
from django.utils import timezone

from cities.audit.models import Event
from cities.outbox.models import Message
from grants.applications.models import Application
from grants.ledger.models import Entry
from grants.ledger.queries import balance_of
from grants.ledger.states import AccountKind
from grants.payments import states
from grants.payments.actions import (
    complete_award,
    decide_receipt,
    receipts,
    remove_receipt,
    undo_receipt_decision,
)
from grants.payments.errors import (
    DayError,
    ReasonMissingError,
    SeatTakenError,
    TooMuchError,
    WrongStatusError,
)
from grants.payments.models import Receipt
from grants.payments.states import ReceiptStatus
from tests.factories import UserFactory
from tests.grants.payments.factories import make_award, paid, receipt_of, yesterday


def proved(award):
    return balance_of(AccountKind.PROVED, award.pk)


# -- Adding -------------------------------------------------------------------------------------------
def test_a_receipt_waits_for_the_city_with_its_picture(award):
    receipt = receipt_of(award, 16_757, vendor=" Corner Deli ", what="Lunch")

    assert (receipt.status, receipt.vendor, receipt.amount_cents) == ("submitted", "Corner Deli", 16_757)
    assert (receipt.width, receipt.content_type, receipt.possible_duplicate_of) == (600, "image/jpeg", None)
    award.refresh_from_db()
    assert (award.receipt_count, award.proved_cents) == (1, 0)
    assert Event.objects.get(tag="receipt:add").data["sha256"] == receipt.sha256


def test_a_receipt_of_tomorrow_is_refused(award):
    tomorrow = timezone.localdate(timezone=award.city.zone) + timedelta(days=1)

    with pytest.raises(DayError, match="still to come"):
        receipt_of(award, bought_on=tomorrow)
    assert receipt_of(award, bought_on=tomorrow - timedelta(days=1)).pk


def test_a_slip_in_the_year_of_a_receipt_is_pointed_out(award):
    with pytest.raises(DayError, match="look at the year again") as refusal:
        receipt_of(award, bought_on=date(26, 7, 4))

    assert refusal.value.field == "bought_on"


def test_a_receipt_from_before_the_period_is_taken_and_pointed_out(in_city):
    start = timezone.localdate() - timedelta(days=20)
    award = make_award(starts_on=start, ends_on=start + timedelta(days=40))

    early, within = (receipt_of(award, bought_on=start - timedelta(days=days)) for days in (1, 0))

    assert early.outside_period == "before"
    assert within.outside_period == ""


def test_the_same_picture_is_flagged_wherever_it_was_used(award):
    first = receipt_of(award, word="one picture")
    other = make_award()

    second = receipt_of(other, word="one picture", vendor="Another shop", cents=5)

    assert second.possible_duplicate_of == first


def test_the_same_shop_day_and_total_is_flagged(award):
    first = receipt_of(award, 4_000, vendor="Hill Hardware")

    again = receipt_of(award, 4_000, vendor="hill hardware")
    another_day = receipt_of(award, 4_000, vendor="Hill Hardware", bought_on=yesterday() - timedelta(days=1))

    assert again.possible_duplicate_of == first
    assert another_day.possible_duplicate_of is None


def test_what_was_taken_back_is_no_duplicate(award):
    remove_receipt(receipt_of(award, 4_000).pk, actor=award.applicant)

    assert receipt_of(award, 4_000).possible_duplicate_of is None


def test_what_was_taken_back_undecided_has_no_copies_any_more(award):
    first = receipt_of(award, 4_000, word="one picture")
    same_paper = receipt_of(award, 4_000)
    third = receipt_of(make_award(), 4_000)
    same_picture = receipt_of(award, 5, word="one picture")

    remove_receipt(first.pk, actor=award.applicant)

    named = dict(Receipt.objects.values_list("pk", "possible_duplicate_of"))
    assert named == {
        first.pk: None,
        same_paper.pk: None,
        third.pk: same_paper.pk,
        same_picture.pk: None,
    }
    assert set(Event.objects.get(tag="receipt:remove").data["copies"]) == {
        str(each.pk) for each in (same_paper, third, same_picture)
    }


def test_what_was_decided_about_and_taken_back_keeps_its_copies(award, staff):
    first, second = receipt_of(award, 4_000), receipt_of(award, 4_000)
    decide_receipt(first.pk, accepted_cents=0, reason="Not covered", actor=staff)

    remove_receipt(first.pk, actor=award.applicant)

    assert Receipt.objects.get(pk=second.pk).possible_duplicate_of == first


def test_what_was_refused_taken_back_and_sent_again_is_flagged(award, staff):
    first = receipt_of(award, 4_000)
    decide_receipt(first.pk, accepted_cents=0, reason="Not covered", actor=staff)
    remove_receipt(first.pk, actor=award.applicant)

    assert receipt_of(award, 4_000).possible_duplicate_of == first


def test_an_ended_award_takes_no_receipts(award, manager):
    complete_award(award.pk, actor=manager)

    with pytest.raises(WrongStatusError, match="no more receipts"):
        receipt_of(award)


def test_there_is_an_end_to_the_receipts_of_one_award(award, monkeypatch):
    monkeypatch.setattr(receipts, "RECEIPTS_PER_AWARD", 1)
    first = receipt_of(award)

    with pytest.raises(Exception, match="call the city"):
        receipt_of(award)
    remove_receipt(first.pk, actor=award.applicant)
    assert receipt_of(award).pk


# -- Deciding -----------------------------------------------------------------------------------------
def test_a_whole_receipt_is_proof_in_the_books(award, staff):
    receipt = decide_receipt(receipt_of(award, 45_500).pk, accepted_cents=45_500, actor=staff)

    assert (receipt.status, receipt.accepted_cents, receipt.decided_by) == ("accepted", 45_500, staff)
    assert proved(award) == 45_500
    award.refresh_from_db()
    assert (award.proved_cents, Application.objects.get(pk=award.application_id).proved_cents) == (
        45_500,
        45_500,
    )
    entry = Entry.objects.get(kind="substantiation")
    assert Event.objects.get(tag="receipt:accepted").data["entry"] == str(entry.pk)
    assert Message.objects.get(kind="receipt-decided").recipient == award.applicant


def test_a_part_is_accepted_in_cents_with_a_reason(award, staff):
    receipt = receipt_of(award, 16_757)

    with pytest.raises(ReasonMissingError, match="The grantee will read it"):
        decide_receipt(receipt.pk, accepted_cents=14_360, actor=staff)
    decided = decide_receipt(receipt.pk, accepted_cents=14_360, reason="Beer isn’t covered", actor=staff)

    assert (decided.status, proved(award)) == ("partly", 14_360)
    assert Message.objects.get(kind="receipt-decided").data["reason"] == "Beer isn’t covered"


def test_nothing_of_it_is_a_refusal_without_an_entry(award, staff):
    decided = decide_receipt(receipt_of(award).pk, accepted_cents=0, reason="Can’t read it", actor=staff)

    assert (decided.status, decided.accepted_cents, proved(award)) == ("refused", 0, 0)
    assert not Entry.objects.filter(kind="substantiation").exists()


def test_no_more_than_the_receipt_says_is_accepted(award, staff):
    with pytest.raises(TooMuchError, match=r"The receipt says \$100.00"):
        decide_receipt(receipt_of(award, 10_000).pk, accepted_cents=10_001, actor=staff)


def test_no_more_is_accepted_than_is_left_to_prove(in_city, staff):
    award = make_award(15_000)
    decide_receipt(receipt_of(award, 10_000).pk, accepted_cents=10_000, actor=staff)
    second = receipt_of(award, 8_000, vendor="Nursery")

    with pytest.raises(TooMuchError, match=r"Only \$50.00 of this award is left to prove"):
        decide_receipt(second.pk, accepted_cents=8_000, actor=staff)
    decide_receipt(second.pk, accepted_cents=5_000, reason="Up to the award", actor=staff)

    assert proved(award) == 15_000


def test_whoever_sent_a_receipt_does_not_decide_about_it(award, staff):
    receipt = receipt_of(award, actor=staff)

    with pytest.raises(SeatTakenError, match="You sent this receipt"):
        decide_receipt(receipt.pk, accepted_cents=0, reason="No", actor=staff)


@pytest.mark.parametrize("party", ["applicant", "payee", "signatory"])
def test_a_party_of_the_award_decides_nothing(in_city, insider, staff, party):
    receipt = receipt_of(make_award(**{party: insider}), actor=staff)

    with pytest.raises(SeatTakenError, match="applicant, the payee or the signatory"):
        decide_receipt(receipt.pk, accepted_cents=10_000, actor=insider)


def test_decisions_of_an_ended_award_stay(award, trio, staff, manager):
    paid(award, trio, 10_000)
    receipt = decide_receipt(receipt_of(award, 10_000).pk, accepted_cents=10_000, actor=staff)
    complete_award(award.pk, actor=manager)

    with pytest.raises(SeatTakenError, match="can’t be changed any more"):
        undo_receipt_decision(receipt.pk, actor=staff)


# -- Undoing and removing -----------------------------------------------------------------------------
def test_a_decision_taken_back_is_reversed_and_can_be_made_again(award, staff):
    receipt = receipt_of(award, 10_000)
    for _time in range(2):
        decide_receipt(receipt.pk, accepted_cents=10_000, actor=staff)
        undone = undo_receipt_decision(receipt.pk, actor=staff)

        assert (undone.status, undone.accepted_cents, undone.decided_by, undone.reason) == (
            "submitted",
            None,
            None,
            "",
        )
        assert proved(award) == 0
    award.refresh_from_db()
    assert award.proved_cents == 0
    assert Entry.objects.filter(kind="reversal").count() == 2
    assert Event.objects.filter(tag="receipt:undo").count() == 2
    told = Message.objects.filter(kind="receipt-undone")
    assert {message.recipient for message in told} == {award.applicant}
    assert told.count() == 2


def test_a_refusal_is_undone_without_an_entry(award, staff):
    receipt = receipt_of(award)
    decide_receipt(receipt.pk, accepted_cents=0, reason="Blurred", actor=staff)

    assert undo_receipt_decision(receipt.pk, actor=staff).status == "submitted"
    assert not Entry.objects.filter(kind="reversal").exists()


def test_a_receipt_taken_back_leaves_its_row(award):
    receipt = receipt_of(award)

    remove_receipt(receipt.pk, actor=award.applicant)
    remove_receipt(receipt.pk, actor=award.applicant)

    assert Receipt.objects.get(pk=receipt.pk).status == "removed"
    award.refresh_from_db()
    assert award.receipt_count == 0
    assert Event.objects.filter(tag="receipt:remove").count() == 1


DEEDS = {
    "accept": (
        states.CAN_DECIDE_RECEIPT,
        lambda pk, who: decide_receipt(pk, accepted_cents=10_000, actor=who),
    ),
    "undo": (states.CAN_UNDO_RECEIPT, lambda pk, who: undo_receipt_decision(pk, actor=who)),
    "remove": (
        states.CAN_REMOVE_RECEIPT | {ReceiptStatus.REMOVED},
        lambda pk, who: remove_receipt(pk, actor=who),
    ),
}
ACCEPTED = {ReceiptStatus.ACCEPTED: 10_000, ReceiptStatus.PARTLY: 9_000, ReceiptStatus.REFUSED: 0}


@pytest.mark.parametrize(("status", "deed"), list(product(ReceiptStatus, DEEDS)))
def test_each_deed_starts_from_the_statuses_it_may(award, staff, status, deed):
    allowed, act = DEEDS[deed]
    receipt = receipt_of(award, 10_000)
    if status in ACCEPTED:
        decide_receipt(receipt.pk, accepted_cents=ACCEPTED[status], reason="So", actor=staff)
    if status == ReceiptStatus.REMOVED:
        remove_receipt(receipt.pk, actor=award.applicant)

    if status in allowed:
        act(receipt.pk, UserFactory())
    else:
        with pytest.raises(WrongStatusError, match="Somebody was faster"):
            act(receipt.pk, UserFactory())
        assert Receipt.objects.get(pk=receipt.pk).status == status
