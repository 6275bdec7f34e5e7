from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cities.audit import trail
from cities.audit.models import Event
from cities.audit.trail import SEEDER
from cities.outbox.models import Message
from cities.tenancy.actions import action
from cities.tenancy.models import new_id
from grants.applications.models import Application
from grants.applications.tracking import standing, steps
from grants.awards.models import Award
from grants.awards.states import Status as AwardStatus
from grants.ledger.errors import NotEnoughError
from grants.ledger.posting import Deed, Line, post
from grants.ledger.queries import balances_of, told
from grants.ledger.states import AccountKind, EntryKind
from grants.payments.actions import (
    complete_award,
    decide_receipt,
    record_return,
    reopen_award,
    undo_return,
    void_disbursement,
)
from grants.payments.award_money import AwardMoney
from grants.payments.errors import (
    DayError,
    NotSettledError,
    ReasonMissingError,
    SeatTakenError,
    TooMuchError,
    WrongStatusError,
)
from grants.payments.models import Return
from residents.notices.registry import write_letter
from tests.grants.payments.factories import POOL, make_award, paid, receipt_of, requested, yesterday


def give_back(award, cents, actor, **changes):
    fields = {"returned_on": yesterday(), "reference": "DEP-7", "reason": "Not needed", **changes}
    return record_return(award.pk, amount_cents=cents, actor=actor, **fields)


def books(award):
    held = balances_of([award.pk, award.cycle_id])
    return held[award.pk] | held[award.cycle_id]


# -- The worked example -----------------------------------------------------------------------------------
def test_the_tilden_street_lot_to_the_cent(in_city, trio, staff, manager):
    award = make_award(185_300, payee_name="Riverbend CDC")
    lines = [
        (45_500, 45_500),
        (59_840, 59_840),
        (30_215, 30_215),
        (19_180, 19_180),
        (16_757, 14_360),
        (5_800, 5_800),
        (6_470, 6_470),
    ]

    paid(award, trio, 45_500, payee_name="Marlow Hauling", purpose="Dumpster, direct to the hauler")
    paid(award, trio, 60_000, purpose="Advance")
    for number, (total, eligible) in enumerate(lines):
        receipt = receipt_of(award, total, vendor=f"Shop {number}")
        decide_receipt(
            receipt.pk,
            accepted_cents=eligible,
            reason="" if total == eligible else "$23.97 is beer",
            actor=staff,
        )
    award.refresh_from_db()
    assert (award.paid_cents, award.proved_cents) == (105_500, 181_365)
    paid(award, trio, 75_865, purpose="Final reimbursement")
    complete_award(award.pk, actor=manager)

    award.refresh_from_db()
    assert (award.status, award.paid_cents, award.proved_cents) == ("completed", 181_365, 181_365)
    assert books(award) == {
        "committed": 0,
        "to_prove": 0,
        "paid": 181_365,
        "proved": 181_365,
        "obligated": -181_365,
        "available": POOL - 181_365,
    }
    told = Event.objects.get(tag="award:complete")
    assert told.data["released_cents"] == 3_935
    assert Message.objects.get(kind="award-completed").data["released_cents"] == 3_935


# -- What went back to the pool ------------------------------------------------------------------------------
def kept(award):
    """What award and application say of it, both."""
    rows = (Award.objects.get(pk=award.pk), Application.objects.get(pk=award.application_id))
    for row in rows:
        assert row.current_cents == 100_000 - row.released_cents
    assert rows[0].unpaid_cents == books(award)["committed"]
    assert rows[0].released_cents == rows[1].released_cents
    return rows[0].released_cents


def test_returned_money_is_not_left_to_pay_nor_to_spend(in_city, trio, staff):
    award = make_award(100_000)
    paid(award, trio, 100_000)
    row = give_back(award, 30_000, trio[0])
    decide_receipt(receipt_of(award, 70_000).pk, accepted_cents=70_000, actor=staff)

    assert kept(award) == 30_000
    award.refresh_from_db()
    assert (award.unpaid_cents, AwardMoney(award).left_to_spend_cents) == (0, 0)

    undo_return(row.pk, reason="Typed twice", actor=trio[0])
    assert kept(award) == 0


def test_what_was_never_paid_is_not_left_to_pay_at_the_end(in_city, trio, staff, manager):
    award = make_award(100_000)
    paid(award, trio, 60_000)
    give_back(award, 5_000, trio[0])
    decide_receipt(receipt_of(award, 55_000).pk, accepted_cents=55_000, actor=staff)
    assert kept(award) == 5_000

    complete_award(award.pk, actor=manager)

    assert kept(award) == 45_000
    award.refresh_from_db()
    assert (award.unpaid_cents, AwardMoney(award).left_to_spend_cents) == (0, 0)


# -- Returns ---------------------------------------------------------------------------------------------------
def test_money_that_comes_back_is_available_again(award, trio):
    paid(award, trio, 60_000)

    row = give_back(award, 10_000, trio[0])

    award.refresh_from_db()
    assert award.paid_cents == 50_000
    assert Application.objects.get(pk=award.application_id).paid_cents == 50_000
    held = books(award)
    assert (held["paid"], held["committed"], held["to_prove"], held["available"]) == (
        50_000,
        125_300,
        175_300,
        POOL - 175_300,
    )
    assert row.recorded_by == trio[0]
    assert Event.objects.get(tag="award:record-return").data["reference"] == "DEP-7"


def test_only_what_was_paid_and_not_proved_comes_back(award, trio, staff):
    paid(award, trio, 60_000)
    decide_receipt(receipt_of(award, 50_000).pk, accepted_cents=50_000, actor=staff)

    with pytest.raises(TooMuchError, match=r"At most \$100.00"):
        give_back(award, 10_001, trio[0])
    give_back(award, 10_000, trio[0])

    assert books(award)["paid"] == books(award)["proved"] == 50_000


@pytest.mark.parametrize("missing", ["reference", "reason"])
def test_a_return_says_why_and_where_it_is_in_the_books(award, trio, missing):
    paid(award, trio)

    with pytest.raises(ReasonMissingError):
        give_back(award, 100, trio[0], **{missing: " "})


def test_a_return_is_no_prophecy(award, trio):
    paid(award, trio)

    with pytest.raises(DayError):
        give_back(award, 100, trio[0], returned_on=timezone.localdate() + timedelta(days=2))


def test_nothing_comes_back_before_it_was_paid(award, trio):
    paid(award, trio)

    with pytest.raises(DayError, match="Nothing can come back earlier") as refusal:
        give_back(award, 100, trio[0], returned_on=yesterday() - timedelta(days=1))

    assert refusal.value.field == "returned_on"
    assert not Return.objects.exists()


def test_a_return_of_nothing_is_refused(award, trio):
    paid(award, trio)

    with pytest.raises(Exception, match="more than nothing"):
        give_back(award, 0, trio[0])
    assert not Return.objects.exists()


def test_a_party_records_no_return(in_city, trio, insider):
    award = make_award(signatory=insider)
    paid(award, trio)

    with pytest.raises(SeatTakenError):
        give_back(award, 100, insider)


def test_whoever_recorded_a_payment_records_no_return_of_its_award(award, trio):
    paid(award, trio)

    with pytest.raises(SeatTakenError, match="You recorded a payment"):
        give_back(award, 100, trio[2])
    assert give_back(award, 100, trio[0]).pk


def test_a_payment_that_was_voided_keeps_nobody_from_a_return(award, trio, insider):
    void_disbursement(paid(award, trio, 500).pk, reason="Lost", actor=trio[0])
    paid(award, (trio[0], trio[1], insider))

    assert give_back(award, 100, trio[2]).pk


def test_the_grantee_hears_of_a_return(award, trio):
    paid(award, trio, 60_000)

    give_back(award, 10_000, trio[0])

    message = Message.objects.get(kind="return-recorded")
    assert message.recipient == award.applicant
    letter = write_letter(message)
    assert "$100.00" in letter.subject
    assert "DEP-7" in letter.text
    assert "$500.00" in letter.text


def test_a_return_recorded_by_mistake_is_undone_by_a_reversing_entry(award, trio):
    paid(award, trio, 60_000)
    before = books(award)
    row = give_back(award, 10_000, trio[0])

    undo_return(row.pk, reason=" The check was another grantee’s ", actor=trio[0])

    award.refresh_from_db()
    assert (award.paid_cents, award.unproved_cents) == (60_000, 60_000)
    assert Application.objects.get(pk=award.application_id).paid_cents == 60_000
    assert books(award) == before
    money = AwardMoney(award)
    assert [each.undone_because for each in money.returns] == ["The check was another grantee’s"]
    assert (money.returned_cents, money.left_to_prove_cents) == (0, 60_000)
    event = Event.objects.get(tag="award:undo-return")
    assert event.data["reason"] == "The check was another grantee’s"
    message = Message.objects.get(kind="return-undone")
    assert message.recipient == award.applicant
    assert "another grantee’s" in write_letter(message).text


def test_a_return_is_undone_once_and_with_a_reason(award, trio):
    paid(award, trio)
    row = give_back(award, 100, trio[0])

    with pytest.raises(ReasonMissingError):
        undo_return(row.pk, reason=" ", actor=trio[0])
    undo_return(row.pk, reason="Typed twice", actor=trio[0])
    with pytest.raises(WrongStatusError, match="undone already"):
        undo_return(row.pk, reason="Typed twice", actor=trio[0])


def test_a_return_is_not_undone_by_a_party_or_the_recorder_of_a_payment(in_city, trio, insider):
    award = make_award(signatory=insider)
    paid(award, trio)
    row = give_back(award, 100, trio[0])

    for actor in (insider, trio[2]):
        with pytest.raises(SeatTakenError):
            undo_return(row.pk, reason="Mine", actor=actor)


def test_a_return_of_an_ended_award_stays(award, trio, manager):
    paid(award, trio)
    row = give_back(award, 60_000, trio[0])
    complete_award(award.pk, actor=manager)

    with pytest.raises(WrongStatusError):
        undo_return(row.pk, reason="Late", actor=trio[0])


def test_a_return_whose_money_was_promised_again_is_not_undone(award, trio):
    paid(award, trio)
    row = give_back(award, 60_000, trio[0])
    spend(award.cycle)

    with pytest.raises(NotEnoughError):
        undo_return(row.pk, reason="Typed twice", actor=trio[0])
    assert AwardMoney(award).returned_cents == 60_000


@action
def spend(cycle):
    """Promise all that is available to somebody else."""
    cents = balances_of([cycle.pk])[cycle.pk]["available"]
    other = new_id()
    entry = post(
        Deed(EntryKind.COMMITMENT, f"spend:{other}", cycle, SEEDER),
        [
            Line(AccountKind.AVAILABLE, cycle.pk, -cents, pool_id=cycle.pk),
            Line(AccountKind.COMMITTED, other, cents, pool_id=cycle.pk),
        ],
    )
    trail.record("award:offer", actor=SEEDER, subject=cycle, **told(entry))


@pytest.mark.parametrize("status", [AwardStatus.OFFERED, AwardStatus.DECLINED, AwardStatus.RESCINDED])
def test_nothing_comes_back_of_an_award_that_was_never_accepted(in_city, trio, manager, status):
    award = make_award(status=status)

    with pytest.raises(WrongStatusError):
        give_back(award, 100, trio[0])
    with pytest.raises(WrongStatusError):
        complete_award(award.pk, actor=manager)


# -- The end ------------------------------------------------------------------------------------------------------
def test_an_award_ends_when_paid_is_proved(award, trio, staff, manager):
    paid(award, trio, 60_000)
    decide_receipt(receipt_of(award, 60_000).pk, accepted_cents=60_000, actor=staff)

    done = complete_award(award.pk, actor=manager)

    assert (done.status, Application.objects.get(pk=award.application_id).award_status) == (
        "completed",
        "completed",
    )
    assert done.completed_at is not None
    assert books(award)["available"] == POOL - 60_000


def test_an_award_that_was_spent_to_the_last_cent_ends_without_an_entry(award, trio, staff, manager):
    paid(award, trio, 185_300)
    decide_receipt(receipt_of(award, 185_300).pk, accepted_cents=185_300, actor=staff)

    complete_award(award.pk, actor=manager)

    assert "entry" not in Event.objects.get(tag="award:complete").data


def test_an_award_nobody_spent_goes_back_whole(award, manager):
    complete_award(award.pk, actor=manager)

    assert books(award)["available"] == POOL


def test_an_award_does_not_end_with_money_unproved(award, trio, manager):
    paid(award, trio, 60_000)

    with pytest.raises(NotSettledError, match=r"\$600.00 was paid and isn’t proved"):
        complete_award(award.pk, actor=manager)


def test_an_award_does_not_end_with_proof_unpaid(award, staff, manager):
    decide_receipt(receipt_of(award, 10_000).pk, accepted_cents=10_000, actor=staff)

    with pytest.raises(NotSettledError, match=r"\$100.00 is proved and isn’t paid"):
        complete_award(award.pk, actor=manager)


def test_an_award_does_not_end_with_a_payment_under_way(award, trio, manager):
    requested(award, trio[0])

    with pytest.raises(NotSettledError, match="still under way"):
        complete_award(award.pk, actor=manager)


def test_an_award_does_not_end_with_a_receipt_that_waits(award, manager):
    receipt_of(award)

    with pytest.raises(NotSettledError, match="still waits"):
        complete_award(award.pk, actor=manager)


def test_an_award_ends_once(award, manager):
    complete_award(award.pk, actor=manager)

    with pytest.raises(WrongStatusError):
        complete_award(award.pk, actor=manager)


def test_a_party_does_not_end_its_own_award(in_city, insider):
    with pytest.raises(SeatTakenError):
        complete_award(make_award(applicant=insider).pk, actor=insider)


# -- Opened again ---------------------------------------------------------------------------------------------
def settled(award, trio, staff):
    paid(award, trio, 60_000)
    decide_receipt(receipt_of(award, 60_000).pk, accepted_cents=60_000, actor=staff)


def test_a_completed_award_is_opened_again_with_what_its_end_gave_back(in_city, trio, staff, manager):
    award = make_award(100_000)
    settled(award, trio, staff)
    before = books(award)
    complete_award(award.pk, actor=manager)

    reopen_award(award.pk, reason=" The check bounced ", actor=manager)

    award.refresh_from_db()
    assert (award.status, award.completed_at, award.released_cents) == ("accepted", None, 0)
    assert award.reopened_at is not None
    assert Application.objects.get(pk=award.application_id).award_status == "accepted"
    assert books(award) == before
    assert kept(award) == 0
    assert Event.objects.get(tag="award:reopen").data["reason"] == "The check bounced"
    letter = write_letter(Message.objects.get(kind="award-reopened"))
    assert "The check bounced" in letter.text

    void_disbursement(award.disbursements.get().pk, reason="It bounced", actor=trio[2])
    paid(award, trio, 60_000)
    complete_award(award.pk, actor=manager)

    assert kept(award) == 40_000
    assert Message.objects.filter(kind="award-completed").count() == 2


def test_a_fully_paid_award_is_opened_again_without_an_entry(in_city, trio, staff, manager):
    award = make_award(60_000)
    settled(award, trio, staff)
    complete_award(award.pk, actor=manager)

    reopen_award(award.pk, reason="A receipt was wrong", actor=manager)

    assert "entry" not in Event.objects.get(tag="award:reopen").data
    assert Award.objects.get(pk=award.pk).status == "accepted"


def test_an_award_is_not_opened_again_with_money_promised_to_others(in_city, trio, staff, manager):
    award = make_award(100_000)
    settled(award, trio, staff)
    complete_award(award.pk, actor=manager)
    post(
        Deed(EntryKind.DEALLOCATION, "elsewhere", award.cycle, SEEDER),
        [
            Line(AccountKind.AVAILABLE, award.cycle_id, -POOL + 70_000, pool_id=award.cycle_id),
            Line(AccountKind.UNALLOCATED, award.city_id, POOL - 70_000),
        ],
    )

    with pytest.raises(NotEnoughError):
        reopen_award(award.pk, reason="Too early", actor=manager)

    assert Award.objects.get(pk=award.pk).status == "completed"


def test_only_a_completed_award_is_opened_again_by_another_and_with_a_reason(award, trio, staff, manager):
    with pytest.raises(WrongStatusError, match="not completed"):
        reopen_award(award.pk, reason="Why not", actor=manager)
    settled(award, trio, staff)
    complete_award(award.pk, actor=manager)

    with pytest.raises(ReasonMissingError):
        reopen_award(award.pk, reason=" ", actor=manager)
    with pytest.raises(SeatTakenError):
        reopen_award(award.pk, reason="More for me", actor=award.applicant)


def test_the_database_opens_no_award_whose_end_still_stands_in_the_books(in_city, trio, staff, manager):
    award = make_award(100_000)
    settled(award, trio, staff)
    complete_award(award.pk, actor=manager)

    with pytest.raises(IntegrityError, match="de-obligation"), transaction.atomic():
        Award.objects.filter(pk=award.pk).update(status="accepted")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_an_award_that_ends_before_anything_is_paid_is_not_called_a_success(in_city, manager):
    award = make_award(100_000)

    complete_award(award.pk, actor=manager)

    letter = write_letter(Message.objects.get(kind="award-completed"))
    assert "nothing was paid" in letter.text
    assert "well done" not in letter.text
    application = Application.objects.get(pk=award.application_id)
    assert standing(application)[1] == "The grant ended"
    assert steps(application)[-1].state == "stopped"
