import pytest
from django.utils import translation

from cities.interface.formats import money
from cities.outbox.models import Message
from grants.payments.actions import (
    complete_award,
    decide_receipt,
    record_return,
    remove_receipt,
    undo_receipt_decision,
    undo_return,
    void_disbursement,
)
from residents.notices.registry import write_letter
from tests.grants.payments.factories import paid, receipt_of, yesterday


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
    return list(Message.objects.select_related("recipient", "city").order_by("id"))


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_letter_says_what_happened_and_whom_to_call(letters, award, language):
    with translation.override(language):
        written = [write_letter(message) for message in letters]

    assert [message.kind for message in letters] == [
        "payment-made", "payment-voided", "receipt-decided", "receipt-decided", "receipt-decided", "receipt-decided", "receipt-undone",
        "payment-made", "return-recorded", "return-undone", "return-recorded", "award-completed",
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
