"""What the database refuses by itself, written past the actions as the web role."""

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from cities.audit.trail import SEEDER
from cities.tenancy.actions import action
from cities.tenancy.errors import RuleError, database_sentences
from cities.tenancy.scopes import city_scope
from grants.awards.models import Award
from grants.ledger.posting import Deed, Line, post
from grants.ledger.states import AccountKind, EntryKind
from grants.payments.actions import approve_disbursement, decide_receipt, nominate_deputy
from grants.payments.models import Deputy, Disbursement, DisbursementTotal, Receipt, Return
from grants.payments.states import Seat
from tests.factories import UserFactory, make_city
from tests.grants.payments.factories import make_award, paid, receipt_of, requested, yesterday

SEATS = ("requested_by", "approved_by", "recorded_by")


def refused(rule, write):
    """The write breaks the rule: at once, or when deferred constraints are looked at."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        write()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert caught.value.__cause__.diag.constraint_name == rule
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def write(row, **fields):
    return lambda: type(row).objects.filter(pk=row.pk).update(**fields)


def approved(award, trio):
    return approve_disbursement(requested(award, trio[0]).pk, actor=trio[1])


def as_paid(actor, **changes):
    return {
        "status": "paid",
        "recorded_by": actor,
        "recorded_at": timezone.now(),
        "paid_on": yesterday(),
        "voucher_number": "1",
        **changes,
    }


def as_approved(actor):
    return {"status": "approved", "approved_by": actor, "approved_at": timezone.now()}


# -- Three people, none a party ----------------------------------------------------------------------------
def test_whoever_requested_is_not_the_approver(award, trio):
    refused("disbursement_approver_is_another", write(requested(award, trio[0]), **as_approved(trio[0])))


@pytest.mark.parametrize("seat", [0, 1])
def test_whoever_requested_or_approved_is_not_the_recorder(award, trio, seat):
    refused("disbursement_recorder_is_a_third", write(approved(award, trio), **as_paid(trio[seat])))


@pytest.mark.parametrize("party", ["applicant", "payee", "signatory"])
def test_no_party_requests(in_city, trio, insider, party):
    award = make_award(**{party: insider})
    row = Disbursement(
        award=award,
        number=1,
        amount_cents=1,
        currency="USD",
        payee_name="X",
        method="check",
        requested_by=insider,
    )

    refused("disbursement_not_by_party", lambda: row.save(force_insert=True))


@pytest.mark.parametrize("party", ["applicant", "payee", "signatory"])
def test_no_party_approves_or_records(in_city, trio, insider, party):
    award = make_award(**{party: insider})

    refused("disbursement_not_by_party", write(requested(award, trio[0]), **as_approved(insider)))
    refused("disbursement_not_by_party", write(approved(award, trio), **as_paid(insider)))


@pytest.mark.parametrize("seat", [0, 1, 2])
def test_who_had_a_seat_becomes_no_payee(award, trio, seat):
    paid(award, trio)

    refused("award_party_had_seat", write(award, payee=trio[seat]))


# -- What was said stays ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "change",
    [{"amount_cents": 1}, {"payee_name": "Me"}, {"method": "cash"}, {"number": 9}, {"currency": "EUR"}],
    ids=lambda change: next(iter(change)),
)
def test_what_was_requested_is_frozen(award, trio, change):
    refused("disbursement_frozen", write(requested(award, trio[0]), **change))


def test_seats_and_vouchers_are_frozen(award, trio, insider):
    refused("disbursement_frozen", write(requested(award, trio[0], 100), requested_by=insider))
    refused("disbursement_frozen", write(approved(award, trio), approved_by=insider))
    done = paid(award, trio, 100)
    for change in ({"recorded_by": insider}, {"voucher_number": "2"}, {"paid_on": timezone.localdate()}):
        refused("disbursement_frozen", write(done, **change))


def test_a_payment_moves_to_no_other_award(award, trio):
    refused("disbursement_frozen", write(requested(award, trio[0]), award=make_award()))


WAYS = {
    ("requested", "approved"), ("requested", "refused"), ("approved", "refused"), ("approved", "paid"), ("paid", "voided"),
}  # fmt: skip


@pytest.mark.parametrize("before", ["requested", "approved", "paid"])
@pytest.mark.parametrize("after", ["requested", "approved", "paid", "refused", "voided"])
def test_statuses_go_one_way(award, trio, insider, before, after):
    row = {"requested": requested, "approved": approved, "paid": paid}[before](
        award, trio if before != "requested" else trio[0]
    )
    if before == after or (before, after) in WAYS:
        return

    ended = {"ended_by": insider, "ended_at": timezone.now(), "reason": "x"}
    filled = (
        {"approved_by": row.approved_by or insider, "approved_at": timezone.now()}
        if after != "requested"
        else {}
    )
    refused("disbursement_way", write(row, status=after, **ended, **filled))


# -- Paid means posted ---------------------------------------------------------------------------------------------
def test_nothing_is_paid_without_an_entry(award, trio):
    refused("disbursement_in_ledger", write(approved(award, trio), **as_paid(trio[2])))


def test_nothing_is_voided_without_a_reversal(award, trio, insider):
    done = paid(award, trio)

    refused(
        "disbursement_in_ledger",
        write(done, status="voided", ended_by=insider, ended_at=timezone.now(), reason="Lost"),
    )


def test_nothing_is_born_paid_without_an_entry(award, trio):
    row = Disbursement(
        award=award, number=1, amount_cents=1, currency="USD", payee_name="X", method="check", requested_by=trio[0],
        approved_by=trio[1], approved_at=timezone.now(), **as_paid(trio[2]),
    )  # fmt: skip

    refused("disbursement_in_ledger", lambda: row.save(force_insert=True))


def test_another_awards_payment_pays_nothing_here(award, trio):
    row, other = approved(award, trio), make_award()

    def pay():
        post(
            Deed(EntryKind.PAYMENT, f"payment:{row.pk}", row, SEEDER),
            [Line(AccountKind.COMMITTED, other.pk, -60_000), Line(AccountKind.PAID, other.pk, 60_000)],
        )
        write(row, **as_paid(trio[2]))()

    refused("disbursement_in_ledger", pay)


def test_a_payment_out_of_a_pool_pays_nothing(award, trio):
    row = approved(award, trio)

    def pay():
        post(
            Deed(EntryKind.PAYMENT, f"payment:{row.pk}", row, SEEDER),
            [Line(AccountKind.AVAILABLE, award.cycle_id, -60_000), Line(AccountKind.PAID, award.pk, 60_000)],
        )
        write(row, **as_paid(trio[2]))()

    refused("disbursement_in_ledger", pay)


def test_a_cent_is_not_the_whole_payment(award, trio):
    row = approved(award, trio)

    def pay():
        post(
            Deed(EntryKind.PAYMENT, f"payment:{row.pk}", row, SEEDER),
            [Line(AccountKind.COMMITTED, award.pk, -1), Line(AccountKind.PAID, award.pk, 1)],
        )
        write(row, **as_paid(trio[2]))()

    refused("disbursement_in_ledger", pay)


def test_nothing_is_accepted_without_an_entry(award, staff, insider):
    receipt = receipt_of(award, 100, actor=staff)
    whole = {"status": "accepted", "accepted_cents": 100, "decided_by": insider}

    refused("receipt_in_ledger", write(receipt, **whole))


def test_an_accepted_receipt_waits_again_only_with_its_reversal(award, staff, insider):
    receipt = decide_receipt(receipt_of(award, 100, actor=staff).pk, accepted_cents=100, actor=insider)

    waits = {"status": "submitted", "accepted_cents": None, "decided_by": None}
    refused("receipt_in_ledger", write(receipt, **waits))


@pytest.mark.parametrize("cents", [99, 100])
def test_a_receipt_proves_its_own_award_and_its_own_amount(award, staff, insider, cents):
    receipt, other = receipt_of(award, 100, actor=staff), make_award()
    proved = award if cents == 99 else other

    def accept():
        post(
            Deed(EntryKind.SUBSTANTIATION, f"substantiation:{receipt.pk}:1", receipt, SEEDER),
            [Line(AccountKind.TO_PROVE, proved.pk, -cents), Line(AccountKind.PROVED, proved.pk, cents)],
        )
        write(receipt, status="accepted", accepted_cents=100, decided_by=insider)()

    refused("receipt_in_ledger", accept)


def came_back(award, actor):
    return Return(
        city_id=award.city_id, award=award, amount_cents=5, returned_on=yesterday(), reference="1", reason="x",
        recorded_by=actor,
    )  # fmt: skip


def test_nothing_comes_back_without_an_entry(award, trio):
    refused("return_in_ledger", lambda: came_back(award, trio[0]).save(force_insert=True))


@pytest.mark.parametrize("change", ["day", "award", "amount"])
def test_what_comes_back_is_what_is_posted(award, trio, change):
    other = make_award()
    for each in (award, other):
        paid(each, trio)
    row = came_back(award, trio[0])
    subject, cents = (other if change == "award" else award), (4 if change == "amount" else 5)
    on = timezone.localdate() if change == "day" else row.returned_on

    def give_back():
        row.save(force_insert=True)
        post(
            Deed(EntryKind.RETURN, f"return:{row.pk}", row, SEEDER, occurred_on=on),
            [
                Line(AccountKind.PAID, subject.pk, -cents),
                Line(AccountKind.TO_PROVE, subject.pk, -cents),
                Line(AccountKind.AVAILABLE, subject.cycle_id, cents, pool_id=subject.cycle_id),
                Line(AccountKind.OBLIGATED, subject.pk, cents),
            ],
        )

    refused("return_in_ledger", give_back)


# -- Whole rows -------------------------------------------------------------------------------------------------------
def test_rows_are_whole(award, trio, insider):
    row = requested(award, trio[0])

    refused("disbursement_approved_by_somebody", write(row, status="approved"))
    refused(
        "disbursement_ended_has_reason",
        write(row, status="refused", ended_by=insider, ended_at=timezone.now()),
    )
    refused(
        "disbursement_paid_by_somebody", write(approved(award, trio), **as_paid(trio[2], voucher_number=""))
    )
    lost = Disbursement(
        award=award,
        number=9,
        amount_cents=1,
        currency="USD",
        payee_name="X",
        method="check",
        requested_by=trio[0],
        status="lost",
    )
    refused("disbursement_status_known", lambda: lost.save(force_insert=True))


def test_a_payment_is_more_than_nothing_and_numbered_once(award, trio):
    first = requested(award, trio[0], 100)
    fields = {
        "award": award,
        "currency": "USD",
        "payee_name": "X",
        "method": "check",
        "requested_by": trio[0],
    }

    nothing = Disbursement(number=2, amount_cents=0, **fields)
    again = Disbursement(number=first.number, amount_cents=1, **fields)

    refused("disbursement_amount_positive", lambda: nothing.save(force_insert=True))
    refused("disbursement_number_once", lambda: again.save(force_insert=True))


@pytest.mark.parametrize("model", [Disbursement, Receipt, Deputy, Award])
def test_nothing_is_deleted(award, model):
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {model._meta.db_table}")


def test_an_award_says_no_more_than_it_is_about(award):
    refused("award_paid_within_amount", write(award, paid_cents=185_301))
    refused("award_proved_within_amount", write(award, proved_cents=185_301))


# -- Receipts, returns, deputies ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("party", ["applicant", "payee", "signatory"])
def test_no_party_decides_about_a_receipt_or_records_a_return(in_city, insider, staff, party):
    award = make_award(**{party: insider})
    receipt = receipt_of(award, 100, actor=staff)
    row = Return(
        award=award, amount_cents=1, returned_on=yesterday(), reference="1", reason="x", recorded_by=insider
    )

    refused("proof_not_by_party", write(receipt, status="accepted", accepted_cents=100, decided_by=insider))
    refused("proof_not_by_party", lambda: row.save(force_insert=True))


def test_receipts_are_decided_whole_by_another(award, staff, insider):
    receipt = receipt_of(award, 100, actor=staff)

    refused(
        "receipt_decided_by_another", write(receipt, status="accepted", accepted_cents=100, decided_by=staff)
    )
    for change in (
        {"status": "accepted", "accepted_cents": 99},
        {"status": "accepted", "accepted_cents": 100, "decided_by": None},
        {"status": "partly", "accepted_cents": 99, "reason": ""},
        {"status": "refused", "accepted_cents": 0, "reason": ""},
        {"status": "refused", "accepted_cents": 1, "reason": "x"},
    ):
        refused("receipt_decision_is_whole", write(receipt, **{"decided_by": insider, **change}))
    refused("receipt_accepted_within_amount", write(receipt, accepted_cents=101))
    refused("receipt_amount_positive", write(receipt, amount_cents=0))


def test_a_return_is_append_only(award, trio):
    from grants.payments.actions import record_return

    paid(award, trio)
    row = record_return(
        award.pk, amount_cents=5, returned_on=yesterday(), reference="1", reason="x", actor=trio[0]
    )

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Return.objects.filter(pk=row.pk).update(amount_cents=6)


def test_whoever_recorded_a_payment_records_no_return(award, trio):
    paid(award, trio)
    row = Return(
        city_id=award.city_id, award=award, amount_cents=5, returned_on=yesterday(), reference="1", reason="x",
        recorded_by=trio[2],
    )  # fmt: skip

    refused("return_not_by_recorder", lambda: row.save(force_insert=True))


def test_a_deputy_is_approved_by_another_and_open_once(in_city, staff, manager, insider):
    deputy = nominate_deputy(person_id=staff.pk, seat=Seat.APPROVER, reason="Few people", actor=manager)
    again = Deputy(person=staff, seat=Seat.APPROVER, reason="x", nominated_by=insider)

    refused("deputy_approved_by_another", write(deputy, approved_by=manager))
    refused("deputy_approved_by_another", write(deputy, approved_by=staff))
    refused("deputy_open_once", lambda: again.save(force_insert=True))


# -- In words, and between cities ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "rule",
    [
        "disbursement_not_by_party",
        "disbursement_frozen",
        "disbursement_way",
        "disbursement_in_ledger",
        "proof_not_by_party",
        "return_not_by_recorder",
        "award_party_had_seat",
    ],
)
def test_every_trigger_has_a_sentence(rule):
    assert str(database_sentences[rule]).endswith(".")


def test_a_trigger_speaks_through_the_action(award, trio):
    row = requested(award, trio[0])

    with pytest.raises(RuleError, match="stays as it is"):
        action(write(row, amount_cents=1))()


def test_another_citys_award_takes_no_payment_and_no_receipt(city, trio, staff):
    with city_scope(make_city("dallas")):
        foreign = make_award()
        picture = receipt_of(foreign, 100)
    with city_scope(city):
        row = Disbursement(
            award_id=foreign.pk,
            number=1,
            amount_cents=1,
            currency="USD",
            payee_name="X",
            method="check",
            requested_by=trio[0],
        )
        refused("grants_disbursement_award_same_city", lambda: row.save(force_insert=True))
        with pytest.raises(Award.DoesNotExist):
            requested(foreign, trio[0])
        with pytest.raises(Receipt.DoesNotExist):
            decide_receipt(picture.pk, accepted_cents=100, actor=staff)
        assert UserFactory().pk


# -- Kept totals -----------------------------------------------------------------------------------------------
def totals():
    rows = DisbursementTotal.objects.order_by("cycle__slug", "method")
    return list(rows.values_list("cycle_id", "method", "count", "cents"))


def test_totals_are_kept_by_call_and_method_whatever_becomes_of_a_payment(award, trio):
    paid(award, trio, 60_000)
    requested(award, trio[0], 100, method="cash")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        requested(award, trio[0], 7)
        raise ZeroDivisionError

    assert totals() == [(award.cycle_id, "cash", 1, 100), (award.cycle_id, "check", 1, 60_000)]


def test_totals_are_kept_of_many_payments_written_at_once(award, trio):
    other = make_award()
    common = {"currency": "USD", "payee_name": "X", "requested_by": trio[0], "city": award.city}
    Disbursement.objects.bulk_create(
        Disbursement(award=row, number=number, amount_cents=number, method=method, **common)
        for row in (award, other)
        for number, method in ((1, "check"), (2, "check"), (3, "cash"))
    )

    assert sorted(totals()) == sorted(
        (row.cycle_id, method, count, 3)
        for row in (award, other)
        for method, count in (("check", 2), ("cash", 1))
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE grants_disbursementtotal SET cents = 0",
        "DELETE FROM grants_disbursementtotal",
        "INSERT INTO grants_disbursementtotal SELECT * FROM grants_disbursementtotal",
    ],
)
def test_the_web_role_only_reads_kept_totals(award, trio, statement):
    requested(award, trio[0], 100)

    refusal = pytest.raises(ProgrammingError, match="permission denied")
    with refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
