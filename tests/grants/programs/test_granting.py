"""The Center's money in the Center's books, and what both sides read of it."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from cities.access.models import Role
from cities.audit.models import Event
from cities.tenancy.errors import RuleError
from cities.tenancy.models import new_id
from cities.tenancy.scopes import CENTER_ID, center_scope, city_scope
from grants.ledger.models import Entry
from grants.ledger.states import AccountKind
from grants.programs.actions import accept_grant, confirm_tranche
from grants.programs.errors import (
    DayOutOfOrderError,
    ForeignCurrencyError,
    MoreThanGrantedError,
    NotInCohortError,
    ReferenceTakenError,
    UnknownCityError,
    UnknownGrantError,
)
from grants.programs.models import ProgramGrant
from grants.programs.queries import fundings_given, fundings_received, unconfirmed_tranches
from tests.factories import make_city, make_member
from tests.grants.programs.center import events, held, letters, make_cohort
from tests.grants.programs.factories import make_grant, make_tranche
from tests.queries import count_statements

pytestmark = pytest.mark.django_db


# -- The Center grants and sends ---------------------------------------------------------------------


def test_a_grant_stands_in_the_centers_books_and_trail(officer, baltimore, grant):
    assert (grant.city_id, grant.recipient_id, grant.sent_cents) == (CENTER_ID, baltimore.pk, 0)
    assert held(CENTER_ID, AccountKind.GRANTED, grant.pk) == 10_000_000
    assert held(CENTER_ID, AccountKind.APPROPRIATION, grant.pk) == -10_000_000
    with city_scope(CENTER_ID):
        entry, event = Entry.objects.get(), Event.objects.get()
    assert (event.tag, event.data["entry"], event.data["cents"]) == (
        "programgrant:create",
        str(entry.pk),
        10_000_000,
    )
    assert events(baltimore.pk) == []


def test_finance_and_managers_of_the_city_are_told_and_nobody_else(
    officer, baltimore, dallas, finance, manager
):
    make_member(baltimore, Role.STAFF)
    make_member(dallas, Role.FINANCE)

    grant = make_grant(officer, baltimore)
    make_tranche(officer, grant)

    assert letters() == [
        (kind, person.email) for kind in ("program-granted", "tranche-sent") for person in (finance, manager)
    ]


def test_a_grant_is_in_the_citys_own_currency(officer):
    toronto = make_city("toronto", currency="CAD")

    with pytest.raises(ForeignCurrencyError) as refusal:
        make_grant(officer, toronto, currency="USD")

    assert refusal.value.field == "currency"
    assert make_grant(officer, toronto, currency="CAD").currency == "CAD"


def test_a_reference_is_used_once(officer, baltimore, dallas, grant):
    with pytest.raises(ReferenceTakenError):
        make_grant(officer, dallas, reference=grant.reference)


def test_nobody_is_granted_nothing_or_a_time_that_ends_before_it_begins(officer, baltimore):
    for wrong in ({"cents": 0}, {"cents": -1}, {"ends_on": date(2025, 1, 1)}, {"reference": " "}):
        with pytest.raises(RuleError):
            make_grant(officer, baltimore, **wrong)

    assert events() == []


def test_a_city_outside_the_cohort_gets_no_grant_of_it(officer, baltimore, dallas):
    cohort = make_cohort(officer, "2024–26", dallas)

    with pytest.raises(NotInCohortError):
        make_grant(officer, baltimore, cohort_id=cohort.pk)

    assert make_grant(officer, dallas, cohort_id=cohort.pk).cohort_id == cohort.pk


@pytest.mark.parametrize("stranger", [CENTER_ID, new_id()])
def test_neither_the_center_nor_an_unknown_city_is_granted_money(officer, baltimore, stranger):
    baltimore.pk = stranger

    with pytest.raises(UnknownCityError):
        make_grant(officer, baltimore)


def test_a_tranche_moves_money_from_granted_to_sent(officer, grant, tranche):
    assert (tranche.number, tranche.currency) == (1, "USD")
    assert held(CENTER_ID, AccountKind.GRANTED, grant.pk) == 6_000_000
    assert held(CENTER_ID, AccountKind.SENT, grant.pk) == 4_000_000
    assert make_tranche(officer, grant).number == 2
    with center_scope(officer):
        assert ProgramGrant.objects.get().sent_cents == 8_000_000
    assert events() == ["programgrant:create", "tranche:send", "tranche:send"]


def test_no_more_is_sent_than_was_granted(officer, grant, tranche):
    with pytest.raises(MoreThanGrantedError, match=r"\$60,000\.00 is left") as refusal:
        make_tranche(officer, grant, 6_000_001)

    assert refusal.value.field == "amount_cents"
    assert held(CENTER_ID, AccountKind.SENT, grant.pk) == 4_000_000


def test_the_database_refuses_to_send_more_than_was_granted_too(officer, grant):
    with (
        center_scope(officer),
        pytest.raises(IntegrityError, match="programgrant_sent_within_amount"),
        transaction.atomic(),
    ):
        ProgramGrant.objects.filter(pk=grant.pk).update(sent_cents=10_000_001)


def test_a_tranche_is_neither_nothing_nor_sent_tomorrow(officer, grant):
    with pytest.raises(RuleError):
        make_tranche(officer, grant, 0)
    with pytest.raises(DayOutOfOrderError):
        make_tranche(officer, grant, sent_on=timezone.localdate() + timedelta(days=2))


def test_a_slip_in_the_year_is_pointed_out_next_to_its_day(officer, baltimore, grant):
    with pytest.raises(DayOutOfOrderError) as sent:
        make_tranche(officer, grant, sent_on=grant.starts_on - timedelta(days=367))
    with pytest.raises(DayOutOfOrderError) as backwards:
        make_grant(officer, baltimore, reference="B-2", ends_on=grant.starts_on)
    with pytest.raises(DayOutOfOrderError) as endless:
        make_grant(officer, baltimore, reference="B-3", ends_on=date(9999, 12, 31))

    assert [found.value.field for found in (sent, backwards, endless)] == ["sent_on", "ends_on", "ends_on"]
    assert make_tranche(officer, grant, sent_on=grant.starts_on - timedelta(days=366)).number == 1


def test_nothing_is_sent_for_a_grant_that_is_not_there(officer, grant):
    grant.pk = new_id()

    with pytest.raises(UnknownGrantError):
        make_tranche(officer, grant)


# -- Reads -------------------------------------------------------------------------------------------


def test_a_tranche_counts_as_unconfirmed_after_fourteen_days(officer, baltimore, finance):
    today = timezone.localdate(timezone=baltimore.zone)
    grant = make_grant(officer, baltimore)
    old, fresh, confirmed = (
        make_tranche(officer, grant, 1_000, sent_on=today - timedelta(days=days)) for days in (20, 5, 30)
    )
    with city_scope(baltimore):
        accept_grant(grant.pk, actor=finance)
        confirm_tranche(confirmed.pk, received_on=today, actor=finance)

    with center_scope(officer):
        assert [row.pk for row in unconfirmed_tranches()] == [old.pk]
        assert {row.pk for row in unconfirmed_tranches(days=0)} == {old.pk, fresh.pk}
        (funding,) = fundings_given()
    assert (funding.confirmed_cents, funding.unconfirmed_cents, funding.unsent_cents) == (
        1_000,
        2_000,
        9_997_000,
    )
    assert funding.unconfirmed_since == old.sent_on


def test_both_sides_read_all_grants_in_the_same_statements(officer, baltimore, finance):
    counts = []
    for number in (1, 2, 3):
        grant = make_grant(officer, baltimore, reference=f"G{number}")
        make_tranche(officer, grant)
        with city_scope(baltimore):
            accept_grant(grant.pk, actor=finance)
            with count_statements() as city_side:
                assert len(fundings_received()) == number
        with center_scope(officer), count_statements() as center_side:
            assert fundings_given()[0].grant.reference == f"G{number}"
        counts.append((len(city_side), len(center_side)))

    assert counts == [(4, 4)] * 3
