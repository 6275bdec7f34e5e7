import pytest
from django.utils import timezone, translation

from cities.access.models import Membership, User
from cities.interface.formats import money
from cities.outbox.models import Message
from grants.applications.models import Conflict
from grants.payments.actions import (
    complete_award,
    decide_receipt,
    record_return,
    refuse_disbursement,
    remove_receipt,
    reopen_award,
    undo_receipt_decision,
    undo_return,
    void_disbursement,
)
from grants.payments.states import VoidCause
from residents.notices.registry import write_letter
from tests.grants.payments.factories import paid, receipt_of, requested, yesterday


@pytest.fixture
def letters(award, trio, staff, manager):
    """One letter of each kind and outcome."""
    void_disbursement(paid(award, trio, 60_000).pk, reason="The check was lost", actor=trio[0])
    for cents in (10_000, 9_000, 0):
        receipt = receipt_of(award, 10_000, vendor=f"Shop {cents}")
        decide_receipt(
            receipt.pk, accepted_cents=cents, reason="" if cents == 10_000 else "Not covered", actor=staff
        )
    taken_back = decide_receipt(receipt_of(award, 500, vendor="Shop 1").pk, accepted_cents=500, actor=staff)
    undo_receipt_decision(taken_back.pk, actor=staff)
    remove_receipt(taken_back.pk, actor=award.applicant)
    paid(award, trio, 19_500)
    for word in ("Typed twice", ""):
        row = record_return(
            award.pk, amount_cents=500, returned_on=yesterday(), reference="D-7", reason="Rest", actor=trio[0]
        )
        if word:
            undo_return(row.pk, reason=word, actor=trio[0])
    complete_award(award.pk, actor=manager)
    reopen_award(award.pk, reason="A check bounced", actor=manager)
    return list(Message.objects.select_related("recipient", "city").order_by("id"))


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_letter_says_what_happened_and_whom_to_call(letters, award, language):
    with translation.override(language):
        written = [write_letter(message) for message in letters]

    assert [message.kind for message in letters] == [
        "payment-made", "payment-voided", "receipt-decided", "receipt-decided", "receipt-decided", "receipt-decided", "receipt-undone",
        "payment-made", "return-recorded", "return-undone", "return-recorded", "award-completed",
        "award-reopened",
    ]  # fmt: skip
    for each in written:
        assert award.reference in each.subject
        assert "312 555 0100" in each.text
        assert each.path == f"/tilden/awards/{award.pk}/"
        assert "{{" not in each.text
    assert "The check was lost" in written[1].text
    assert "$90.00" in written[3].text
    assert "Not covered" in written[4].text
    assert "Shop 1" in written[6].subject
    assert "$190.00" in written[6].text
    assert "D-7" in written[8].text
    assert "Typed twice" in written[9].text
    assert "$1,658.00" in written[11].text
    assert "A check bounced" in written[12].text


@pytest.mark.parametrize("language", ["en", "es"])
def test_whoever_has_the_money_is_not_told_that_it_never_came(award, trio, language):
    row = paid(award, trio)
    void_disbursement(row.pk, reason="Wrong voucher", cause=VoidCause.WRONG_RECORD, actor=trio[0])
    message = Message.objects.exclude(kind="payment-made").select_related("recipient", "city").get()

    with translation.override(language):
        written = write_letter(message)

    assert (message.kind, message.recipient) == ("payment-misrecorded", award.applicant)
    assert "$600.00" in written.subject
    assert "Wrong voucher" in written.text
    assert written.path == f"/tilden/awards/{award.pk}/"
    assert "{{" not in written.text


def refused(award, requester, actor):
    refuse_disbursement(requested(award, requester, 12_300).pk, reason="Wrong payee", actor=actor)
    return list(Message.objects.filter(kind="payment-refused").select_related("recipient", "city"))


@pytest.mark.parametrize("language", ["en", "es"])
def test_whoever_requested_a_payment_reads_who_refused_it_and_why(award, trio, language):
    (message,) = refused(award, trio[0], trio[1])

    with translation.override(language):
        written = write_letter(message)

    assert message.recipient == trio[0]
    assert f"{award.reference}/1" in written.subject
    assert "$123.00" in written.subject
    assert "Ada" in written.text
    assert "Wrong payee" in written.text
    assert written.path == f"/tilden/staff/payments/{message.subject_id}/"
    assert "{{" not in written.text


def test_nobody_is_told_of_a_refusal_of_their_own(award, trio):
    assert refused(award, trio[0], trio[0]) == []


def test_whoever_may_request_no_more_is_told_of_no_refusal(award, trio):
    Membership.objects.filter(user=trio[0]).update(ended_at=timezone.now())

    assert refused(award, User.objects.get(pk=trio[0].pk), trio[1]) == []


def test_whoever_has_a_conflict_is_told_of_no_refusal(award, trio):
    row = requested(award, trio[0])
    Conflict.objects.create(application=award.application, person=trio[0], kind="family", declared_by=trio[0])

    refuse_disbursement(row.pk, reason="Wrong payee", actor=trio[1])

    assert not Message.objects.filter(kind="payment-refused").exists()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Take a photo of each one", "do not need to do anything")),
        ("es", ("Tome una foto", "no tiene que hacer nada")),
    ],
)
def test_the_letter_of_a_payment_asks_for_receipts_only_while_some_are_missing(
    award, trio, staff, language, words
):
    decide_receipt(receipt_of(award, 10_000, vendor="Shop").pk, accepted_cents=10_000, actor=staff)
    paid(award, trio, 10_000)
    paid(award, trio, 5_000)

    with translation.override(language):
        proved, unproved = (write_letter(message).text for message in payments_told())

    assert [word in proved for word in words] == [False, True]
    assert [word in unproved for word in words] == [True, False]


def test_the_letter_of_a_payment_says_what_still_stands_of_the_award(award, trio):
    paid(award, trio, 60_000)
    record_return(
        award.pk, amount_cents=40_000, returned_on=yesterday(), reference="D-7", reason="Rest", actor=trio[0]
    )
    paid(award, trio, 10_000)
    award.refresh_from_db()

    assert award.current_cents == award.amount_cents - 40_000
    assert (
        f"Paid so far: $300.00 of {money(award.current_cents, 'USD')}."
        in write_letter(payments_told()[1]).text
    )


def payments_told():
    rows = Message.objects.filter(kind="payment-made").select_related("recipient", "city")
    return list(rows.order_by("id"))
