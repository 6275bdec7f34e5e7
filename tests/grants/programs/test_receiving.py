"""The city's answers to the Center, in the city's own books."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError
from django.utils import timezone

from cities.tenancy.errors import RuleError, ScopeError
from cities.tenancy.scopes import CENTER_ID, city_scope
from grants.ledger.models import Entry
from grants.ledger.states import AccountKind
from grants.programs.actions import accept_grant, confirm_tranche
from grants.programs.errors import (
    AlreadyAcceptedError,
    AlreadyConfirmedError,
    DayOutOfOrderError,
    NotAcceptedError,
    UnknownGrantError,
    UnknownTrancheError,
)
from grants.programs.models import GrantAcceptance, ProgramGrant, Tranche, TrancheReceipt
from grants.programs.queries import fundings_received
from tests.grants.programs.center import events, failing_at_the_last_write, held, letters
from tests.grants.programs.factories import SENT_ON, fund_city, make_grant, make_tranche

pytestmark = pytest.mark.django_db


def test_a_city_accepts_in_its_own_books_and_the_officer_is_told(officer, baltimore, finance, grant):
    with city_scope(baltimore):
        acceptance = accept_grant(grant.pk, actor=finance)

    assert (acceptance.city_id, acceptance.accepted_by) == (baltimore.pk, finance)
    assert held(baltimore.pk, AccountKind.RECEIVABLE, grant.pk) == 10_000_000
    assert held(baltimore.pk, AccountKind.FUNDING, grant.pk) == -10_000_000
    assert held(CENTER_ID, AccountKind.GRANTED, grant.pk) == 10_000_000
    assert events(baltimore.pk) == ["programgrant:accept"]
    assert letters(baltimore.pk) == [("grant-accepted", officer.email)]


def test_a_grant_is_accepted_once(baltimore, finance, grant):
    with city_scope(baltimore):
        accept_grant(grant.pk, actor=finance)
        with pytest.raises(AlreadyAcceptedError):
            accept_grant(grant.pk, actor=finance)

    assert held(baltimore.pk, AccountKind.RECEIVABLE, grant.pk) == 10_000_000


def test_another_city_neither_sees_nor_accepts_the_grant(baltimore, dallas, finance, grant, tranche):
    with city_scope(dallas):
        assert (fundings_received(), list(ProgramGrant.received.all())) == ([], [])
        with pytest.raises(UnknownGrantError):
            accept_grant(grant.pk, actor=finance)
        with pytest.raises(UnknownTrancheError):
            confirm_tranche(tranche.pk, received_on=SENT_ON, actor=finance)


def test_the_database_refuses_another_citys_answer_too(baltimore, dallas, finance, grant, tranche):
    answers = [
        GrantAcceptance(program_grant_id=grant.pk, accepted_by=finance),
        TrancheReceipt(tranche_id=tranche.pk, received_on=SENT_ON, confirmed_by=finance),
    ]
    for answer in answers:
        with (
            pytest.raises(IntegrityError, match="same_recipient"),
            city_scope(dallas),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            answer.save(force_insert=True)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_city_writes_neither_grants_nor_tranches(baltimore, grant, tranche):
    with city_scope(baltimore):
        with pytest.raises(ScopeError), transaction.atomic():
            Tranche(
                city_id=CENTER_ID, program_grant_id=grant.pk, recipient=baltimore, number=9, amount_cents=1,
                currency="USD", sent_on=SENT_ON, bank_reference="x",
            ).save(force_insert=True)  # fmt: skip
        for deed in (
            "UPDATE grants_programgrant SET amount_cents = 1",
            "UPDATE grants_tranche SET amount_cents = 1",
            "DELETE FROM grants_programgrant",
        ):
            with (
                pytest.raises(ProgrammingError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(deed)


def test_received_money_waits_to_be_allocated(officer, baltimore, finance, grant, tranche):
    with city_scope(baltimore):
        accept_grant(grant.pk, actor=finance)
        receipt = confirm_tranche(tranche.pk, received_on=SENT_ON, bank_reference=" IN 7 ", actor=finance)

    assert (receipt.bank_reference, receipt.confirmed_by) == ("IN 7", finance)
    assert held(baltimore.pk, AccountKind.RECEIVABLE, grant.pk) == 6_000_000
    assert held(baltimore.pk, AccountKind.UNALLOCATED, baltimore.pk) == 4_000_000
    assert events(baltimore.pk) == ["programgrant:accept", "tranche:confirm"]
    assert ("tranche-confirmed", officer.email) in letters(baltimore.pk)
    with city_scope(baltimore):
        assert Entry.objects.get(kind="receipt").occurred_on == SENT_ON


def test_a_tranche_is_confirmed_once(baltimore, officer, finance):
    tranche = fund_city(officer, baltimore, finance=finance)

    with city_scope(baltimore), pytest.raises(AlreadyConfirmedError):
        confirm_tranche(tranche.pk, received_on=SENT_ON, actor=finance)

    assert held(baltimore.pk, AccountKind.UNALLOCATED, baltimore.pk) == 4_000_000


def test_nothing_is_confirmed_before_the_grant_is_accepted(baltimore, finance, tranche):
    with city_scope(baltimore), pytest.raises(NotAcceptedError):
        confirm_tranche(tranche.pk, received_on=SENT_ON, actor=finance)


def test_money_arrives_neither_before_it_was_sent_nor_tomorrow(baltimore, finance, grant, tranche):
    with city_scope(baltimore):
        accept_grant(grant.pk, actor=finance)
        for on in (SENT_ON - timedelta(days=1), timezone.localdate() + timedelta(days=2)):
            with pytest.raises(DayOutOfOrderError) as refusal:
                confirm_tranche(tranche.pk, received_on=on, actor=finance)
            assert refusal.value.field == "received_on"


def test_money_deeds_that_fail_at_the_end_leave_nothing(officer, baltimore, finance, grant, tranche):
    with failing_at_the_last_write():
        for deed in (
            lambda: make_grant(officer, baltimore, reference="x"),
            lambda: make_tranche(officer, grant),
        ):
            with pytest.raises(RuleError, match="The roof fell in"):
                deed()
        with city_scope(baltimore), pytest.raises(RuleError, match="The roof fell in"):
            accept_grant(grant.pk, actor=finance)

    with city_scope(baltimore):
        accept_grant(grant.pk, actor=finance)
        with failing_at_the_last_write(), pytest.raises(RuleError, match="The roof fell in"):
            confirm_tranche(tranche.pk, received_on=SENT_ON, actor=finance)
        assert (TrancheReceipt.objects.count(), Entry.objects.count()) == (0, 1)
    with city_scope(CENTER_ID):
        assert (ProgramGrant.objects.count(), Tranche.objects.count(), Entry.objects.count()) == (1, 1, 2)
