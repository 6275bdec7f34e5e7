"""Two people in the same instant, on real connections: never twice, never more than there is."""

import pytest

from cities.access.models import Role
from cities.outbox.models import Message
from cities.tenancy.errors import RuleError
from cities.tenancy.scopes import city_scope
from grants.ledger.models import Entry, MoneyCall
from grants.ledger.once import Call, once
from grants.ledger.queries import balance_of
from grants.ledger.states import AccountKind
from grants.payments.actions import (
    approve_disbursement,
    decide_receipt,
    record_payment,
    refuse_disbursement,
    remove_receipt,
    request_disbursement,
)
from grants.payments.errors import TooMuchError, WrongStatusError
from grants.payments.models import Disbursement, DisbursementTotal, Receipt
from tests.factories import ApplicationFactory, FormVersionFactory, make_city, make_member
from tests.grants.applications.test_races import at_once
from tests.grants.payments.factories import make_award, make_trio, receipt_of, requested, yesterday

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def city():
    return make_city("tilden", name="Tilden")


@pytest.fixture
def people(city):
    return *make_trio(city), make_member(city, Role.APPROVER), make_member(city, Role.FINANCE)


@pytest.fixture
def award(city, people):
    with city_scope(city):
        return make_award(100_000)


def split(results):
    failed = [result for result in results if isinstance(result, Exception)]
    return [result for result in results if result not in failed], failed


def test_two_who_approve_at_once_one_is_told(city, people, award):
    with city_scope(city):
        row = requested(award, people[0])

    done, failed = split(
        at_once(
            *[
                (city, lambda who=who: approve_disbursement(row.pk, actor=who))
                for who in (people[1], people[3])
            ]
        )
    )

    assert (len(done), [type(each) for each in failed]) == (1, [WrongStatusError])


def test_the_first_payments_of_a_call_requested_at_once_are_all_in_its_total(city, people):
    with city_scope(city):
        form = FormVersionFactory()
        awards = [
            make_award(application=ApplicationFactory(submitted=True, form_version=form))
            for _each in range(4)
        ]

    _done, failed = split(
        at_once(*[(city, lambda award=award: requested(award, people[0], 100)) for award in awards])
    )

    assert failed == []
    with city_scope(city):
        assert list(DisbursementTotal.objects.values_list("cycle_id", "count", "cents")) == [
            (form.cycle_id, 4, 400)
        ]


def test_two_who_take_back_what_the_other_has_copies_of_do_not_wait_for_each_other(city, people, award):
    with city_scope(city):
        other = make_award(100_000)
        first, second = receipt_of(award, 100), receipt_of(other, 200)
        copies = [receipt_of(other, 100), receipt_of(award, 200)]
        assert [each.possible_duplicate_of for each in copies] == [first, second]

    _done, failed = split(
        at_once(
            *[
                (city, lambda each=each: remove_receipt(each.pk, actor=each.uploaded_by))
                for each in (first, second)
            ]
        )
    )

    assert failed == []
    with city_scope(city):
        assert not Receipt.objects.filter(possible_duplicate_of__isnull=False).exists()


def test_two_who_record_at_once_pay_once(city, people, award):
    with city_scope(city):
        row = requested(award, people[0], 60_000)
        approve_disbursement(row.pk, actor=people[1])

    done, failed = split(
        at_once(
            *[
                (
                    city,
                    lambda who=who: record_payment(
                        row.pk, paid_on=yesterday(), voucher_number="1", actor=who
                    ),
                )
                for who in (people[2], people[4])
            ]
        )
    )

    assert (len(done), [type(each) for each in failed]) == (1, [WrongStatusError])
    with city_scope(city):
        assert balance_of(AccountKind.PAID, award.pk) == 60_000
        assert Entry.objects.filter(kind="payment").count() == 1
        assert Message.objects.filter(kind="payment-made").count() == 1


def test_approving_and_refusing_at_once_is_one_of_them(city, people, award):
    with city_scope(city):
        row = requested(award, people[0])

    at_once(
        (city, lambda: approve_disbursement(row.pk, actor=people[1])),
        (city, lambda: refuse_disbursement(row.pk, reason="No", actor=people[3])),
    )

    with city_scope(city):
        # Approved and then refused is a way; refused and then approved is none.
        assert Disbursement.objects.get(pk=row.pk).status == "refused"


def test_the_last_money_is_requested_once(city, people, award):
    def ask(who):
        return lambda: request_disbursement(
            award.pk, amount_cents=100_000, payee_name="X", method="check", actor=who
        )

    done, failed = split(at_once((city, ask(people[0])), (city, ask(people[2]))))

    assert (len(done), [type(each) for each in failed]) == (1, [TooMuchError])


def test_one_key_sent_twice_at_once_requests_once(city, people, award):
    def ask():
        row = request_disbursement(
            award.pk, amount_cents=40_000, payee_name="X", method="check", actor=people[0]
        )
        return {"id": str(row.pk)}

    call = Call("key-1", "payment:request", people[0], {"amount": "400"})
    results = at_once(*[(city, lambda: once(call, ask, wait=True))] * 3)

    assert len({result["id"] for result in results}) == 1
    with city_scope(city):
        assert Disbursement.objects.count() == MoneyCall.objects.count() == 1


def test_two_who_decide_about_one_receipt_prove_it_once(city, people, award):
    with city_scope(city):
        receipt = receipt_of(award, 30_000)

    done, failed = split(
        at_once(
            *[
                (city, lambda who=who: decide_receipt(receipt.pk, accepted_cents=30_000, actor=who))
                for who in people[:2]
            ]
        )
    )

    assert (len(done), len(failed)) == (1, 1)
    with city_scope(city):
        assert balance_of(AccountKind.PROVED, award.pk) == 30_000
        assert Receipt.objects.get().decision_count == 1


def test_two_receipts_at_once_prove_no_more_than_was_awarded(city, people, award):
    with city_scope(city):
        pair = [receipt_of(award, 70_000, vendor=f"Shop {number}") for number in range(2)]

    done, failed = split(
        at_once(
            *[
                (city, lambda one=one: decide_receipt(one.pk, accepted_cents=70_000, actor=people[1]))
                for one in pair
            ]
        )
    )

    assert (len(done), len(failed)) == (1, 1)
    assert all(isinstance(each, RuleError) for each in failed)
    with city_scope(city):
        assert balance_of(AccountKind.PROVED, award.pk) == 70_000
